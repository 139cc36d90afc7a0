"""Hot words of sherpa-onnx's transducers: phrases that the beam search prefers, in a file beside the model.

sherpa-onnx cuts the phrases into the model's own tokens itself. For models of sentence pieces (``bpe.model``) it wants
the pieces and their scores as text, ``bpe.vocab``, which the official archives lack: it is written from ``bpe.model``
(a protobuf ``ModelProto``, sentencepiece_model.proto: field 1 ``pieces``, each with ``piece`` (1) and ``score`` (2)).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from core.errors import BadInput, ModelFault
from models.protobuf import NoMessage, fields
from models.sherpa_files import HOT_WORD_KINDS, HOT_WORDS, recipe

BPE_VOCABULARY: Final = "bpe.vocab"
LIMIT: Final = 20_000
"""Phrases; the beam search carries a graph of all of them through every utterance."""
_PIECES: Final = 1
_PIECE: Final = 1
_SCORE: Final = 2


def write(folder: Path, phrases: Iterable[str], kind: str = "") -> int:
    """Make the model in ``folder`` listen for the phrases from its next start on; none = no longer. How many there are.

    Raises ``BadInput`` where this kind of model takes none, or there are too many of them.
    """
    kind = recipe(folder, kind).kind
    if kind not in HOT_WORD_KINDS:
        raise BadInput(
            f"the model in {folder} is of kind {kind}, which takes no hot words; transducers do "
            "(of Vosk models: those made by `minwon models train`, by `minwon models adapt`)"
        )
    wanted = sorted({" ".join(phrase.split()) for phrase in phrases} - {""})
    if len(wanted) > LIMIT:
        raise BadInput(f"{len(wanted)} hot words are too many: at most {LIMIT}; leave out what callers rarely say")
    file = folder / HOT_WORDS
    if not wanted:
        file.unlink(missing_ok=True)
        return 0
    pieces, vocabulary = folder / "bpe.model", folder / BPE_VOCABULARY
    if pieces.is_file() and not vocabulary.is_file():
        _replace(vocabulary, "".join(f"{piece}\t{score:g}\n" for piece, score in sentence_pieces(pieces)))
    _replace(file, "\n".join(wanted) + "\n")
    return len(wanted)


def sentence_pieces(file: Path) -> list[tuple[str, float]]:
    """The pieces and scores (natural logarithms) of a sentencepiece model. Raises ``ModelFault`` when it is none."""
    data = file.read_bytes()
    found = []
    try:
        for field, start, end in fields(data, 0, len(data)):
            if field != _PIECES:
                continue
            inner = {number: data[a:b] for number, a, b in fields(data, start, end)}
            score = struct.unpack("<f", inner[_SCORE])[0] if _SCORE in inner else 0.0
            found.append((inner[_PIECE].decode(), score))
    except (NoMessage, UnicodeDecodeError, KeyError, struct.error) as error:
        raise ModelFault(f"{file} is no sentencepiece model, or cut off; fetch or unpack the model again") from error
    return found


def _replace(file: Path, text: str) -> None:
    """A half-written file would keep the next worker from starting."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
