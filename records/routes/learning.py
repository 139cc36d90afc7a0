"""What confirmed records have taught: looked at, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, get_args

import msgspec
from aiohttp import web
from msgspec import Meta

from core.agent import Agent
from core.config import Role
from core.store.contacts import LessonKind
from core.web.door import sent
from records.learning.lessons import Told
from records.routes.house import ContactsHouse
from records.routes.route import SUPERVISOR, RecordsRoute

LABELS: Final = 100
"""Labels of a field that are shown, the most frequent."""
_CARD: Final = "c:"
"""Before an entry's id; see ``core.store.contacts.RecordLesson``."""
_READERS: Final[tuple[Role, ...]] = ("supervisor", "editor")


class Taught(msgspec.Struct, frozen=True, kw_only=True):
    """One field."""

    kind: LessonKind
    labels: Sequence[Told]
    """The most frequent first."""


class TaughtAll(msgspec.Struct, frozen=True, kw_only=True):
    """All fields."""

    fields: Sequence[Taught]
    """Category, department, result."""
    titles: Mapping[str, str]
    """Entry id -> title, of those that are named in them and are still there."""


class ToForget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be forgotten."""

    kind: LessonKind | None = None
    """None = everything."""
    label: Annotated[str, Meta(max_length=200)] = ""
    """'' = the whole field."""


class Forgotten(msgspec.Struct, frozen=True):
    """How many counts there were."""

    count: int
    """Counts that are gone."""


class LearningAnswers:
    """The addresses of what was learnt."""

    def __init__(self, house: ContactsHouse) -> None:
        self._house = house

    async def all(self, _request: web.Request, _agent: Agent) -> TaughtAll:
        """Everything, in short."""
        lessons = self._house.lessons
        fields = [Taught(kind=kind, labels=lessons.told(kind)[:LABELS]) for kind in get_args(LessonKind)]
        named = {
            feature.removeprefix(_CARD)
            for field in fields
            for label in field.labels
            for feature, _ in label.features
            if feature.startswith(_CARD)
        }
        titles = self._house.titles()
        return TaughtAll(fields=fields, titles={entry: titles[entry] for entry in named if entry in titles})

    async def forget(self, request: web.Request, agent: Agent) -> Forgotten:
        """Forget a label, a field, or all."""
        what = await sent(request, ToForget)
        return Forgotten(await self._house.forget(what.kind, what.label, agent, address=request.remote or ""))


def learning_routes(house: ContactsHouse) -> tuple[RecordsRoute, ...]:
    """The table."""
    answers = LearningAnswers(house)
    return (
        RecordsRoute("GET", "learning", _READERS, answers.all),
        RecordsRoute("POST", "learning/forget", SUPERVISOR, answers.forget),
    )
