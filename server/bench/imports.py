"""Bench ``import``: a table of 13,000 entries comes into the database and into the search index; then once more."""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from agent_assist.assistant import Assistant
from agent_assist.knowledge.exporting import Format, exported
from core.config import Config
from core.home import open_home
from core.store.entry import Entry
from core.store.sql_store import open_store
from server.bench.figures import Figure, Report
from server.bench.stage import Stage
from server.bench.suggest import ENTRIES, many
from server.knowledge import import_file, sample_entries

BOUND_S: Final = 60.0
_FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "json")
_TICK_S: Final = 0.005


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What the process found."""

    import_s: float
    index_s: float
    again_s: float
    """The same file once more: nothing has changed."""
    stall_s: float
    """The longest that the loop was held up while it imported."""
    taken: int
    export_s: float


async def measure(stage: Stage) -> Report:
    """Each kind of file in a process of its own."""
    figures: list[Figure] = []
    loop = asyncio.get_running_loop()
    for format in _FORMATS:
        stage.tell(f"{ENTRIES} entries, {format}")
        folder = stage.folder / f"import-{format}"
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            found = await loop.run_in_executor(pool, measured, folder, format, ENTRIES)
        figures += _figures(found, format)
    return Report(
        figures=tuple(figures),
        notes=(
            f"{ENTRIES} entries: those of 한빛시, each once for every place of the city, until there are enough",
            "SQLite; one transaction for 500 rows; exact and near copies are looked for",
        ),
    )


def _figures(found: Imported, format: Format) -> tuple[Figure, ...]:
    whole = found.import_s + found.index_s if found.taken == ENTRIES else math.nan
    return (
        Figure(name=f"{format}: import and index", value=whole, unit="s", bound=BOUND_S),
        Figure(name=f"{format}: import", value=found.import_s, unit="s"),
        Figure(name=f"{format}: rows a second", value=found.taken / found.import_s, unit=""),
        Figure(name=f"{format}: the same file again", value=found.again_s, unit="s"),
        Figure(name=f"{format}: the loop held up at most", value=found.stall_s, unit="s"),
        Figure(name=f"{format}: export", value=found.export_s, unit="s"),
    )


def measured(folder: Path, format: Format, count: int) -> Imported:
    """Write the file, read it in, build the index, read it in again. Runs in the process of its own."""
    return asyncio.run(_measured(folder, format, many(sample_entries(), count)))


async def _measured(folder: Path, format: Format, entries: list[Entry]) -> Imported:
    config, home = Config(), open_home(folder / "home")
    file = folder / f"kb.{format}"
    began = time.perf_counter()
    file.write_bytes(exported(entries, format))
    export_s = time.perf_counter() - began
    stalls: list[float] = []
    watching = asyncio.create_task(_watch(stalls.append))
    began = time.perf_counter()
    summary = await import_file(file, config, home)
    import_s = time.perf_counter() - began
    watching.cancel()
    store = await open_store(config.store.url, home)
    assistant = Assistant()
    began = time.perf_counter()
    await assistant.load(await store.entries(), await store.knowledge.synonyms())
    index_s = time.perf_counter() - began
    assistant.close()
    await store.close()
    began = time.perf_counter()
    await import_file(file, config, home)
    return Imported(
        import_s=import_s,
        index_s=index_s,
        again_s=time.perf_counter() - began,
        stall_s=max(stalls, default=math.nan),
        taken=summary.imported,
        export_s=export_s,
    )


async def _watch(note: Callable[[float], None]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_TICK_S)
        note(time.perf_counter() - began - _TICK_S)
