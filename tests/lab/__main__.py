"""``make lab``: a city exchange, phones and callers on this machine, every flow once a build, with a line for each.

The flows are tests of the suite; here they are shown as an engineer wants to see them. Options are pytest's:
``make lab ARGS="-k transfer"``. With ``--keep [ADDRESS]`` the house is left standing instead, for a phone of one's own.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.lab.standing import keep
from tests.sip.sipp import HOST

FLOWS = (
    "tests/lab",
    "tests/sip",
    "tests/flows/test_real_phones.py",
    "tests/flows/test_recording_session.py",
    "tests/flows/test_forked_calls.py",
)
_MARKS = {"passed": "[green]ok  [/green]", "failed": "[red]FAIL[/red]", "skipped": "[yellow]skip[/yellow]"}


class Board:
    """A pytest plugin: what runs, what came of each flow, what did not run and why."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._progress.add_task("starting", total=None)
        self._began = 0.0
        self._faults: list[tuple[str, str]] = []
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def pytest_sessionstart(self) -> None:
        self._progress.start()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.counts["failed"] += 1
            self._faults.append((report.nodeid, report.longreprtext[-4000:]))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._progress.update(self._task, total=len(session.items))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._began = time.monotonic()
        self._progress.update(self._task, description=title(nodeid)[:70])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self._told(report)
        if report.when == "teardown":
            self._progress.advance(self._task)

    def pytest_sessionfinish(self) -> None:
        self._progress.stop()
        for name, words in self._faults:
            self._console.rule(f"[red]{name}", align="left")
            self._console.print(words, markup=False, highlight=False)
        counts = self.counts
        self._console.print(f"{counts['passed']} ok, {counts['failed']} failed, {counts['skipped']} did not run")

    def _told(self, report: pytest.TestReport) -> None:
        self.counts[report.outcome] += 1
        took = f"{time.monotonic() - self._began:5.1f} s" if report.when == "call" else "       "
        why = f" [dim]{_reason(report)}[/dim]" if report.skipped else ""
        line = f"{_MARKS[report.outcome]} {took}  {title(report.nodeid)}{why}"
        self._console.print(line, highlight=False, soft_wrap=True)
        if report.failed:
            self._faults.append((title(report.nodeid), report.longreprtext[-4000:]))


def title(nodeid: str) -> str:
    """'tests/sip/test_transfers.py::test_a_third_hangs_up[wheel]' -> 'transfers: a third hangs up (wheel)'."""
    file, _, rest = nodeid.partition("::")
    name, bracket, parameters = rest.partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    more = f" ({parameters.removesuffix(']')})" if bracket else ""
    return f"{Path(file).stem.removeprefix('test_').replace('_', ' ')}: {words}{more}"


def _reason(report: pytest.TestReport) -> str:
    longrepr = report.longrepr
    return str(longrepr[2]).removeprefix("Skipped: ") if isinstance(longrepr, tuple) else ""


def main(arguments: list[str]) -> int:
    """Run the flows, or the part that pytest's options choose."""
    console = Console()
    if arguments[:1] == ["--keep"]:
        return keep(console, *(arguments[1:2] or [HOST]))
    board = Board(console)
    own = [word for word in arguments if word.startswith("tests/")]
    options = [word for word in arguments if not word.startswith("tests/")]
    quiet = ("-o", "addopts=--strict-markers", "-p", "no:terminal", "-p", "no:cacheprovider")
    return int(pytest.main([*quiet, *options, *(own or FLOWS)], plugins=[board]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
