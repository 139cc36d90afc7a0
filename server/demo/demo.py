"""``minwon demo``: a whole call centre on this machine for as long as the command runs.

A node with embedded everything in a temporary home, two agents whose phones answer by themselves, and callers who speak
Korean, press keys and tap on their smartphones: separate processes that talk real SIP and RTP over loopback, and real
HTTP. Nothing is left behind.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from tempfile import TemporaryDirectory
from typing import Final

from agent_assist.alerts.word_list import DOCUMENT as ALERT_WORDS
from agent_assist.desk_visits import Push
from core import log
from core.agent import Agent
from core.bus.contract import Overflow, Subscription
from core.city import load as load_city
from core.config import (
    AgentConfig,
    ArsConfig,
    AssistConfig,
    Config,
    LogConfig,
    NodeConfig,
    RecordingConfig,
    Role,
    SipConfig,
    SmsConfig,
    WebConfig,
)
from core.errors import PortTaken
from core.events import CallEnded, Event, Speaker, TranscriptFinal, now
from core.home import Home, open_home
from core.store.knowledge import Document, TermRate
from core.store.sql_store import open_store
from server import starting
from server.app import Node
from server.demo import past, texts
from server.demo.around import Inbox, open_browser, own_address
from server.demo.colleagues import colleagues, come_and_go
from server.demo.conductor import HOTLINE, Conductor
from server.demo.daytime import daytime_shift
from server.demo.dialogue import Act, Script, load
from server.demo.office import NUMBERS, answer
from server.demo.programs import Programs, outward
from server.demo.screen import Screen, Terminal, Where
from server.demo.stage import Stage
from server.demo.voice import VoiceBox
from server.demo.writers import inbox, write_in
from server.json_lines import LIMIT, JsonLines
from server.knowledge import sample_entries
from server.signing_in.passwords import hash_password
from server.visual_ars import local_time
from telephony.softphone import Answering, Softphone

USER: Final = "haneul"
PASSWORD: Final = "hanbit-demo"  # a demo on loopback that lives for minutes: it is shown on the sign-in page
AGENTS: Final = ((USER, "김하늘", "2107"), ("bada", "이바다", "2108"))
ROLES: Final[dict[str, tuple[Role, ...]]] = {USER: ("agent", "admin"), "bada": ("agent",)}
"""Who looks at the demo sees everything."""
DESK_PORT: Final = 8090
URGENT_CARDS: Final = '{"cards": {"emergency": "192", "self_harm": "133"}}'
"""Entries of hanbit.csv that lie on top while such an alert is open."""
CALLS_AN_HOUR: Final = 60.0
HOURS_OF_A_WEEK: Final = 168
LINES: Final = 2
"""Calls at a time."""
_SIP_WORKERS: Final = 2
_ANSWERING: Final = Answering(mode="auto", after_ms=1000)
_LAST_WORDS_S: Final = 15.0
"""After a single call, how long its last words and its end may take to arrive."""


async def demo(*, once: bool, json: bool, port: int | None, lan: bool = False) -> int:
    """Play until a signal comes, or one call. Returns the exit status. ``lan``: other devices may open the pages.

    A reader that goes away ends it too. Raises what keeps it from starting (``MinwonError``).
    """
    log.setup(LogConfig(level="warning"), "demo")
    screen: Screen = JsonLines(sys.stdout.buffer) if json else Terminal()
    with TemporaryDirectory(prefix="minwon-demo-", ignore_cleanup_errors=True) as folder:
        playing = asyncio.create_task(_play(screen, open_home(folder), once=once, port=port, lan=lan), name="demo")
        stopped = _stop_on_signals(playing)
        try:
            return await playing
        except asyncio.CancelledError:
            if not stopped.is_set():
                raise
            return 130 if once else 0
        except (BrokenPipeError, BaseExceptionGroup) as fault:
            cause = _cause(fault)
            if not isinstance(cause, BrokenPipeError):
                raise cause from fault
            # `minwon demo --json | head`: the reader has enough; what is still buffered must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


def _stop_on_signals(task: asyncio.Task[int]) -> asyncio.Event:
    """Ctrl-C and SIGTERM end the play once; a second signal must not break off the tidying up."""
    stopped = asyncio.Event()

    def stop() -> None:
        if not stopped.is_set():
            stopped.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    return stopped


def _cause(fault: BaseException) -> BaseException:
    """The first plain exception inside a task group's bundle."""
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault


async def _play(screen: Screen, home: Home, *, once: bool, port: int | None, lan: bool) -> int:
    async with AsyncExitStack() as stack:
        with screen.step("전화기를 준비합니다", "phones and voices"):
            desk_port = _desk_port(port)
            script = load()
            box = VoiceBox(home.root / "cache" / "voices")
            phones, password_hash = await asyncio.gather(_phones(stack), asyncio.to_thread(hash_password, PASSWORD))
            office = await stack.enter_async_context(Softphone(user="office", lines=4, answering=_ANSWERING))
        with screen.step("한빛시 상담 데이터를 넣습니다", "consultation database"):
            config = _config(home, phones, office, desk_port, password_hash, own_address() if lan else "")
            await _import_entries(config, home)
        with screen.step("음성인식과 교환 연결을 켭니다", "speech recognition, SIP, desk"):
            stage, programs = Stage(), Programs()
            shift = daytime_shift(local_time())
            node = Node(
                config,
                home,
                prefill=(USER, PASSWORD),
                rooms=(stage.setup, programs.setup),
                frame_ancestors="'self'",
                clock=lambda: local_time() + shift,
            )
            await stack.enter_async_context(node)
            await texts.seed(node.store)
            if not once:  # one call needs no past
                agents = [Agent(id=id, name=name) for id, name, _ in AGENTS]
                callers = [one.caller for one in script.dialogues if one.caller]
                await past.seed(node, agents, callers, local_time() + shift)
            await programs.seed(node)  # now, so that nobody tells them three weeks in one minute
            conductor = Conductor(
                node.sip_addresses,
                phones,
                script.agent_voice,
                box,
                inbox=Inbox(node.parts.gateway).link,
                push=lambda agent, act: _push(node, AGENTS[agent][0], act),
            )
            stage.signed_in = lambda request: node.auth.who(request) is not None
            stage.phone = lambda: conductor.phones[-1] if conductor.phones else None
            starting.done()
        where = Where(
            desk=node.desk_url,
            sip=tuple(node.sip_addresses),
            stage=f"{node.desk_url}demo",
            phone=f"{node.public_url}/v/",
            lan=lan,
            shifted=local_time() + shift if shift else None,
        )
        with screen.performance(where, USER, PASSWORD):
            if not once and not isinstance(screen, JsonLines):
                open_browser(where.stage)
            beside = [asyncio.create_task(answer(office, box), name="offices")]
            if not once:  # one call, and nothing else
                beside += [
                    asyncio.create_task(come_and_go(node.dispatcher, node.auth.book), name="colleagues"),
                    asyncio.create_task(write_in(node, USER, "bada"), name="writers"),
                ]
            try:
                return await _perform(node, conductor, script, screen, once=once)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)


async def _phones(stack: AsyncExitStack) -> list[Softphone]:
    """The agents' phones. They come before the node, which must know their addresses, and go after it."""
    phones = [Softphone(user=extension, name=name, lines=1, answering=_ANSWERING) for _, name, extension in AGENTS]
    return [await stack.enter_async_context(phone) for phone in phones]


def _config(
    home: Home, phones: Sequence[Softphone], office: Softphone, port: int, password_hash: str, lan: str
) -> Config:
    """``office``: the departments' telephone. ``lan``: this machine's address, where other devices may open the pages;
    '' = none may."""
    agents = tuple(
        AgentConfig(
            id=id,
            name=name,
            extension=extension,
            uri=phone.uri,
            password_hash=password_hash,
            starts="ready",
            roles=ROLES[id],
            team="1팀",
        )
        for (id, name, extension), phone in zip(AGENTS, phones, strict=True)
    )
    city = load_city()
    return Config(
        node=NodeConfig(home=str(home.root), name="demo", grace_s=0),
        web=WebConfig(port=port, host=lan or "127.0.0.1"),
        ars=ArsConfig(menu="hanbit"),
        inbox=inbox(),
        outward=outward(lan),
        sms=SmsConfig(sender=texts.SENDER),
        # Without the notice, for the callers of the play speak by the clock; a real site has it on.
        recording=RecordingConfig(start="always", notice=False, floor_mb=200),
        sip=SipConfig(
            port=0,
            rtp_port=0,
            workers=_SIP_WORKERS,
            hotline=(HOTLINE,),
            outbound=f"sip:{{number}}@{office.address}",
            outbound_numbers=NUMBERS,
        ),
        agents=(*agents, *colleagues()),
        assist=AssistConfig(
            wrap_up_s=8,
            districts=tuple(district.name for district in city.districts),
            streets=tuple(street.name for street in city.streets),
            second_reader=False,
        ),
    )


async def _push(node: Node, agent_id: str, act: Act) -> None:
    """The agent puts something into her caller's hand, as by her desk."""
    call_id = node.dispatcher.roster.agent(agent_id).call_id
    if act.push == "text":
        await texts.send(node.house, call_id, agent_id, act.id)
    elif act.push:
        await node.house.push(call_id, agent_id, Push(kind=act.push, id=act.id))


def _desk_port(wanted: int | None) -> int:
    """The port asked for, else the usual one, else any: who just types `minwon demo` wants to see it.

    Raises ``PortTaken`` for one that was asked for, before anything was started.
    """
    port = DESK_PORT if wanted is None else wanted
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if wanted is None:
                return 0
            raise PortTaken(f"port {port} can't be had ({error.strerror}): choose another with --port") from error
    return port


async def _import_entries(config: Config, home: Home) -> None:
    store = await open_store(config.store.url, home)
    try:
        await store.put_entries(sample_entries())
        await store.knowledge.put_rates(_usual_weeks())
        urgent = Document(name=ALERT_WORDS, version=1, body=URGENT_CARDS, by=USER, why="긴급 카드", at=now())
        await store.knowledge.put_document(urgent, based_on=0)
    finally:
        await store.close()


def _usual_weeks() -> list[TermRate]:
    """The invented city's past weeks, as far as the radar goes by them: how many call. Without any it would keep silent
    until it has heard a day."""
    return [TermRate(term="", district="", slot=slot, mean=CALLS_AN_HOUR, weeks=8.0) for slot in range(HOURS_OF_A_WEEK)]


async def _perform(node: Node, conductor: Conductor, script: Script, screen: Screen, *, once: bool) -> int:
    subscription = node.bus.subscribe(name="demo", limit=LIMIT, overflow=Overflow.DROP_OLDEST)
    attendance = _Attendance()
    async with asyncio.TaskGroup() as group:
        showing = group.create_task(_show(subscription, screen, attendance), name="show")
        try:
            if not once:
                await conductor.run(script.dialogues, lines=LINES)
            await conductor.run_once(script.dialogues[0])
            async with asyncio.timeout(_LAST_WORDS_S):
                await attendance.over.wait()
        finally:
            showing.cancel()
    return attendance.status()


class _Attendance:
    """Who was heard in the one call of ``--once``."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self._heard: set[Speaker] = set()

    def note(self, event: Event) -> None:
        """Take in what happened."""
        if isinstance(event, TranscriptFinal):
            self._heard.add(event.speaker)
        elif isinstance(event, CallEnded):
            self.over.set()

    def status(self) -> int:
        """0 if words of both arrived."""
        missing = {"caller", "agent"} - self._heard
        if missing:
            print(f"minwon: no words of the {' and the '.join(sorted(missing))} were recognised", file=sys.stderr)
        return 1 if missing else 0


async def _show(subscription: Subscription, screen: Screen, attendance: _Attendance) -> None:
    async for event in subscription:
        await screen.show(event)
        attendance.note(event)
