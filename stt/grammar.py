"""A closed list of sentences: the only ones that may be said. Its file has one a line; '#' begins a remark."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from core.errors import BadInput

UNKNOWN: Final = "[unk]"
"""Vosk's word for anything that is not in the list."""
ONLY_VOSK: Final = "a sherpa-onnx model can't be bound to a list of sentences; take a Vosk model for menus and lists"
LIMIT: Final = 10_000
"""Sentences; a decoder puts its graph together anew for every utterance."""
LIMIT_BYTES: Final = 1_000_000
"""Of all sentences together: they are told to a worker in one message."""


def read(path: Path) -> tuple[str, ...]:
    """The sentences of the file. Raises ``BadInput`` when it can't be read, is empty or too long."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the grammar {path} can't be read as UTF-8 text: {error}") from error
    sentences = dict.fromkeys(" ".join(line.partition("#")[0].split()) for line in lines)
    sentences.pop("", None)
    if not sentences:
        raise BadInput(f"the grammar {path} has no sentence; write one a line")
    check(tuple(sentences), f"the grammar {path}")
    return tuple(sentences)


def check(sentences: Sequence[str], what: str = "the grammar") -> None:
    """Raise ``BadInput`` for more sentences than a decoder can be bound to."""
    if len(sentences) > LIMIT:
        raise BadInput(f"{what} is too large: {len(sentences)} sentences, at most {LIMIT} can be used")
    size = sum(len(sentence.encode()) for sentence in sentences)
    if size > LIMIT_BYTES:
        raise BadInput(f"{what} is too large: {size} bytes, at most {LIMIT_BYTES} can be used")


def spelt(sentences: Iterable[str], vocabulary: Container[str]) -> dict[str, str]:
    """The sentences in words of the model -> as they were given. A word that the model lacks is put together from its
    pieces ('돌봄' -> '돌 _봄') where it has them. Raises ``BadInput`` naming the words that it can't hear."""
    found, missing = {}, set()
    for sentence in sentences:
        pieces: list[str] = []
        for word in sentence.split():
            spelling = [word] if word in vocabulary else [word[0], *(f"_{letter}" for letter in word[1:])]
            missing |= {word} if any(piece not in vocabulary for piece in spelling) else set()
            pieces += spelling
        found[" ".join(pieces)] = sentence
    if missing:
        some = ", ".join(sorted(missing)[:10])
        raise BadInput(
            f"this model does not know {len(missing)} words of the grammar: {some}; say it otherwise, or add them "
            "with `minwon models adapt`"
        )
    return found


def one_of(heard: Sequence[str], sentences: Mapping[str, str]) -> tuple[int, int]:
    """Which words of what was heard are one of the sentences: ``heard[begin:end]``. What the model could not place may
    stand around it, not in it; (0, 0) when it is none of them."""
    begin, end = 0, len(heard)
    while begin < end and heard[begin] == UNKNOWN:
        begin += 1
    while begin < end and heard[end - 1] == UNKNOWN:
        end -= 1
    return (begin, end) if " ".join(heard[begin:end]) in sentences else (0, 0)
