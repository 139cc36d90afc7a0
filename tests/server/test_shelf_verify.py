"""Whether a model works, in figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from core.errors import ModelFault
from models import shelf
from models.stocking import sums
from server import shelf_verify
from server.shelf_verify import in_words, verify


def test_a_model_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """It hears what was said, and what it costs is told."""
    monkeypatch.setattr(shelf_verify, "TIMES", 1)
    verified = verify(shelf.find())
    assert verified.heard.replace(" ", "") == verified.said.replace(" ", "")
    assert (verified.words, verified.as_packed) == (5, False)
    assert 0 < verified.rtf < 1
    assert 20 < verified.memory_mb < 1000
    assert "no checksums came with them" in in_words(verified)
    assert "said   안녕하세요" in in_words(verified)
    mute = msgspec.structs.replace(verified, heard="", as_packed=True)
    assert "It heard nothing in a synthetic voice" in in_words(mute)
    assert "files  as they were packed" in in_words(mute)


def test_a_language_without_a_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is heard as nothing."""
    monkeypatch.setattr(shelf_verify, "TIMES", 1)
    verified = verify(msgspec.structs.replace(shelf.find(), language="mn"))
    assert (verified.said, verified.heard) == ("", "")
    assert "no voice for 'mn' here: it heard 3 s of silence, and made of it nothing" in in_words(verified)


def test_a_model_that_does_not(tmp_path: Path) -> None:
    """Files that have changed since they were packed; a graph that the engine dies of: one line each."""
    copy = Path(shutil.copytree(shelf.find().path, tmp_path / "m"))
    (copy / "label.toml").unlink()
    (copy / sums.FILE).write_text(sums.listed(copy))
    graph = copy / "graph/HCLr.fst"
    graph.write_bytes(graph.read_bytes()[: graph.stat().st_size // 2])
    with pytest.raises(ModelFault, match=r"is not as it was packed: graph/HCLr\.fst has changed"):
        verify(shelf.find(str(copy)))
    (copy / sums.FILE).unlink()
    with pytest.raises(ModelFault, match="graph and acoustic model do not fit together, or a file is broken") as caught:
        verify(shelf.find(str(copy)))
    assert "\n" not in str(caught.value)
