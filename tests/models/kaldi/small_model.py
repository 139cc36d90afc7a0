"""A small model for tests: the bundled network, a dozen words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from models import shelf
from models.kaldi import folder
from models.kaldi.acoustic import Layer
from models.kaldi.ngram import NGram, estimated
from models.korean.as_espeak import as_espeak
from tests.fakes.kaldi_files import read_acoustic

SENTENCES: Final = (
    "여권 재발급 안내해 주세요",
    "교통행정과로 연결해 주세요",
    "교통행정과 담당자 부탁드립니다",
    "주차관리과로 연결해 주세요",
    "주차관리과 담당자 부탁드립니다",
    "네",
    "아니요",
)
LEXICON: Final = {word: [as_espeak(word)] for sentence in SENTENCES for word in sentence.split()}
CLASSES: Final = {"department": ["교통행정과", "주차관리과"]}


@cache
def layers() -> list[Layer]:
    """The bundled network."""
    return read_acoustic((shelf.find().path / "am/final.mdl").read_bytes())


def ngram() -> NGram:
    """Of the sentences, each word of them."""
    return estimated(SENTENCES, LEXICON, min_counts=(1, 1, 1))


def written(target: Path) -> Path:
    """The folder, as ours are: it can be adapted."""
    folder.write_folder(target, layers=layers(), lexicon=LEXICON, ngram=ngram(), classes=CLASSES)
    return target
