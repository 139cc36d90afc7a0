"""The prompts can be rendered again."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from telephony import render_prompts
from telephony.prompts_folder import FOLDER, load

COMPUTED = ("hold", "music", "ding")


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_rendering_gives_the_prompts_that_are_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["render_prompts", str(tmp_path)])
    render_prompts.main()
    made, shipped = load(tmp_path), load(FOLDER)
    assert made.keys() == shipped.keys()
    assert [made[name] == shipped[name] for name in COMPUTED] == [True] * 3
    assert made["music"] != made["hold"] and len(made["ding"]) < 8000
