"""A bar for people, lines for logs."""

from __future__ import annotations

import io
import sys

import pytest

from models.stocking.telling import Notice, Progress
from server import shelf_progress
from server.shelf_progress import in_words, showing


def test_plain_lines_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One when the work begins, one every ten seconds, every notice."""
    times = iter([0.0, 1.0, 10.5, 11.0])
    monkeypatch.setattr(shelf_progress.time, "monotonic", lambda: next(times))
    with showing() as tell:
        for done in (1_000_000, 2_000_000, 3_000_000):
            tell(Progress(what="fetching m", done=done, total=4_000_000))
        tell(Notice(says="it is cut off; trying again in 1 s"))
        tell(Progress(what="unpacking m", done=1_000_000))
    assert capsys.readouterr().err.splitlines() == [
        "minwon: fetching m: 1.0 of 4.0 MB (25 %)",
        "minwon: fetching m: 3.0 of 4.0 MB (75 %)",
        "minwon: it is cut off; trying again in 1 s",
        "minwon: unpacking m: 1.0 MB",
    ]


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the notices above it; brackets are no markup."""
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with showing() as tell:
        tell(Progress(what="fetching m", done=1_000_000, total=4_000_000))
        tell(Notice(says="[m] is cut off"))
        tell(Progress(what="fetching m", done=4_000_000, total=4_000_000))
    assert "fetching m" in screen.getvalue()
    assert "[m] is cut off" in screen.getvalue()


def test_what_is_not_known_is_not_told() -> None:
    """A server that does not say how much will come."""
    assert in_words(Progress(what="fetching m", done=12_340_000)) == "fetching m: 12.3 MB"
