"""Facts of each contact, and the cells that statistics are summed from.

The contract; ``sql_statistics`` keeps it in SQLite or PostgreSQL. A fact is one row per contact: where it belongs
(dimensions) and what happened, as whole numbers that can be added (``FIELDS``). A cell is the sum of such rows: of an
hour, a day or a month, of all contacts or of those of one value, or of two values crossed (``statistics_cells.CUBES``).
So a year of 7 million contacts is opened by adding some thousand cells, and every figure is a sum of fields over a sum
of fields, whether it comes from cells or from the facts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol

import msgspec

from core.events import Event

Dimension = Literal["channel", "queue", "language", "department", "category", "district", "agent"]
Grain = Literal["", "hour", "day", "month", "clock"]
"""How time is cut: '' = not at all, 'clock' = the hours of the day, of all days together."""
DIMENSIONS: Final[tuple[Dimension, ...]] = (
    "channel",
    "queue",
    "language",
    "department",
    "category",
    "district",
    "agent",
)
SEPARATOR: Final = ">"
"""Between the levels of a category."""
MOST_MS: Final = 2**31 - 1
"""Longest time that one contact can have, milliseconds: 24 days."""
FACT_DAYS: Final = 31
"""Longest span of days that is summed from the facts themselves, where no cells are kept (unless one agent is asked
for, whose facts are few)."""


class ContactFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What one contact adds to the figures. Times in milliseconds, counts 0 or 1 unless said otherwise."""

    contact_id: str
    """The line's id."""
    started: datetime
    """When it began: it counts there, however long it lasted."""
    day: int
    """Local day on which it began: 20261127."""
    slot: int
    """Local hour in which it began, twice; one more in an hour that a clock set back brings a second time: 0 .. 47."""
    person: str = ""
    """Person key, '' = a withheld number."""
    words: tuple[str, ...] = ()
    """What the person spoke of, for rising topics: bare words, at most ``MOST_WORDS``."""
    channel: str = "call"
    """``core.events.Channel``."""
    queue: str = ""
    """Agents who serve it, '' = all."""
    language: str = "ko"
    """BCP 47."""
    department: str = ""
    """As the record says, else the department of the card that was used; '' = unknown."""
    category: str = ""
    """As the record says, else its draft; path, '>' between levels; '' = unknown."""
    district: str = ""
    """As the record says."""
    agent: str = ""
    """Who had it last."""

    contacts: int = 0
    """Somebody came to us. 0 for a callback, where we call."""
    offered: int = 0
    """Wanted an agent: was queued, offered to one, or wrote."""
    answered: int = 0
    """Of these: an agent answered."""
    abandoned: int = 0
    """Of these: hung up, or was not heard of again, before anybody answered, and had waited longer than a slip."""
    short_abandoned: int = 0
    """Of these: hung up so soon that it was a wrong number or a change of mind."""
    booked: int = 0
    """Of these: left the queue for a booked callback."""
    unserved: int = 0
    """Of these: nobody answered, and it was not the person's doing: no agent, a fault, the end of the day."""
    level_base: int = 0
    """Counts for the service level: offered, not given up at once, and how long it waited is known."""
    level_in: int = 0
    """Of these: answered within the target."""
    waited: int = 0
    """Answered after a wait that is known."""
    wait_ms: int = 0
    """Of the answered: from the moment the person wanted an agent until one was there."""
    abandon_ms: int = 0
    """Of the abandoned: the same until they hung up."""
    menus: int = 0
    """Began in the menu (visual ARS), heard or seen."""
    contained: int = 0
    """Was served by the menu alone: got somewhere in it and wanted no agent."""
    dropped: int = 0
    """Ended before it got anywhere: neither an agent, nor a department, nor anything of the menu."""
    forwarded: int = 0
    """The menu connected it with a department, without an agent."""
    pages: int = 0
    """Opened the menu's page."""
    handled: int = 0
    """An agent had it: answered, or a callback that reached the citizen."""
    talk_ms: int = 0
    """Agent and person spoke, without hold. Written contacts: from the assignment to the first answer."""
    hold_ms: int = 0
    """The agent had the person on hold."""
    wrap_ms: int = 0
    """Of the agent, after the talk."""
    held: int = 0
    """Was on hold at least once."""
    transfers: int = 0
    """How often it was passed on, with success."""
    transferred: int = 0
    """Was passed on at least once."""
    missed: int = 0
    """How often an agent's phone rang in vain."""
    texts: int = 0
    """Text messages sent to the person, without failed ones."""
    texted: int = 0
    """Got at least one."""
    texts_failed: int = 0
    """Text messages that did not arrive."""
    suggested: int = 0
    """Handled, and a card was shown."""
    used: int = 0
    """Of these: one was taken, pinned or sent."""
    rated: int = 0
    """The person said how satisfied she was."""
    rating_sum: int = 0
    """Her score, 1 .. 5."""
    satisfied: int = 0
    """She gave 4 or 5."""
    recorded: int = 0
    """Handled, and its record was kept."""
    unasked: int = 0
    """Of these: by the clock, unseen."""
    callbacks: int = 0
    """A callback was booked in it."""
    calls_back: int = 0
    """We called, for a booked callback."""
    reached: int = 0
    """Of these: an agent and the citizen talked."""
    alerts: int = 0
    """Abuse or an emergency was heard, and nobody called it a mistake."""
    settled: int = 0
    """Handled, person and category known: whether it was the last one can be told."""
    again: int = 0
    """Of these: the same person came again with the same category within 7 days. The store sets it."""


_WHERE: Final = ("contact_id", "started", "day", "slot", "person", "words", *DIMENSIONS)
FIELDS: Final[tuple[str, ...]] = tuple(name for name in ContactFacts.__struct_fields__ if name not in _WHERE)
"""What is added up."""
MOST_WORDS: Final = 12

Read = Callable[[Sequence[Event]], ContactFacts | None]
"""Facts of a whole line; None when it is not over (``records.statistics.facts``)."""
Where = Mapping[Dimension, Sequence[str]]
"""Only contacts with one of these values; of a category also what lies under it."""


def day_number(day: date) -> int:
    """A local day as facts and cells name it: 20261127."""
    return day.year * 10000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    """The day of 20261127."""
    return date(number // 10000, number // 100 % 100, number % 100)


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class Sums(msgspec.Struct, frozen=True):
    """One line of an answer."""

    bucket: int
    """20261127 a day, 202611 a month, 2026112718 the hour of slot 18, 0 .. 23 an hour of the clock; 0 = all."""
    value: str
    """Of the dimension that was asked for, '' = unknown, or of all."""
    fields: tuple[int, ...]
    """In the order that was asked for."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What one step of counting did."""

    lines: tuple[str, ...] = ()
    """Contacts that were looked at."""
    over: tuple[str, ...] = ()
    """Of these: over, and counted."""
    changed: int = 0
    """Facts that were added or changed, of these and of those that they are compared with."""
    days: frozenset[int] = frozenset()
    """Local days whose figures changed."""
    late: int = 0
    """Contacts of days whose facts are gone already (retention): their figures stay as they are."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is kept and something that is computed, which should be equal."""

    what: str
    """A contact's id, or a cell in words: 'day 20261127 department=주차관리과'."""
    field: str
    """Which field, 'fact' when one of the two has none."""
    kept: str
    """As the database has it."""
    computed: str
    """As it follows from the events, or from the facts."""


class StatisticsStore(Protocol):
    """Facts and cells. Raises ``StoreFault`` when the database can't be used.

    ``SqlStore.append`` notes in its own transaction which lines have ended or changed; ``count`` takes them from there.
    """

    async def count(self, read: Read, kinds: Sequence[str], *, limit: int = 200) -> Counted:
        """Count lines that ended or changed since: facts and cells by difference, in one transaction. ``kinds``: names
        of the events that ``read`` looks at. Nothing left to do: ``Counted()``."""

    async def recount(self, read: Read, kinds: Sequence[str], lines: Sequence[str]) -> Counted:
        """The same for these lines, noted or not."""

    async def told(self, read: Read, kinds: Sequence[str], lines: Sequence[str]) -> dict[str, ContactFacts | None]:
        """What the stored events say of these lines, whatever was counted."""

    async def lines(self, *, after: str = "", limit: int = 500) -> list[str]:
        """Ids of lines that have events, in their order."""

    async def differences(self, read: Read, kinds: Sequence[str], lines: Sequence[str]) -> list[Difference]:
        """Where kept facts are not what the events say. ``again`` is compared with the facts around."""

    async def days(self) -> list[int]:
        """Local days that have facts, all of them, in their order."""

    async def check_day(self, day: int) -> list[Difference]:
        """Where the cells of a day and its hours are not the sums of its facts."""

    async def check_month(self, month: int) -> list[Difference]:
        """Where the cells of a month are not the sums of its days."""

    async def rebuild_day(self, day: int) -> None:
        """Make cells and words of a day and its hours anew from its facts."""

    async def rebuild_month(self, month: int) -> None:
        """Make the cells of a month anew from those of its days."""

    async def sums(
        self,
        fields: Sequence[str],
        *,
        first: date,
        last: date,
        grain: Grain = "",
        by: Dimension | None = None,
        under: str | None = "",
        where: Where | None = None,
        plain: bool = False,
    ) -> list[Sums]:
        """Sums of these fields from the first day to the last, both included, in the order of bucket and value.

        ``by``: one line for each value. A category's are those right under ``under`` ('' = the top; what lies on
        ``under`` itself and no deeper is told as ``under``); None = every node of the tree. ``Refused`` ('too_wide')
        for a crossing of which no cells are kept over more than ``FACT_DAYS``. ``plain``: from the facts themselves,
        however many days; for comparing."""

    async def contacts(
        self,
        *,
        first: date,
        last: date,
        having: Sequence[str],
        where: Where | None = None,
        days: Sequence[int] = (),
        slots: Sequence[int] = (),
        after: tuple[int, datetime, str] | None = None,
        limit: int = 50,
    ) -> list[ContactFacts]:
        """Contacts for which the sum of these fields ('-' in front: less) is above 0, newest first. ``days`` and
        ``slots``: begun on these days, in these hours alone. ``after``: day, start and id of the last one of the page
        before."""

    async def values(self, dimension: Dimension) -> list[str]:
        """All values that were ever counted."""

    async def words(self, *, first: date, last: date, least: int) -> dict[str, int]:
        """How many contacts of these days spoke of each word, of words with at least so many."""

    async def began_since(self, moment: datetime) -> list[ContactFacts]:
        """Facts of contacts that began then or later, oldest first."""

    async def load(self, facts: Sequence[ContactFacts]) -> None:
        """Put facts there in bulk, without events and cells: ``rebuild_day`` makes these. ``BadInput`` where one is
        there already."""

    async def tidy(self) -> None:
        """After much was put there: let the database learn how much of what it has."""

    async def cells(self) -> int:
        """How many cells are kept."""

    async def forget(self, *, before: date, keeping: Sequence[str] = (), people: Sequence[str] = ()) -> int:
        """Drop the facts of earlier days, which name people by key; the cells, in which nobody is, stay. How many.
        Facts of the contacts ``keeping`` and of the ``people`` stay: they are under a legal hold."""

    async def forget_person(self, person: str) -> int:
        """Take the person out of all facts: they stay as those of a withheld number. How many."""
