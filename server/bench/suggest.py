"""Bench ``suggest``: databases of 13,000 and 200,000 entries: from a final to its cards, building, memory."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Final

import msgspec

from agent_assist.assistant import Assistant
from core.city import load
from core.store.entry import Entry
from server.bench.figures import Figure, Report, spread
from server.bench.processes import resident_kib
from server.bench.speech import sentences
from server.bench.stage import Stage
from server.knowledge import sample_entries

SIZES: Final = {13_000: (0.03, 20.0), 200_000: (0.08, None)}
"""Entries -> seconds that an utterance may take, on one core, and that building may."""
ENTRIES: Final = 13_000
TURNS: Final = 8
"""Utterances of one call: each is asked with those before it as context."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What the process found."""

    build_s: float
    memory_mib: float
    """What the process grew by: entries, index, look-up."""
    arrays_mib: float
    """The index's own arrays."""
    seconds: list[float]
    answered: float
    """Share of the questions that brought cards."""


async def measure(stage: Stage) -> Report:
    """Each size in a process of its own on one core, so that the memory is this database's."""
    figures: list[Figure] = []
    for count, (bound_s, build_s) in SIZES.items():
        stage.tell(f"{count} entries")
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            found = await asyncio.get_running_loop().run_in_executor(pool, measured, count)
        figures += [
            *spread(f"{count}: final to suggestion", found.seconds, bound=bound_s),
            Figure(name=f"{count}: questions", value=len(found.seconds), unit=""),
            Figure(name=f"{count}: questions that changed the cards", value=100 * found.answered, unit="%"),
            Figure(name=f"{count}: building the index", value=found.build_s, unit="s", bound=build_s),
            Figure(name=f"{count}: memory of the database", value=found.memory_mib, unit="MiB"),
            Figure(name=f"{count}: of it the index's arrays", value=found.arrays_mib, unit="MiB"),
        ]
    return Report(
        figures=tuple(figures),
        notes=("the entries of 한빛시, each once for every place of the city, until there are enough", "on one core"),
    )


def measured(count: int) -> Measured:
    """Build and ask. Runs in the process of its own."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return asyncio.run(_measured(count))


async def _measured(count: int) -> Measured:
    entries = many(sample_entries(), count)
    assistant = Assistant()
    await assistant.load(entries[:10])  # Kiwi's own model is not the database's memory
    before = resident_kib(os.getpid())
    began = time.perf_counter()
    await assistant.load(entries)
    build_s = time.perf_counter() - began
    memory_mib = (resident_kib(os.getpid()) - before) / 1024
    seconds: list[float] = []
    changed = 0
    for number, text in enumerate(sentences()):
        if number % TURNS == 0:
            conversation = assistant.conversation(f"call {number}")
        began = time.perf_counter()
        cards = await conversation.heard("caller", f"caller-{number}", text)
        seconds.append(time.perf_counter() - began)
        changed += bool(cards)
    assistant.close()
    return Measured(
        build_s=build_s,
        memory_mib=memory_mib,
        arrays_mib=assistant.index_bytes / 2**20,
        seconds=seconds,
        answered=changed / len(seconds),
    )


def many(entries: tuple[Entry, ...], count: int) -> list[Entry]:
    """``count`` entries: the given ones again and again, each time about another place and with words of its own."""
    places = _places()
    made = []
    for number in range(count):
        entry = entries[number % len(entries)]
        round_ = number // len(entries)
        place = places[round_ % len(places)]
        made.append(
            msgspec.structs.replace(
                entry,
                id=str(number + 1),
                title=f"{place} {entry.title}" if round_ else entry.title,
                body=f"{entry.body} {place} 담당 구역 제{round_}호 안내." if round_ else entry.body,
            )
        )
    return made


def _places() -> list[str]:
    city = load()
    return [district.name for district in city.districts] + [street.name for street in city.streets]
