"""What the assistant knows beside the entries: synonyms, what use has taught; and a place to try it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Annotated

import msgspec
from aiohttp import web

from agent_assist.admin.house import AdminHouse, LearntEntry, Tried
from agent_assist.learning.ab_report import AbReport
from core.agent import Agent
from core.errors import BadInput
from core.log import get_logger
from core.store.knowledge import Synonym, SynonymState
from core.web.door import Missing, sent

log = get_logger("agent_assist.admin")

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class SynonymSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word of citizens and what offices call it."""

    lay: Word
    """What citizens say."""
    office: Annotated[tuple[Word, ...], msgspec.Meta(min_length=1, max_length=20)]
    state: SynonymState = "in_force"
    """How far it is."""
    before: str = ""
    """The word under which it was, where it is renamed."""


class SynonymDropped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which word is to be forgotten."""

    lay: Word
    """What citizens say."""


class SentenceTried(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a caller might say."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Forgetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose lessons go."""

    entry_id: str | None
    """None = all."""


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """How many lessons went."""

    lessons: int
    """How many."""


class WordAnswers:
    """The addresses of synonyms, learning and trying."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def synonyms(self, _request: web.Request, _agent: Agent) -> list[Synonym]:
        return await self._house.knowledge.synonyms()

    async def put_synonym(self, request: web.Request, agent: Agent) -> Synonym:
        given = await sent(request, SynonymSent)
        lay = _word(given.lay)
        office = tuple(dict.fromkeys(_word(word) for word in given.office))
        if lay in office:
            raise BadInput(
                "같은 말을 서로의 뜻으로 쓸 수 없습니다 / a word is no synonym of itself", code="synonym_self"
            )
        known = {one.lay: one for one in await self._house.knowledge.synonyms()}
        before = given.before or lay
        if given.before and given.before not in known:
            raise Missing("이제 없는 말입니다. 새로 고치세요 / that word is no longer there")
        if lay != before and lay in known:
            raise BadInput(f"'{lay}'은(는) 이미 있습니다 / that word is there already", code="name_taken")
        old = known.get(before)
        record = Synonym(
            lay=lay,
            office=office,
            state=given.state,
            seen=old.seen if old else 0,
            by=agent.id,
            at=self._house.now(),
        )
        await self._house.knowledge.put_synonym(record)
        if before != lay and before in known:
            await self._house.knowledge.drop_synonym(before)
        log.info("admin.synonym_saved", agent=agent.id, state=given.state)
        return record

    async def drop_synonym(self, request: web.Request, agent: Agent) -> None:
        given = await sent(request, SynonymDropped)
        await self._house.knowledge.drop_synonym(given.lay)
        log.info("admin.synonym_dropped", agent=agent.id)

    async def try_sentence(self, request: web.Request, _agent: Agent) -> Tried:
        return await self._house.try_sentence((await sent(request, SentenceTried)).text)

    async def learnt(self, _request: web.Request, _agent: Agent) -> Sequence[LearntEntry]:
        return await self._house.learnt()

    async def forget(self, request: web.Request, agent: Agent) -> Forgotten:
        given = await sent(request, Forgetting)
        lessons = await self._house.forget_learnt(given.entry_id)
        log.info("admin.lessons_forgotten", agent=agent.id, entry=given.entry_id, lessons=lessons)
        return Forgotten(lessons=lessons)

    async def report(self, _request: web.Request, _agent: Agent) -> AbReport:
        return await self._house.learning_report()


def _word(written: str) -> str:
    word = " ".join(unicodedata.normalize("NFC", written).split())
    if not word:
        raise BadInput("말을 적으세요 / write a word", code="no_name")
    return word
