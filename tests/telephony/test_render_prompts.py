"""The prompts can be rendered again."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from telephony import render_prompts
from telephony.prompts_folder import FOLDER, load


@pytest.mark.skipif(not (shutil.which("espeak-ng") and shutil.which("sox")), reason="needs espeak-ng and sox")
def test_rendering_gives_the_prompts_that_are_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["render_prompts", str(tmp_path)])
    render_prompts.main()
    assert load(tmp_path).keys() == load(FOLDER).keys()
