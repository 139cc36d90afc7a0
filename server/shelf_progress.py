"""How far the shelf's work is: a bar with the time left on a terminal, a plain line now and then everywhere else."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bar

from models.stocking.telling import Notice, Progress, Tell

EVERY_S: Final = 10.0
"""Between two plain lines of the same work."""


@contextlib.contextmanager
def showing() -> Iterator[Tell]:
    """Shows on stderr what is told, as long as the block runs."""
    if not sys.stderr.isatty():
        yield PlainLines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True, highlight=False), transient=True) as bar:
        tasks = {}

        def tell(told: Progress | Notice) -> None:
            if isinstance(told, Notice):
                bar.console.print(told.says, markup=False)
                return
            if told.what not in tasks:
                tasks[told.what] = bar.add_task(told.what, total=None)
            bar.update(tasks[told.what], completed=told.done, total=told.total or None)

        yield tell


class PlainLines:
    """For logs and pipes: when a piece of work begins, and every ten seconds."""

    def __init__(self) -> None:
        self._what = ""
        self._said = 0.0

    def __call__(self, told: Progress | Notice) -> None:
        if isinstance(told, Notice):
            print(f"minwon: {told.says}", file=sys.stderr)
            return
        now = time.monotonic()
        if told.what == self._what and now - self._said < EVERY_S:
            return
        self._what, self._said = told.what, now
        print(f"minwon: {in_words(told)}", file=sys.stderr)


def in_words(progress: Progress) -> str:
    """'fetching m: 12.5 of 48.0 MB (26 %)'."""
    done = progress.done / 1e6
    if not progress.total:
        return f"{progress.what}: {done:.1f} MB"
    return (
        f"{progress.what}: {done:.1f} of {progress.total / 1e6:.1f} MB ({progress.done / progress.total * 100:.0f} %)"
    )
