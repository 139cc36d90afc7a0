"""Phrases that a transducer listens for."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from models.hot_words import LIMIT, sentence_pieces, write
from tests.models.test_sherpa_files import STREAMING, folder, text, transducer


def pieces(*scored: tuple[str, float]) -> bytes:
    """A sentencepiece model of these pieces."""
    inner = [b"\x0a" + text(piece) + b"\x15" + struct.pack("<f", score) for piece, score in scored]
    return b"".join(b"\x0a" + bytes([len(one)]) + one for one in inner)


def test_phrases_stand_beside_the_model_with_its_pieces(tmp_path: Path) -> None:
    """Tidy, each once; none takes them away."""
    folder(tmp_path, transducer(STREAMING))
    (tmp_path / "bpe.model").write_bytes(pieces(("▁여권", -3.5), ("과", -4.0)))
    assert write(tmp_path, ["민원  여권과", "교통행정과", "민원 여권과", " "]) == 2
    assert (tmp_path / "hotwords.txt").read_text(encoding="utf-8") == "교통행정과\n민원 여권과\n"
    assert (tmp_path / "bpe.vocab").read_text(encoding="utf-8") == "▁여권\t-3.5\n과\t-4\n"
    assert write(tmp_path, []) == 0
    assert not (tmp_path / "hotwords.txt").exists()


def test_only_transducers_take_them(tmp_path: Path) -> None:
    """A CTC model has no beam search."""
    folder(tmp_path, {"model.onnx": STREAMING})
    with pytest.raises(BadInput, match="zipformer2_ctc, which takes no hot words"):
        write(tmp_path, ["여권"])


def test_too_many(tmp_path: Path) -> None:
    """Nothing is written."""
    folder(tmp_path, transducer(STREAMING))
    with pytest.raises(BadInput, match=f"at most {LIMIT}"):
        write(tmp_path, (str(number) for number in range(LIMIT + 1)))
    assert not (tmp_path / "hotwords.txt").exists()


def test_no_sentence_pieces(tmp_path: Path) -> None:
    """A broken file."""
    (tmp_path / "bpe.model").write_bytes(b"<html>")
    with pytest.raises(ModelFault, match="no sentencepiece model"):
        sentence_pieces(tmp_path / "bpe.model")
