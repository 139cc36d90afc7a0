"""Rules of what is to be said, and words that alert: the city's documents over what is shipped, with versions, and a
place to try a sentence on them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from agent_assist.admin.house import AdminHouse
from agent_assist.alerts import lessons, word_list
from agent_assist.alerts.lessons import AlertLessons
from agent_assist.alerts.rules import BAR, AlertRules, Finding
from agent_assist.alerts.word_list import CityWords, WordList
from agent_assist.desk_assist import Procedure
from agent_assist.reminders import rules as reminder_rules
from agent_assist.reminders.phrases import said
from agent_assist.reminders.rule import Rule
from agent_assist.reminders.rules import City
from core.agent import Agent
from core.events import Speaker
from core.log import get_logger
from core.store.knowledge import Document
from core.web.door import Missing, sent, version_of

log = get_logger("agent_assist.admin")

Why = Annotated[str, msgspec.Meta(max_length=500)]
Sentence = Annotated[str, msgspec.Meta(max_length=1000)]


class RulesFile(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of what is to be said."""

    shipped: tuple[Rule, ...]
    """What comes with the product."""
    city: City
    """The city's own, over them."""
    version: int
    """Of the city's document, 0 = it has none."""


class RulesToSave(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The city's document, whole."""

    city: City
    """The city's own, over what is shipped."""
    based_on: Annotated[int, msgspec.Meta(ge=0)]
    """The version that was opened, 0 = there was none."""
    why: Why = ""
    """What was changed and why, in words."""


class AlertsFile(msgspec.Struct, frozen=True, kw_only=True):
    """Words that alert."""

    shipped: WordList
    """What comes with the product."""
    city: CityWords
    """The city's own, over what is shipped."""
    version: int
    """Number of the version."""
    procedures: tuple[Procedure, ...]
    """In force."""
    lessons: AlertLessons
    """What false alarms have taught."""
    lessons_version: int
    """Of the document that holds them, 0 = there is none."""


class AlertsToSave(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The city's document, whole."""

    city: CityWords
    """The city's own, over what is shipped."""
    based_on: Annotated[int, msgspec.Meta(ge=0)]
    """The version that was opened, 0 = there was none."""
    why: Why = ""
    """What was changed and why, in words."""


class SentenceToTry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that might be said."""

    text: Sentence
    """What was typed."""
    speaker: Speaker = "caller"
    """Who might say it."""


class RuleTried(msgspec.Struct, frozen=True, kw_only=True):
    """What a sentence does to a rule."""

    rule: Rule
    """Which."""
    said: bool
    """It is what the rule waits for."""
    opens: bool
    """It opens the rule's time."""


class FindingTried(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a sentence."""

    finding: Finding
    """What was found."""
    alerts: bool
    """By itself."""
    taught: str
    """What false alarms have taught about it, in words."""


class LessonsToForget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose lessons go."""

    rule: str = ""
    """'' = all."""
    based_on: Annotated[int, msgspec.Meta(ge=0)]
    """The version that was opened, 0 = there was none."""


class RuleAnswers:
    """The addresses of rules and alert words."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def rules(self, _request: web.Request, _agent: Agent) -> RulesFile:
        document = await self._document(reminder_rules.DOCUMENT)
        return RulesFile(
            shipped=reminder_rules.shipped(), city=reminder_rules.read(document.body), version=document.version
        )

    async def save_rules(self, request: web.Request, agent: Agent) -> RulesFile:
        given = await sent(request, RulesToSave)
        body = _json(given.city)
        reminder_rules.in_force(body)
        await self._put(reminder_rules.DOCUMENT, body, agent, given.based_on, given.why)
        return RulesFile(shipped=reminder_rules.shipped(), city=given.city, version=given.based_on + 1)

    async def try_rules(self, request: web.Request, _agent: Agent) -> list[RuleTried]:
        given = await sent(request, SentenceToTry)
        document = await self._document(reminder_rules.DOCUMENT)
        return [
            RuleTried(
                rule=rule,
                said=rule.speaker == given.speaker and said(rule.phrases, given.text),
                opens=rule.when == "after_phrase"
                and rule.after_speaker == given.speaker
                and said(rule.after, given.text),
            )
            for rule in reminder_rules.in_force(document.body)
        ]

    async def alerts(self, _request: web.Request, _agent: Agent) -> AlertsFile:
        document = await self._document(word_list.DOCUMENT)
        taught = await self._document(lessons.DOCUMENT)
        return AlertsFile(
            shipped=word_list.shipped(),
            city=_city(document.body),
            version=document.version,
            procedures=AlertRules.of_document(document.body).procedures,
            lessons=lessons.lessons_of(taught.body),
            lessons_version=taught.version,
        )

    async def save_alerts(self, request: web.Request, agent: Agent) -> AlertsFile:
        given = await sent(request, AlertsToSave)
        body = _json(given.city)
        AlertRules.of_document(body)
        await self._put(word_list.DOCUMENT, body, agent, given.based_on, given.why)
        return await self.alerts(request, agent)

    async def try_alerts(self, request: web.Request, _agent: Agent) -> list[FindingTried]:
        given = await sent(request, SentenceToTry)
        document = await self._document(word_list.DOCUMENT)
        taught = lessons.lessons_of((await self._document(lessons.DOCUMENT)).body)
        found = AlertRules.of_document(document.body, taught).hear(given.speaker, given.text)
        return [
            FindingTried(finding=finding, alerts=finding.weight >= BAR, taught=taught.explain(finding))
            for finding in found
        ]

    async def forget_lessons(self, request: web.Request, agent: Agent) -> None:
        given = await sent(request, LessonsToForget)
        taught = lessons.lessons_of((await self._document(lessons.DOCUMENT)).body)
        await self._put(lessons.DOCUMENT, _json(taught.reset(given.rule)), agent, given.based_on, "")

    async def versions(self, request: web.Request, agent: Agent) -> list[Document]:
        return await self._house.knowledge.document_versions(_name(request, agent))

    async def version(self, request: web.Request, agent: Agent) -> Document:
        found = await self._house.knowledge.document(_name(request, agent), version_of(request))
        if found is None:
            raise Missing("그런 판이 없습니다 / there is no such version", code="no_such_version")
        return found

    async def _document(self, name: str) -> Document:
        """The newest one; an empty one where there is none yet."""
        found = await self._house.knowledge.document(name)
        return found or Document(name=name, version=0, body="", at=self._house.now())

    async def _put(self, name: str, body: str, agent: Agent, based_on: int, why: str) -> None:
        await self._house.knowledge.put_document(
            Document(name=name, version=based_on + 1, body=body, by=agent.id, why=why.strip(), at=self._house.now()),
            based_on=based_on,
        )
        log.info("admin.document_saved", agent=agent.id, document=name, version=based_on + 1)


def _name(request: web.Request, agent: Agent) -> str:
    """Which document, if she may see it."""
    name = request.match_info["name"]
    if name == reminder_rules.DOCUMENT and agent.may("editor", "supervisor"):
        return name
    if name == word_list.DOCUMENT and agent.may("supervisor"):
        return name
    raise Missing("그런 목록이 없습니다 / there is no such list")


def _city(body: str) -> CityWords:
    return word_list.city_words(body) if body else CityWords()


def _json(content: City | CityWords | AlertLessons) -> str:
    return msgspec.json.encode(content).decode()
