"""Speech of real people, for the first lines of a model's card: public Korean recordings, no part of the product.

They lie beside the repository (``../shared/data``); what is not there is left out. Reading them needs the training
packages (FLAC). Each clip is decoded as it is, over G.711.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from core.g711 import round_trip
from models.shelf import ModelInfo
from models.training.people import readers
from models.training.people.clip import Clip, samples, telephone_rate
from models.training.people.transcript import Unreadable, spoken
from server.measuring.channels import in_16_bits
from server.measuring.scores import Score, letters, score
from stt.trial import Trial

SHARED: Final = Path(__file__).parents[2].parent / "shared" / "data"


class Corpus(msgspec.Struct, frozen=True, kw_only=True):
    """Recordings and what was said in them."""

    name: str
    what: str
    clips: tuple[Clip, ...]


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """How a model heard a corpus."""

    corpus: str
    what: str
    score: Score
    """Of nothing where the transcripts are keywords only."""
    keywords: float
    """Of the keywords, percent that was heard; 0 where there are none."""


def corpora(data: Path = SHARED) -> list[Corpus]:
    """Those that are there; clips whose transcript leaves open how it was spoken are left out."""
    found = []
    for name, (what, read) in _CORPORA.items():
        if (data / name).is_dir():
            clips = [msgspec.structs.replace(clip, text=text) for clip in read(data / name) if (text := _said(clip))]
            found.append(Corpus(name=name, what=what, clips=tuple(clips)))
    return found


def heard(model: ModelInfo, corpus: Corpus) -> Heard:
    """Decode it. Raises ``EnvironmentFault`` without the packages that read sound files."""
    sounds = [_telephone(clip) for clip in corpus.clips]
    texts = [clip.text for clip in corpus.clips]
    keyed = corpus.name in _KEYWORDS
    with Trial(model) as trial:
        found = [each.text for each in trial.decode(sounds)]
    return Heard(
        corpus=corpus.name,
        what=corpus.what,
        score=Score() if keyed else score(zip(texts, found, strict=True)),
        keywords=_recall(texts, found) if keyed else 0.0,
    )


def _said(clip: Clip) -> str:
    try:
        return spoken(clip.text)
    except Unreadable:
        return ""


def _telephone(clip: Clip) -> bytes:
    return round_trip(in_16_bits(telephone_rate(*samples(clip))), "ulaw").astype("<i2").tobytes()


def _recall(keywords: Sequence[str], texts: Sequence[str]) -> float:
    heard = [word in letters(text) for line, text in zip(keywords, texts, strict=True) for word in line.split()]
    return 100 * sum(heard) / len(heard) if heard else 0.0


def _pansori(folder: Path) -> Iterator[Clip]:
    """Its table names files of the folder beside it."""
    for clip in readers.clips(folder):
        yield msgspec.structs.replace(clip, path=folder / "clips" / clip.path.name)


def _picovoice(folder: Path) -> Iterator[Clip]:
    for each in _json(folder / "test_data_ko.json"):
        yield Clip(speaker="", name=each["audio_file"], text=each["transcript"], path=folder / each["audio_file"])


def _watson(folder: Path) -> Iterator[Clip]:
    for samples_of_kind in _json(folder / "samples.json").values():
        for each in samples_of_kind:
            path = folder / each["filename"]
            yield Clip(speaker="", name=path.name, text=each["keywords"].replace(",", " "), path=path)


def _json(path: Path) -> Any:
    return msgspec.json.decode(path.read_bytes())


_CORPORA: Final[Mapping[str, tuple[str, Callable[[Path], Iterator[Clip]]]]] = {
    "ko-emotiontts-service-talk": ("customer service, read in a studio", readers.clips),
    "ko-pansori-tedxkr": ("talks on a stage, any subject", _pansori),
    "ko-picovoice": ("one read sentence", _picovoice),
    "ko-ibm-watson-demo": ("calls of a hotline, keywords only", _watson),
}
_KEYWORDS: Final = frozenset({"ko-ibm-watson-demo"})
