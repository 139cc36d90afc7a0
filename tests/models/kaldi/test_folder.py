"""Whole model folders, as libvosk takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ModelFault
from models import shelf
from models.kaldi import folder
from stt.trial import texts
from tests.models.kaldi.small_model import LEXICON, SENTENCES, layers, ngram
from tests.stt.spoken import line, say


def test_look_ahead_and_static_graphs_hear_the_same(tmp_path: Path) -> None:
    """Both kinds of folder are complete models, and what they hear is right; run-time grammars bind the first kind."""
    unknown = {"[unk]": [("a",), ("n", "a"), ("i",)]}
    folder.write_folder(tmp_path / "both", layers=layers(), lexicon={**LEXICON, **unknown}, ngram=ngram())
    folder.write_static(tmp_path / "static", layers=layers(), lexicon=LEXICON, ngram=ngram())
    clips = [line(say(sentence)) for sentence in SENTENCES[:3]]
    heard = texts(shelf.find(str(tmp_path / "both")).path, clips)
    assert heard == list(SENTENCES[:3])
    assert texts(shelf.find(str(tmp_path / "static")).path, clips) == heard
    assert texts(tmp_path / "both", [line(say("네"))], ("네", "아니요")) == ["네"]


def test_source_is_read_back(tmp_path: Path) -> None:
    """Lexicon and word classes, as adapting needs them; a model of others says that it has none."""
    classes = {"department": ["교통행정과", "주차관리과"], "street": ()}
    with pytest.raises(ModelFault, match="not made by this product"):
        folder.read_source(tmp_path)
    (tmp_path / "source").mkdir()
    folder.write_source(tmp_path, LEXICON, classes)
    lexicon, found = folder.read_source(tmp_path)
    assert lexicon == LEXICON
    assert found == {"department": ("교통행정과", "주차관리과"), "street": ()}
    (tmp_path / folder.CLASSES).write_text("[department]\nwords = 3\n")
    with pytest.raises(ModelFault, match="can't be read"):
        folder.read_source(tmp_path)
