"""``minwon models train``: the whole chain once, small; and what it refuses before it begins."""

from __future__ import annotations

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from models import shelf

pytest.importorskip("jax", reason="what training needs is not installed: pip install 'minwon[training]'")
if ctypes.util.find_library("espeak-ng") is None:
    pytest.skip("libespeak-ng is not installed: apt-get install espeak-ng", allow_module_level=True)

from core.errors import BadInput
from core.home import Home
from models.training.card import Figures
from server import training
from server.training import Wanted


def minwon(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own: without the other tests' settings of XLA."""
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    command = [sys.executable, "-m", "server", "models", "train", *arguments]
    return subprocess.run(command, env=environment | {"MINWON_NODE_HOME": str(home)}, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_from_text_to_a_model_that_hears(tmp_path: Path) -> None:
    """Speech, network, words and graph from nothing; libvosk's scores are ours, most letters right, the card is there.

    The second time every step was done already.
    """
    work = tmp_path / "work"
    little = ("--smoke", "--hours", "0.42", "--epochs", "9")  # two shards: two processes speak
    first = minwon(*little, "--out", "ko-tried", "--work", str(work), home=tmp_path / "home")
    assert first.returncode == 0, first.stderr
    model = shelf.find("ko-tried", shelves=[tmp_path / "home/models"])
    assert first.stdout.strip() == str(model.path)
    assert model.size < 10_000_000 and "smoke build" in model.label
    card = (model.path / "CARD.md").read_text(encoding="utf-8")
    assert card.index("real people") < card.index("heldout")
    figures = msgspec.json.decode((work / "measure/figures.json").read_bytes(), type=Figures)
    assert float(figures.rows[0].value.split()[1]) < 30, figures.rows[0]
    again = minwon(*little, "--out", str(tmp_path / "ko-tried"), "--work", str(work), home=tmp_path / "home")
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("was done already") == 9


def test_what_is_refused(tmp_path: Path) -> None:
    """A name that is taken, a step that there is not, hours that cannot be."""
    home = Home(tmp_path)
    (tmp_path / "models/ko-tried").mkdir(parents=True)
    with pytest.raises(BadInput, match="is there already"):
        training.train(Wanted(out="ko-tried"), home)
    with pytest.raises(BadInput, match="steps are: sentences, speech, network"):
        training.train(Wanted(stop_after="dinner", smoke=True), home)
    with pytest.raises(BadInput, match="--network names a trained network"):
        training.train(Wanted(smoke=True, network=tmp_path / "gone.npz"), home)
    with pytest.raises(BadInput, match="--speech names a folder"):
        training.train(Wanted(smoke=True, speech=tmp_path / "gone"), home)
    assert not (tmp_path / "training").exists()
    with pytest.raises(BadInput, match="above 0"):
        training.train(Wanted(hours=-1), home)
