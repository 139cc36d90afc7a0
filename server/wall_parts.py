"""The supervisor's wall of one node, put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from aiohttp import web

from agent_assist.desk_pages import DeskPages
from agent_assist.wall.routes import wall
from agent_assist.wall.rows import AlertRow
from core.config import Config
from core.events import AlertChanged, IssueChanged, WrittenChanged
from core.store.contract import Store
from server.calls import LiveCalls
from server.dispatcher import Dispatcher
from server.house import House
from server.house_troubles import troubles_of
from server.house_wall import HouseWall, People
from server.knowing import Knowing
from server.recorder import Recorder
from server.recording.recordings import Recordings
from server.signing_in.auth import Auth
from server.statistics_parts import Statistics
from server.supervisor_notes import SupervisorNotes
from server.texts_parts import TextsParts
from server.web import Setup
from server.written.contacts import WrittenContacts
from stt.pools import Pools
from telephony.contract import Bridge

ISSUES: Final = 100
"""Of the radar's list; what is over among them is not shown."""


def wall_room(
    config: Config,
    pages: DeskPages,
    *,
    house: House,
    auth: Auth,
    store: Store,
    dispatcher: Dispatcher,
    calls: LiveCalls,
    notes: SupervisorNotes,
    knowing: Knowing,
    written: WrittenContacts,
    statistics: Statistics,
    recordings: Recordings,
    texts: TextsParts,
    recorder: Recorder,
    bridge: Bridge,
    pools: Pools,
) -> Setup:
    """What adds ``/wall`` and ``/wallboard`` to the web application."""

    def present() -> Collection[str]:
        return {session.account_id for session in auth.book.living()}

    def may_show_board(request: web.Request) -> bool:
        program = auth.program(request)
        return program is not None and program.may("wallboard")

    async def issues() -> Iterable[IssueChanged]:
        return await knowing.issues(ISSUES)

    async def written_now() -> Iterable[WrittenChanged | AlertChanged]:
        return [*written.as_told(), *written.open_alerts()]

    def troubles() -> Mapping[str, AlertRow]:
        return troubles_of(
            workers=bridge.workers(),
            pools={language: pool.state() for language, pool in pools.all().items()},
            lag_s=config.wall.lag_s,
            saving=recorder.healthy,
            recording=config.recording.start == "off" or not recordings.why_not(),
            texting=texts.sending.waiting.healthy,
        )

    people = People(
        who=house.who,
        over=house.over,
        profile=lambda agent_id: auth.directory.agent(agent_id, ""),
        present=present,
        sign_out=auth.end_all,
        may_show_board=may_show_board,
    )
    return wall(
        HouseWall(
            centre=config.web.centre,
            bus=house.bus,
            audit=store.audit,
            floor=store.floor,
            dispatcher=dispatcher,
            calls=calls,
            people=people,
            notes=notes,
            reasons=config.wall.away_reasons,
            issues=issues,
            issue_seen=knowing.issue_seen,
            written=written_now,
            figures=statistics.wall,
            troubles=troubles,
        ),
        pages,
    )
