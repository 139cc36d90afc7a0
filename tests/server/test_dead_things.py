"""What is dead around a call: its caller's keys and page go on, and say so in words."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ars.inputs import Tap
from ars.model import OVER
from ars.words import say
from channels.contract import Message, Receipt
from core.errors import EnvironmentFault, StoreFault
from core.events import CallEnded, CallJoined, ScreenShown
from core.home import Home
from tests.fakes.bridge import ScriptedCall
from tests.patience import until
from tests.server.ars_stage import MOBILE, ArsStage


async def menu_and_agent_work(stage: ArsStage, call: ScriptedCall) -> None:
    """By key, by touch, to an agent."""
    await stage.until(ScreenShown, screen="main")
    call.press("caller", "1")
    await stage.until(ScreenShown, screen="documents")
    visit = stage.visit(call)
    assert visit.put(Tap(visit.state.number, "#"))
    await stage.until(ScreenShown, screen="main")
    assert visit.put(Tap(visit.state.number, "0"))
    assert (await stage.until(CallJoined)).agent_id == "kim"
    assert not call.ended.is_set()


async def test_without_a_voice(home: Home) -> None:
    async def mute(*_: object, **__: object) -> str:
        raise EnvironmentFault("espeak-ng cannot be started: apt-get install espeak-ng")

    async with ArsStage(home, "kim") as stage:
        stage.voices.path = mute  # type: ignore[method-assign]
        await menu_and_agent_work(stage, stage.bridge.ring(MOBILE))


async def test_without_a_database(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> Any:
        raise StoreFault("the database is locked by another program")

    async with ArsStage(home, "kim", ars={"link_on_ring": True}) as stage:
        with monkeypatch.context() as dead:
            for name in ("put_link", "put_message", "put_callback", "links"):
                dead.setattr(stage.store, name, away)
            call = stage.bridge.ring(MOBILE)
            await menu_and_agent_work(stage, call)
            await until(lambda: bool(stage.outbox.messages))
            token = stage.outbox.messages[0].secrets[0].rpartition("/")[2]
            assert stage.ars.visits.links.visit_of(token) == stage.visit(call).visit_id


async def test_with_a_message_gateway_that_does_not_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = asyncio.Event()
    asked: list[Message] = []

    async def slow(message: Message, **_: object) -> Receipt:
        asked.append(message)
        await answers.wait()
        return Receipt(state="delivered", reference=message.message_id)

    async with ArsStage(home, "kim", ars={"link_on_ring": True}) as stage:
        monkeypatch.setattr(stage.outbox, "send", slow)
        await menu_and_agent_work(stage, stage.bridge.ring(MOBILE))
        await until(lambda: len(asked) == 1)
        answers.set()


async def test_with_a_sip_worker_that_dies_while_it_reads(home: Home) -> None:
    async with ArsStage(home, prompt_s=60.0) as stage:
        call = stage.bridge.ring(MOBILE)
        await stage.until(ScreenShown, screen="main")
        visit = stage.visit(call)
        feed = visit.open_page()
        assert feed is not None
        await until(lambda: bool(stage.voices.said))
        call.worker_dies()
        assert (await stage.until(CallEnded)).reason == "worker_lost"
        await until(lambda: visit.state.here.id == OVER)
        assert visit.status().text == say("ko", "status.over")
        assert visit.put(Tap(visit.state.number, "0")), "the page goes on for its grace time"
        visit.close_page(feed)
