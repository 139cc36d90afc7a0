"""``minwon exchange test`` in a terminal: what is being done, then the verdicts, the whole in one line at the end."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from core.config import Config
from core.home import open_home
from server.exchange.ladder import Ladder
from server.exchange.ladder_svg import draw
from server.exchange.step import Report, Step, report_of
from server.exchange.testing import Examination

_MARKS = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "fault": "[bold red]FAULT[/]", "skipped": "[dim]-[/]"}


async def run_test(config: Config, *, to: str, json: bool, svg: Path | None, numbers: bool) -> Report:
    """Try everything, show it unless ``json``, draw the call if asked. ``BadInput`` for a wrong ``to``."""
    steps: list[Step] = []
    # The display goes to stderr, so that a table in a file holds verdicts alone.
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=json or not sys.stderr.isatty(),
    ) as progress:
        doing = progress.add_task("")
        examination = Examination(
            config,
            open_home(config.node.home),
            to=to,
            follow=lambda what: progress.update(doing, description=escape(what)),
        )
        async for step in examination.steps():
            steps.append(step)
    report = report_of(examination.exchange, steps)
    if svg is not None and examination.call is not None:
        ladder = Ladder(numbers=numbers)
        arrows = [arrow for seen in examination.call.messages if (arrow := ladder.feed(seen)) is not None]
        picture = draw(arrows, title=f"test call to {examination.call.to}")
        await asyncio.to_thread(svg.write_text, picture, "utf-8")
    if not json:
        show(report)
    return report


def show(report: Report) -> None:
    """The table."""
    table = Table(show_header=True, header_style="bold", pad_edge=False, box=None)
    table.add_column("step", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("what we saw, and what to change", overflow="fold")
    for step in report.steps:
        says = escape(step.says) + (f"\n[cyan]→ {escape(step.change)}[/]" if step.change else "")
        table.add_row(step.name, _MARKS[step.state], says)
    console = Console()
    console.print(table)
    faults = sum(step.state == "fault" for step in report.steps)
    verdict = f"[bold red]{faults} to mend[/], from the top: later steps need earlier ones."
    console.print("[green]It works.[/]" if report.works else verdict)
