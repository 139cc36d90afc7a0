"""Entries: lists, one with what may be done to it, saving with a merge, versions, attachments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated, Final
from urllib.parse import quote

import msgspec
from aiohttp import web

from agent_assist.admin.house import AdminHouse, TextSize
from agent_assist.desk_body import Node, shown
from agent_assist.knowledge.content import Content
from agent_assist.knowledge.differences import FieldChange
from agent_assist.knowledge.editing import Merge, Opened, Saved
from agent_assist.knowledge.rights import Step
from agent_assist.knowledge.validation import BODY_LIMIT
from core.agent import Agent
from core.config import Role
from core.errors import BadInput
from core.events import Suggestion
from core.log import get_logger
from core.store.entry import Attachment, Entry
from core.store.knowledge import EntryHead, EntryState, EntryVersion, Task
from core.web.door import MOST, Missing, day, in_json, number, one_of, sent, text, version_of

log = get_logger("agent_assist.admin")

STATES: Final[tuple[EntryState, ...]] = ("draft", "reviewed", "published", "withdrawn", "deleted")
LONGEST_NAME: Final = 200
FOUND: Final = 8
Why = Annotated[str, msgspec.Meta(max_length=500)]


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who works here."""

    id: str
    name: str
    roles: tuple[Role, ...]
    """What she may do."""
    department: str
    """Name of the department for whose entries she answers, '' = none."""
    department_id: str
    """Its id; '' also where there is no department of that name."""
    centre: str
    """Name of the call centre."""
    own_review: bool
    """Whoever wrote a draft may review it herself."""


class EntriesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list."""

    heads: list[EntryHead]
    """Entries by id."""
    more: bool
    """There are more after these."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What the search box of the desk would find: also by words of the text, by 초성, with slips."""

    results: Sequence[Suggestion]
    """Published entries, best first."""


class EntryFile(msgspec.Struct, frozen=True, kw_only=True):
    """One entry with all that its page shows."""

    opened: Opened
    """The newest version and what she may do with it."""
    entry: Entry
    """The newest version as agents would read it."""
    nodes: tuple[Node, ...]
    """Its text."""
    tasks: list[Task]
    """Open ones."""


class EntryToCreate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new entry."""

    content: Content
    """What was written."""
    why: Why = ""
    """What was changed and why, in words."""


class EntryToSave(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry that was edited."""

    content: Content
    """What was written."""
    based_on: Annotated[int, msgspec.Meta(ge=1)]
    """The version that was opened."""
    why: Why = ""
    """What was changed and why, in words."""


class StepToTake(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Review, publish, send back, withdraw, delete."""

    step: Step
    """Which."""
    based_on: Annotated[int, msgspec.Meta(ge=1)]
    """The version that was opened."""
    why: Why = ""
    """What was changed and why, in words."""


class VersionToRestore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An older version that shall be the newest again."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    based_on: Annotated[int, msgspec.Meta(ge=1)]
    """The version that was opened."""


class ToShow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text that is being written, in Markdown."""

    text: Annotated[str, msgspec.Meta(max_length=BODY_LIMIT)]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A text as agents see it."""

    nodes: tuple[Node, ...]
    """Elements and texts."""


class TextToMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text message's text."""

    text: str
    """What was typed."""


class NoteSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """'This is wrong.'"""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    """What is wrong, in words."""
    version: int = 0
    """Number of the version."""


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else has saved meanwhile: the answer of 409."""

    code: str
    """'edited_meanwhile'."""
    message: str
    """In words, Korean first."""
    newest: int
    """Number of the newest version."""
    merge: Merge
    """Both texts, merged: to be looked at and saved again."""


class EntryAnswers:
    """The addresses of entries."""

    def __init__(self, house: AdminHouse) -> None:
        self._house = house

    async def me(self, _request: web.Request, agent: Agent) -> Me:
        departments = await self._house.knowledge.departments() if agent.department else []
        own = next((one for one in departments if agent.department in (one.id, one.name)), None)
        return Me(
            id=agent.id,
            name=agent.name,
            roles=agent.roles,
            department=own.name if own else agent.department,
            department_id=own.id if own else "",
            centre=self._house.centre,
            own_review=self._house.own_review,
        )

    async def names(self, _request: web.Request, _agent: Agent) -> dict[str, str]:
        return dict(self._house.names())

    async def heads(self, request: web.Request, _agent: Agent) -> EntriesPage:
        state = one_of(request, "state", STATES)
        limit = number(request, "limit", 50, least=1, most=MOST)
        heads = await self._house.knowledge.heads(
            state=state or None,  # type: ignore[arg-type]
            category_id=request.query.get("category") or None,
            department_id=request.query.get("department") or None,
            text=text(request),
            due_before=day(request, "due_before"),
            after=request.query.get("after", ""),
            limit=limit + 1,
        )
        return EntriesPage(heads=heads[:limit], more=len(heads) > limit)

    async def search(self, request: web.Request, _agent: Agent) -> Found:
        wanted = text(request)
        return Found(results=self._house.search(wanted, FOUND) if wanted else ())

    async def counts(self, _request: web.Request, _agent: Agent) -> dict[EntryState, int]:
        return await self._house.knowledge.count_entries()

    async def open(self, request: web.Request, agent: Agent) -> EntryFile:
        entry_id = request.match_info["entry_id"]
        opened = await self._house.editing.open(entry_id, agent)
        return EntryFile(
            opened=opened,
            entry=await self._house.knowledge.resolved(opened.version, self._house.today()),
            nodes=await asyncio.to_thread(shown, opened.version.body),
            tasks=await self._house.knowledge.tasks(state="open", entry_id=entry_id),
        )

    async def create(self, request: web.Request, agent: Agent) -> EntryVersion:
        given = await sent(request, EntryToCreate)
        version = await self._house.editing.create(given.content, agent, why=given.why)
        log.info("admin.entry_created", agent=agent.id, entry=version.entry_id)
        return version

    async def save(self, request: web.Request, agent: Agent) -> Saved | web.Response:
        entry_id = request.match_info["entry_id"]
        given = await sent(request, EntryToSave)
        outcome = await self._house.editing.save(entry_id, given.content, agent, based_on=given.based_on, why=given.why)
        if isinstance(outcome, Merge):
            return in_json(
                409,
                Clash(
                    code="edited_meanwhile",
                    message="다른 사람이 먼저 저장했습니다. 합친 글을 보세요 / somebody else has saved: see the merge",
                    newest=outcome.newest.version,
                    merge=outcome,
                ),
            )
        log.info("admin.entry_saved", agent=agent.id, entry=entry_id, version=outcome.version.version)
        return outcome

    async def step(self, request: web.Request, agent: Agent) -> EntryVersion:
        entry_id = request.match_info["entry_id"]
        given = await sent(request, StepToTake)
        editing = self._house.editing
        steps: dict[str, Callable[..., Awaitable[EntryVersion]]] = {
            "review": editing.review,
            "send_back": editing.send_back,
            "publish": editing.publish,
            "withdraw": editing.withdraw,
            "delete": editing.delete,
        }
        if given.step not in steps:
            raise BadInput(f"'{given.step}'은(는) 다른 주소로 합니다 / that step has an address of its own")
        version = await steps[given.step](entry_id, agent, based_on=given.based_on, why=given.why)
        log.info("admin.entry_step", agent=agent.id, entry=entry_id, step=given.step, version=version.version)
        return version

    async def restore(self, request: web.Request, agent: Agent) -> EntryVersion:
        entry_id = request.match_info["entry_id"]
        given = await sent(request, VersionToRestore)
        version = await self._house.editing.restore(entry_id, given.version, agent, based_on=given.based_on)
        log.info("admin.entry_restored", agent=agent.id, entry=entry_id, version=given.version)
        return version

    async def versions(self, request: web.Request, _agent: Agent) -> list[EntryVersion]:
        versions = await self._house.knowledge.versions(request.match_info["entry_id"])
        if not versions:
            raise Missing("그런 항목이 없습니다 / there is no such entry", code="no_entry")
        return versions

    async def version(self, request: web.Request, _agent: Agent) -> EntryVersion:
        found = await self._house.knowledge.version(request.match_info["entry_id"], version_of(request))
        if found is None:
            raise Missing("그런 판이 없습니다 / there is no such version", code="no_such_version")
        return found

    async def diff(self, request: web.Request, _agent: Agent) -> tuple[FieldChange, ...]:
        entry_id = request.match_info["entry_id"]
        a, b = number(request, "a", 0, least=1), number(request, "b", 0, least=1)
        return await self._house.editing.diff(entry_id, a, b)

    async def preview(self, request: web.Request, _agent: Agent) -> Shown:
        return Shown(nodes=await asyncio.to_thread(shown, (await sent(request, ToShow)).text))

    async def measure(self, request: web.Request, _agent: Agent) -> TextSize:
        return self._house.text_size((await sent(request, TextToMeasure)).text)

    async def report(self, request: web.Request, agent: Agent) -> Task:
        given = await sent(request, NoteSent)
        entry_id = request.match_info["entry_id"]
        return await self._house.tasks.report(entry_id, given.note, agent.id, version=given.version)

    async def attach(self, request: web.Request, agent: Agent) -> Attachment:
        name = request.query.get("name", "").strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadInput(f"파일 이름은 1~{LONGEST_NAME}자입니다 / a file name has 1 to {LONGEST_NAME} characters")
        attachment = await self._house.attachments.put(name, chunks(request))
        log.info("admin.attached", agent=agent.id, attachment=attachment.id, size=attachment.size)
        return attachment

    async def attachment(self, request: web.Request, _agent: Agent) -> web.StreamResponse:
        attachment_id = request.match_info["attachment_id"]
        path = await self._house.attachments.find(attachment_id)
        if path is None:
            raise Missing("파일이 이제 없습니다 / the file is no longer kept", code="no_file")
        name = request.query.get("name", "")[:LONGEST_NAME] or attachment_id
        return web.FileResponse(
            path,
            headers={
                # Only ever to be saved: what others have uploaded is never shown as a page of ours.
                "Content-Type": await self._house.attachments.media_type(attachment_id),
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, no-cache",
            },
        )


async def chunks(request: web.Request) -> AsyncIterator[bytes]:
    """The body piece by piece: a file is never whole in memory. Whoever reads it sets the limit."""
    async for chunk in request.content.iter_chunked(2**16):
        yield chunk
