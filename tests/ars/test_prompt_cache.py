"""The folder of prompts: its limit, and what goes first."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from ars.prompt_cache import PromptCache
from core.errors import EnvironmentFault

SECOND = np.ones(8000, np.int16)
BYTES = 16_044


def aged(path: Path, seconds: float) -> None:
    about = path.stat()
    os.utime(path, (about.st_atime, about.st_mtime - seconds))


def test_what_was_asked_for_longest_ago_goes(tmp_path: Path) -> None:
    cache = PromptCache(tmp_path / "new", limit_bytes=4 * BYTES)
    for age, name in enumerate("abcd"):
        aged(cache.add(name, SECOND), 100 - age)
    assert cache.find("a") is not None, "now asked for"
    cache.add("e", SECOND)
    assert sorted(path.stem for path in (tmp_path / "new").iterdir()) == ["a", "d", "e"]


def test_the_limit_counts_what_an_earlier_node_left(tmp_path: Path) -> None:
    for name in "ab":
        aged(PromptCache(tmp_path, limit_bytes=10 * BYTES).add(name, SECOND), 100)
    PromptCache(tmp_path, limit_bytes=2 * BYTES).add("c", SECOND)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 2 * BYTES


def test_the_newest_is_kept_even_if_it_is_larger_than_the_limit(tmp_path: Path) -> None:
    cache = PromptCache(tmp_path, limit_bytes=100)
    assert cache.add("a", SECOND).exists() and cache.find("a") is not None


def test_old_drafts_are_swept(tmp_path: Path) -> None:
    for name, age in (("old", 7200), ("new", 0)):
        draft = tmp_path / f".{name}.draft"
        draft.write_bytes(b"x")
        aged(draft, age)
    PromptCache(tmp_path).add("a", SECOND)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new.draft", "a.wav"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="make room there"):
        PromptCache(tmp_path / "file" / "cache").add("a", SECOND)
    assert PromptCache(tmp_path / "file" / "cache").find("a") is None
