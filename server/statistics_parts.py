"""Statistics of one node: rules from the configuration, the counter, wrap-up times, this moment's figures."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import date, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.status import Status

from agent_assist.gaps.words import words_of
from agent_assist.korean import analyser
from agent_assist.wall.rows import FiguresRow
from core.audit import Audit
from core.bus.contract import Bus, Overflow
from core.config import Config, StatisticsConfig
from core.errors import EnvironmentFault
from core.events import now
from core.home import Home
from core.log import get_logger
from core.person_key import PersonKeys
from core.store.contract import Store
from core.store.sql_store import open_store
from core.store.statistics import FIELDS, Counted, day_of
from records.statistics.facts import Rules, local
from records.statistics.live import NOW, Live, LiveFigures
from records.statistics.tally import KINDS
from server import wrap_times
from server.counting import Counter
from server.late_lines import LateLines
from server.open_wrap_ups import TICK_S, OpenWrapUps
from server.recomputing import Recomputed, recompute
from server.records_parts import person_key_file, person_keys_of

log = get_logger("server.statistics")

QUEUE: Final = 5000
"""Events that the live figures may be behind; whoever says more waits."""
_LONG_TALK: Final = timedelta(hours=2)
_PERCENT: Final = 100


async def recompute_here(config: Config, home: Home, *, check: bool) -> Recomputed:
    """For the command line: all figures of the configured database, with progress on a terminal.

    ``EnvironmentFault`` where the person key of the site is not: with another one nobody would be found again.
    """
    store = await open_store(config.store.url, home)
    try:
        if await store.statistics.days() and not person_key_file(config, home).exists():
            raise EnvironmentFault(
                f"{person_key_file(config, home)} is not here: run this where the node runs, or bring the key",
                code="person_key",
            )
        rules = rules_of(config.statistics, person_keys_of(config, home))
        with Status("statistics", console=Console(stderr=True)) as status:
            return await recompute(
                store.statistics,
                rules,
                check=check,
                follow=lambda at: status.update(f"{at.step}: {at.done:,}{f' of {at.of:,}' if at.of else ''}"),
            )
    finally:
        await store.close()


def rules_of(config: StatisticsConfig, people: PersonKeys) -> Rules:
    """What facts depend on."""
    return Rules(
        zone=ZoneInfo(config.timezone),
        target_s=config.target_s,
        written_target_s=config.written_target_s,
        short_s=config.short_abandon_s,
        key=people.key,
        words=_words,
    )


def _words(text: str) -> tuple[str, ...]:
    return words_of(text, analyser()) if text else ()


class Statistics:
    """See ``records.routes.statistics.StatisticsHouse``. ``open`` before calls are taken."""

    def __init__(
        self, config: StatisticsConfig, store: Store, people: PersonKeys, *, names: Callable[[], Mapping[str, str]]
    ) -> None:
        self.rules = rules_of(config, people)
        self.statistics = store.statistics
        self.audit: Audit = store.audit
        self.floor = store.floor
        self.zone: tzinfo = self.rules.zone
        self.names = names
        self._store = store
        self._live = Live(self.rules, target=config.target_percent / _PERCENT)
        self._counter = Counter(store.statistics, self.rules, every_s=config.count_every_s, told=self._told)

    async def open(self, bus: Bus, lines: LateLines, spawn: Callable[[Coroutine[Any, Any, None], str], object]) -> None:
        """Take up what an earlier node had, and follow from now on. What it left uncounted is counted beside the calls:
        after an upgrade that may be years."""
        began = now()
        self._live.remember(await self.statistics.began_since(began - NOW - _LONG_TALK))
        await self._told(Counted())
        for call in await self._store.open_calls():
            self._live.resume(await self._store.events(call.call_id))
        for written in await self._store.threads.open_written():
            self._live.resume(await self._store.events(written.contact_id))
        following = bus.subscribe(
            name="live figures",
            limit=QUEUE,
            overflow=Overflow.WAIT,
            only=lambda event: bool(event.call_id) and type(event).__name__ in KINDS,
        )

        async def follow() -> None:
            async with following as events:
                async for event in events:
                    self._live.take(event)

        spawn(follow(), "live figures")
        left = OpenWrapUps(self._store, lines.say)
        spawn(left.end_left(), "wrap-ups that were left open")
        spawn(wrap_times.follow(bus, lines.say, left, every_s=TICK_S), "wrap times")
        spawn(self._counter.run(), "count contacts")

    def today(self) -> date:
        """In the city."""
        return day_of(local(now(), self.zone)[0])

    def live(self) -> LiveFigures:
        """This moment's figures."""
        return self._live.figures(now())

    def wall(self) -> FiguresRow:
        """The same for the supervisor's wall."""
        told = self.live()
        return FiguresRow(
            offered=told.offered,
            answered=told.answered,
            abandoned=told.abandoned,
            level_now=told.level_now,
            level_today=told.level_today,
            target=told.target,
            target_s=told.target_s,
            asa_s=told.asa_s,
            aht_s=told.aht_s,
            texts=told.texts,
        )

    async def _told(self, counted: Counted) -> None:
        """Something was counted: the sums of today are others."""
        day = local(now(), self.zone)[0]
        sums = await self.statistics.sums(FIELDS, first=day_of(day), last=day_of(day))
        fields = sums[0].fields if sums else (0,) * len(FIELDS)
        self._live.counted(counted.over, day, dict(zip(FIELDS, fields, strict=True)))
