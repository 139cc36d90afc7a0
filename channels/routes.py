"""The office pages of texts: templates, rules after a contact, sender numbers, opt-outs (``/records/api/texts/...``).

Whoever changes something is noted, and who looks up whether a number wants texts; numbers are never in an address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal, NamedTuple

from aiohttp import web

from channels.fields import FIELDS
from channels.office import (
    NumberGiven,
    OptOutFound,
    OptOutShown,
    OptOutsPage,
    RulesPage,
    RuleWish,
    SendersPage,
    SenderWish,
    TemplateShown,
    TemplatesPage,
    TemplateWish,
    TextsOffice,
    Trial,
    TrialWish,
)
from channels.ready_templates import offered
from channels.settings import bytes_of, rule_of, sender_of, template_of
from core.agent import Agent
from core.audit import Deed, Note, Thing
from core.config import Role
from core.errors import BadInput, Refused
from core.store.texting import OptOut, OptOutWay, TextingStore
from core.web.door import Answer, guarded, sent

SUPERVISOR: Final[tuple[Role, ...]] = ("supervisor",)
ADMIN: Final[tuple[Role, ...]] = ("admin",)
AGENTS: Final[tuple[Role, ...]] = ("agent", "supervisor")
PAGE: Final = 100
LONGEST_TRIAL: Final = 90
"""Days."""


class TextRoute(NamedTuple):
    """One address."""

    method: Literal["GET", "POST"]
    path: str
    """Below ``/records/api/texts/``."""
    roles: tuple[Role, ...]
    """One of them is needed; an administrator may everything."""
    answer: Answer


def text_routes(house: TextsOffice) -> tuple[TextRoute, ...]:
    """The table. It is the rule: nothing is reached around it."""
    answers = _Answers(house)
    return (
        TextRoute("GET", "templates", SUPERVISOR, answers.templates),
        TextRoute("POST", "templates", SUPERVISOR, answers.put_template),
        TextRoute("POST", "templates/{id}/drop", SUPERVISOR, answers.drop_template),
        TextRoute("GET", "rules", SUPERVISOR, answers.rules),
        TextRoute("POST", "rules", SUPERVISOR, answers.put_rule),
        TextRoute("POST", "rules/try", SUPERVISOR, answers.try_rule),
        TextRoute("POST", "rules/{id}/drop", SUPERVISOR, answers.drop_rule),
        TextRoute("GET", "senders", SUPERVISOR, answers.senders),
        TextRoute("POST", "senders", ADMIN, answers.put_sender),
        TextRoute("POST", "senders/{id}/drop", ADMIN, answers.drop_sender),
        TextRoute("GET", "opt-outs", AGENTS, answers.opt_outs),
        TextRoute("POST", "opt-outs", AGENTS, answers.put_opt_out),
        TextRoute("POST", "opt-outs/find", AGENTS, answers.find_opt_out),
        TextRoute("POST", "opt-outs/drop", AGENTS, answers.drop_opt_out),
    )


def text_settings_room(house: TextsOffice) -> Callable[[web.Application], None]:
    """What adds these addresses to a web application."""

    def setup(app: web.Application) -> None:
        for route in text_routes(house):
            path = f"/records/api/texts/{route.path}"
            app.router.add_route(route.method, path, guarded(house, route.roles, route.answer))

    return setup


def _before(request: web.Request) -> datetime | None:
    """Where the page goes on."""
    written = request.query.get("before", "")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as wrong:
        raise BadInput("before: 시각이 아닙니다 / before is no moment") from wrong
    if moment.tzinfo is None:
        raise BadInput("before: 시간대가 필요합니다 / before needs its zone")
    return moment


class _Answers:
    def __init__(self, house: TextsOffice) -> None:
        self._house = house

    @property
    def _texting(self) -> TextingStore:
        return self._house.texting

    async def templates(self, _request: web.Request, _agent: Agent) -> TemplatesPage:
        used = [rule.template_id for rule in await self._texting.rules()]
        there = await self._texting.templates()
        return TemplatesPage(
            templates=[
                TemplateShown(template=one, bytes=bytes_of(one.text), used=used.count(one.template_id)) for one in there
            ],
            ready=offered(there),
            fields=list(FIELDS),
            departments=await self._house.departments(),
        )

    async def put_template(self, request: web.Request, agent: Agent) -> object:
        template = template_of(await sent(request, TemplateWish), by=agent.id)
        await self._note(request, agent, "changed", "settings", f"text template {template.template_id}")
        await self._texting.put_template(template)
        return template

    async def drop_template(self, request: web.Request, agent: Agent) -> None:
        template_id = request.match_info["id"]
        if any(rule.template_id == template_id for rule in await self._texting.rules()):
            raise Refused("a rule sends this template: change or delete the rule first", code="template_in_use")
        await self._note(request, agent, "deleted", "settings", f"text template {template_id}")
        await self._texting.drop_template(template_id)

    async def rules(self, _request: web.Request, _agent: Agent) -> RulesPage:
        return RulesPage(
            rules=await self._texting.rules(),
            templates=await self._texting.templates(),
            senders=await self._texting.senders(),
            categories=await self._house.categories(),
            results=self._house.results(),
            departments=await self._house.departments(),
            forms=self._house.forms(),
        )

    async def put_rule(self, request: web.Request, agent: Agent) -> object:
        wish = await sent(request, RuleWish)
        rule = rule_of(wish, await self._texting.templates(), await self._texting.senders(), by=agent.id)
        await self._note(request, agent, "changed", "settings", f"text rule {rule.rule_id}")
        await self._texting.put_rule(rule)
        return rule

    async def drop_rule(self, request: web.Request, agent: Agent) -> None:
        await self._note(request, agent, "deleted", "settings", f"text rule {request.match_info['id']}")
        await self._texting.drop_rule(request.match_info["id"])

    async def try_rule(self, request: web.Request, agent: Agent) -> Trial:
        wish = await sent(request, TrialWish)
        if not 1 <= wish.days <= LONGEST_TRIAL:
            raise BadInput(f"1~{LONGEST_TRIAL}일이어야 합니다 / 1 to {LONGEST_TRIAL} days")
        rule = rule_of(wish.rule, await self._texting.templates(), await self._texting.senders(), by=agent.id)
        await self._note(request, agent, "saw", "contact", "", f"trial of a text rule over {wish.days} days")
        return await self._house.try_rule(rule, wish.days)

    async def senders(self, _request: web.Request, _agent: Agent) -> SendersPage:
        return SendersPage(
            senders=await self._texting.senders(),
            usual=self._house.usual_sender,
            departments=await self._house.departments(),
        )

    async def put_sender(self, request: web.Request, agent: Agent) -> object:
        sender = sender_of(await sent(request, SenderWish), by=agent.id)
        await self._note(request, agent, "changed", "settings", f"text sender {sender.number}")
        await self._texting.put_sender(sender)
        return sender

    async def drop_sender(self, request: web.Request, agent: Agent) -> None:
        number = request.match_info["id"]
        if any(rule.sender == number for rule in await self._texting.rules()):
            raise Refused("a rule sends from this number: change the rule first", code="sender_in_use")
        await self._note(request, agent, "deleted", "settings", f"text sender {number}")
        await self._texting.drop_sender(number)

    async def opt_outs(self, request: web.Request, _agent: Agent) -> OptOutsPage:
        found = await self._texting.opt_outs(limit=PAGE + 1, before=_before(request))
        return OptOutsPage(opt_outs=[self._shown(one) for one in found[:PAGE]], more=len(found) > PAGE)

    async def find_opt_out(self, request: web.Request, agent: Agent) -> OptOutFound:
        number = (await sent(request, NumberGiven)).number
        found = await self._house.opt_outs.find(number)
        await self._note(request, agent, "saw", "person", "", "opt-out", number=number)
        return OptOutFound(opt_out=self._shown(found) if found is not None else None)

    async def put_opt_out(self, request: web.Request, agent: Agent) -> OptOutFound:
        number = (await sent(request, NumberGiven)).number
        await self._house.opt_outs.find(number)  # says what is no number, before it is noted
        await self._note(request, agent, "changed", "person", "", "opt-out", number=number)
        way: OptOutWay = "office" if agent.may("supervisor") else "desk"
        await self._house.opt_outs.put(number, way=way, by=agent.id)
        found = await self._house.opt_outs.find(number)
        return OptOutFound(opt_out=self._shown(found) if found is not None else None)

    async def drop_opt_out(self, request: web.Request, agent: Agent) -> None:
        number = (await sent(request, NumberGiven)).number
        await self._house.opt_outs.find(number)
        await self._note(request, agent, "deleted", "person", "", "opt-out", number=number)
        if not await self._house.opt_outs.drop(number, by=agent.id):
            raise Refused("this number is not on the list", code="not_opted_out")

    def _shown(self, opt_out: OptOut) -> OptOutShown:
        by = self._house.name_of(opt_out.by) if opt_out.by else ""
        return OptOutShown(since=opt_out.since, way=opt_out.way, by=by)

    async def _note(
        self,
        request: web.Request,
        agent: Agent,
        deed: Deed,
        thing: Thing,
        subject: str,
        detail: str = "",
        *,
        number: str = "",
    ) -> None:
        person = self._house.opt_outs.person(number) if number else ""
        note = Note(
            who=agent.id,
            deed=deed,
            thing=thing,
            subject=subject,
            person=person,
            address=request.remote or "",
            detail=detail,
        )
        await self._house.audit.note(note)
