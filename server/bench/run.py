"""Runs benches one after the other: progress while they run, a table for each, JSON in a folder.

Figures are of the machine that they were measured on, which stands beside them. A bench that cannot run says why, and
the others go on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.table import Table

from core import log
from core.config import LogConfig
from core.errors import BadInput, EnvironmentFault, MinwonError
from core.events import now
from models.shelf import ModelInfo
from server.bench import (
    calls,
    capacity,
    contacts,
    flood,
    forks,
    front,
    imports,
    latency,
    learning,
    masking,
    memory,
    menu,
    month,
    phones,
    radar,
    recognition,
    recommend,
    recording,
    setup,
    sip,
    siprec,
    soak,
    sockets,
    start,
    statistics,
    streams,
    suggest,
    texts,
    typing,
    wall,
)
from server.bench.figures import Figure, Report
from server.bench.machine import Machine, this_machine
from server.bench.stage import Stage

BENCHES: Final[Mapping[str, Callable[[Stage], Awaitable[Report]]]] = {
    "latency": latency.measure,
    "capacity": capacity.measure,
    "suggest": suggest.measure,
    "typing": typing.measure,
    "learning": learning.measure,
    "import": imports.measure,
    "cards": recommend.measure,
    "recognition": recognition.measure,
    "streams": streams.measure,
    "sip": sip.measure,
    "calls": calls.measure,
    "contacts": contacts.measure,
    "flood": flood.measure,
    "setup": setup.measure,
    "soak": soak.measure,
    "siprec": siprec.measure,
    "forks": forks.measure,
    "recording": recording.measure,
    "front": front.measure,
    "sockets": sockets.measure,
    "phones": phones.measure,
    "menu": menu.measure,
    "masking": masking.measure,
    "memory": memory.measure,
    "radar": radar.measure,
    "texts": texts.measure,
    "start": start.measure,
    "statistics": statistics.measure_all,
    "month": month.measure,
    "wall": wall.measure,
}


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What is written as ``<bench>.json``."""

    bench: str
    date: datetime
    seconds: float
    """How long the bench took."""
    machine: Machine
    figures: list[dict[str, Any]]
    notes: tuple[str, ...] = ()
    failed: str = ""
    """Why there are no figures."""


async def bench(name: str | None, out: Path, model: ModelInfo | None = None) -> None:
    """Run one bench or all; tables on stdout, one JSON file each in ``out``, plots beside it. None = the bundled model.

    Raises ``BadInput`` for a bench that there is not, ``EnvironmentFault`` when ``out`` cannot be written; a bench that
    fails is reported and does not hinder the others.
    """
    if name is not None and name not in BENCHES:
        raise BadInput(f"there is no bench '{name}'; there are: {', '.join(BENCHES)}")
    _make(out)
    log.setup(LogConfig(level="error"), "bench")
    console = Console(highlight=False)
    with TemporaryDirectory(prefix="minwon-bench-", ignore_cleanup_errors=True) as folder:
        for each in [name] if name else BENCHES:
            result, plots = await _run(each, Path(folder), model, console)
            (out / f"{each}.json").write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
            for plot, svg in plots.items():
                (out / f"{each}-{plot}.svg").write_text(svg, "utf-8")
            _show(result, console)
    console.print(f"[dim]JSON and plots: {out}[/dim]")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"cannot create {folder} ({fault.strerror}): give another with --out") from fault


async def _run(name: str, folder: Path, model: ModelInfo | None, console: Console) -> tuple[Result, Mapping[str, str]]:
    machine, date, began = this_machine(), now(), time.monotonic()
    report, failed = Report(figures=()), ""
    with console.status(name) as status:
        try:
            report = await BENCHES[name](Stage(folder, lambda step: status.update(f"{name}: {step}"), model))
        except MinwonError as fault:
            failed = str(fault)
    result = Result(
        bench=name,
        date=date,
        seconds=round(time.monotonic() - began, 1),
        machine=machine,
        figures=[as_dict(figure) for figure in report.figures],
        notes=report.notes,
        failed=failed,
    )
    return result, report.plots


def as_dict(figure: Figure) -> dict[str, Any]:
    """For JSON, which knows neither NaN nor infinity: both become null."""
    return {
        "name": figure.name,
        "value": round(figure.value, 4) if math.isfinite(figure.value) else None,
        "unit": figure.unit,
        "bound": figure.bound,
        "bound_is": "at least" if figure.at_least else "at most",
        "inside": figure.inside,
    }


def _show(result: Result, console: Console) -> None:
    title = f"[bold]{result.bench}[/bold]  [dim]{result.seconds:.0f} s, load before {result.machine.load}[/dim]"
    if result.failed:
        console.print(f"{title}\n[red]could not run:[/red] {result.failed}\n")
        return
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("measured", justify="right")
    table.add_column("bound", justify="right")
    table.add_column("")
    for figure in result.figures:
        table.add_row(figure["name"], *_cells(figure))
    console.print(table)
    for note in result.notes:
        console.print(f"[dim]· {note}[/dim]", soft_wrap=True)
    console.print()


def _cells(figure: Mapping[str, Any]) -> tuple[str, str, str]:
    value = "never" if figure["value"] is None else f"{figure['value']:.4g}"
    if figure["bound"] is None:
        return f"{value} {figure['unit']}", "", ""
    sign = "≥" if figure["bound_is"] == "at least" else "≤"
    verdict = "[green]inside[/green]" if figure["inside"] else "[red]MISSED[/red]"
    return f"{value} {figure['unit']}", f"{sign} {figure['bound']:g} {figure['unit']}", verdict
