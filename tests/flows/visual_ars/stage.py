"""Everything real of one visual ARS: a node with its SIP workers, telephones, an agent at her desk, a smartphone.

    call = await stage.call("01000001001")              # her telephone calls, and what it hears is recorded
    await phone.open(await stage.link(call.number))     # the text message is opened on her smartphone
    await phone.tap("1")
    await stage.same(phone, call, "waste")              # the page shows it, and the voice reads it

One node serves all flows of a test process; each flow cleans up behind itself. What was personal in a flow is collected
on the way, and must be in no line of the log afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol, Self, TypeVar

import aiohttp
import structlog
from playwright.async_api import BrowserContext, Locator, Page, expect

from channels.contract import Message
from channels.outbox import Outbox
from core import log
from core.bus.contract import Overflow
from core.config import (
    AgentConfig,
    ArsConfig,
    AssistConfig,
    Config,
    LogConfig,
    NodeConfig,
    SipConfig,
    SttConfig,
    TextsConfig,
)
from core.config import WebConfig as Web
from core.errors import MinwonError
from core.events import (
    CallStarted,
    Event,
    FormSent,
    MessageSent,
    PhotoReceived,
    ScreenShown,
    TranscriptFinal,
    VisitChanged,
)
from core.home import open_home
from server.app import Node
from server.knowledge import sample_entries
from telephony.softphone import Answering, CallOver, PhoneCall, Softphone
from tests import patience
from tests.flows.conftest import PASSWORD
from tests.flows.visual_ars.hearing import Ear, Recording, Voice, voice_of

MENU: Final = Path(__file__).with_name("flows.toml")
AGENT: Final = "kim"
SOON_S: Final = 20.0
"""Generous: the machine may run other tests."""
SHOTS: Final = os.environ.get("FLOWS_SHOTS", "")
"""A folder for pictures of the main moments; '' = none are taken."""

E = TypeVar("E", bound=Event)


class OnTheLine(Protocol):
    """A call as its caller has it."""

    call_id: str

    @property
    def ear(self) -> Ear:
        """What she hears."""

    async def press(self, digits: str) -> None:
        """Keys of her telephone."""


class Call:
    """A softphone's call."""

    def __init__(self, number: str, leg: PhoneCall, ear: Recording) -> None:
        self.number = number
        self.leg = leg
        self.ear = ear
        self.call_id = ""

    async def press(self, digits: str) -> None:
        """See ``OnTheLine``."""
        await self.leg.press(digits)


class Stage:
    """``async with Stage(folder, hash) as stage``: ready when entered."""

    def __init__(self, folder: Path, password_hash: str) -> None:
        self.folder = folder
        self._hash = password_hash
        self._open = contextlib.AsyncExitStack()
        self._files = itertools.count(1)
        self.events: list[Event] = []
        """Everything that was said on the bus."""
        self.secrets: set[str] = set()
        """What no log may hold."""
        self._log = folder / "flows.log"

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            with self.logging():
                await self._begin(stack)
            self._open = stack.pop_all()
        return self

    async def _begin(self, stack: contextlib.AsyncExitStack) -> None:
        self.phones = await stack.enter_async_context(Softphone(user="caller", answering=Answering(mode="ring")))
        self.headset = await stack.enter_async_context(Softphone(user="2107", answering=Answering()))
        self.node = await stack.enter_async_context(Node(self._config(), open_home(self.folder / "home")))
        await self.node.store.put_entries(sample_entries())
        await self.node.assistant.load(await self.node.store.entries())
        self.ars = self.node.parts.ars
        assert self.node.parts.shelf is not None
        self.voice: Voice = await voice_of(self.node.parts.shelf.current, self.ars.voices)
        reading = asyncio.create_task(self._read())
        stack.callback(reading.cancel)

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    @property
    def origin(self) -> str:
        """Where desk and page are."""
        return self.node.desk_url.rstrip("/")

    # Calls.

    async def call(self, number: str, **headers: str) -> Call:
        """Dial the hotline from that number; returns when it is answered. What is heard is recorded."""
        self.secrets |= {number} - {"anonymous"}
        started = len(self.events)
        leg = await self._answered(number, headers)
        ear = self.recording()
        await leg.record(ear.path)
        call = Call(number, leg, ear)
        call.call_id = (await self.event(CallStarted, after=started)).call_id
        return call

    async def _answered(self, number: str, headers: dict[str, str]) -> PhoneCall:
        """Try one SIP worker after the other, as an exchange does: one that still waits for a telephone's last word
        says 503."""
        async with asyncio.timeout(SOON_S):
            for address in itertools.cycle(self.node.sip_addresses):
                leg = await self.phones.dial(
                    f"sip:120@{address}", from_uri=f"<sip:{number}@127.0.0.1>", headers=headers
                )
                with contextlib.suppress(CallOver):
                    return await leg.answered(SOON_S)
                assert leg.ended is not None
                assert leg.ended.status == 503, leg.ended
        raise AssertionError("there is always another worker")

    def recording(self) -> Recording:
        """A new file to record into."""
        return Recording(self.folder / f"heard-{next(self._files)}.wav")

    async def headset_call(self) -> tuple[PhoneCall, Recording]:
        """The agent's side of the next call that she answers, recorded."""
        leg = await self.headset.next_call(SOON_S)
        await leg.answered(SOON_S)
        ear = self.recording()
        await leg.record(ear.path)
        return leg, ear

    async def link(self, number: str) -> str:
        """The address in the newest text message to that number."""
        await patience.until(lambda: bool(self._messages(number)), SOON_S)
        return self._messages(number)[0].secrets[0]

    def _messages(self, number: str) -> list[Message]:
        return [message for message in self._outbox.messages if message.to == number and message.secrets]

    def texts(self, call_id: str) -> list[Message]:
        """What was sent in that call."""
        return [message for message in self._outbox.messages if message.call_id == call_id]

    @property
    def _outbox(self) -> Outbox:
        assert isinstance(self.node.parts.gateway, Outbox)
        return self.node.parts.gateway

    # What has happened.

    async def event(
        self,
        kind: type[E],
        where: Callable[[E], bool] = lambda _: True,
        *,
        call_id: str = "",
        after: int = 0,
        within_s: float = SOON_S,
    ) -> E:
        """The first such event since the ``after``-th one, past or to come."""

        def found() -> E | None:
            return next(
                (
                    event
                    for event in self.events[after:]
                    if isinstance(event, kind) and (not call_id or event.call_id == call_id) and where(event)
                ),
                None,
            )

        try:
            await patience.until(lambda: found() is not None, within_s)
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__}; there were {self.events[after:]}") from None
        event = found()
        assert event is not None
        return event

    def screens(self, call_id: str) -> list[tuple[str, str]]:
        """Screens of a call and what moved the caller there."""
        return [(e.screen, e.cause) for e in self.events if isinstance(e, ScreenShown) and e.call_id == call_id]

    def visit_states(self, call_id: str) -> list[str]:
        """What became of a call's page."""
        return [e.state for e in self.events if isinstance(e, VisitChanged) and e.call_id == call_id]

    async def same(self, phone: Phone, call: OnTheLine, screen: str, since: int = 0) -> int:
        """Page and voice are on this screen, and so is the visit; returns how far the ear has heard."""
        await phone.on(screen)
        at = await self.voice.until_on(screen, call.ear, since)
        visit = self.ars.visits.of_call(call.call_id)
        assert visit is not None
        assert visit.state.here.id == screen, "neither holds state of its own"
        return at

    # Between the flows.

    async def rest(self) -> None:
        """All telephones on the hook, nobody at the desk, no time gone by."""
        for leg in [*self.phones.calls.values(), *self.headset.calls.values()]:
            with contextlib.suppress(MinwonError, TimeoutError):
                await leg.hang_up()
        await self.phones.answering(Answering(mode="ring"))
        await self.node.calls.end_all("desk_hung_up", grace_s=0)
        await patience.until(lambda: len(self.node.calls) == 0, SOON_S)
        agent = self.node.dispatcher.roster.agent(AGENT)
        await patience.until(lambda: agent.state in ("ready", "away"), SOON_S)
        if agent.state == "ready":
            await self.node.dispatcher.wish(AGENT, "away")
        self.clock_goes(dt.timedelta(0))

    def clock_goes(self, by: dt.timedelta) -> None:
        """Visits, links and forms see a clock that is so much later."""
        self.ars.now = lambda: dt.datetime.now().astimezone() + by  # type: ignore[method-assign]

    def personal(self) -> set[str]:
        """All that was said, sent or typed so far, numbers and the secret parts of links."""
        found = set(self.secrets)
        for event in self.events:
            match event:
                case FormSent():
                    found |= {value.value for value in event.values}
                case TranscriptFinal(text=text):
                    found.add(text)
                case MessageSent(to=to, text=text):
                    found |= {to, text}
                case CallStarted(caller=caller):
                    found.add(caller.number)
                case _:
                    pass
        found |= {link.rpartition("/")[2] for message in self._outbox.messages for link in message.secrets}
        pictures = {e.photo_id for e in self.events if isinstance(e, PhotoReceived)}  # tell nothing
        return {text for text in found - pictures if len(text) > 2}

    def logged(self) -> str:
        """All lines of the node's log, debug and up."""
        return self._log.read_text("utf-8")

    def _config(self) -> Config:
        agent = AgentConfig(
            id=AGENT, name="김하늘", extension="2107", uri=self.headset.uri, password_hash=self._hash, starts="away"
        )
        return Config(
            node=NodeConfig(home=str(self.folder / "home"), grace_s=0.5),
            web=Web(port=0),
            sip=SipConfig(port=0, rtp_port=0, workers=2, outbound=f"sip:{{number}}@{self.phones.address}"),
            stt=SttConfig(workers=1),
            assist=AssistConfig(wrap_up_s=0.2),
            ars=ArsConfig(menu=str(MENU)),
            texts=TextsConfig(undo_s=0.5, quiet_from="00:00", quiet_until="00:00"),  # flows run at night too
            agents=(agent,),
        )

    async def _read(self) -> None:
        async with self.node.bus.subscribe(name="flows", limit=10_000, overflow=Overflow.WAIT) as events:
            async for event in events:
                self.events.append(event)

    @contextlib.contextmanager
    def logging(self) -> Iterator[None]:
        """All logs of this process go to a file of ours: not for longer than a flow, other tests look at theirs."""
        with self._log.open("a", encoding="utf-8", buffering=1) as file:
            log.setup(LogConfig(level="debug", format="json"), node="flows")
            structlog.configure(logger_factory=lambda *_: structlog.WriteLogger(file))
            try:
                yield
            finally:
                log.setup(LogConfig(level="warning"), node="")


class Desk:
    """The agent's browser, as far as it speaks with the node."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.said: list[dict[str, Any]] = []
        """What the desk's socket brought."""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": self.origin})
        form = {"id": AGENT, "password": PASSWORD, "next": "/desk"}
        async with self._http.post(f"{self.origin}/signin", data=form) as answer:
            assert answer.status == 200, await answer.text()
        self._socket = await self._http.ws_connect(f"{self.origin}/desk/ws")
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._socket.close()
        await self._reading
        await self._http.close()

    @property
    def origin(self) -> str:
        """Of the page."""
        return self._stage.origin

    async def ready(self, is_ready: bool = True) -> None:
        """The button 'ready', or 'away'."""
        await self.post("state", state="ready" if is_ready else "away")

    async def post(self, path: str, *, status: int = 204, **body: Any) -> None:
        """Press a button."""
        async with self._http.post(f"{self.origin}/desk/api/{path}", json=body) as answer:
            assert answer.status == status, await answer.text()

    async def get(self, path: str) -> Any:
        """Ask for JSON."""
        async with self._http.get(f"{self.origin}/desk/api/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def picture(self, photo_id: str, *, preview: bool = False) -> bytes:
        """A caller's picture."""
        async with self._http.get(f"{self.origin}/desk/api/photos/{photo_id}?preview={int(preview)}") as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "image/jpeg"
            return await answer.read()

    async def history(self, call_id: str) -> list[dict[str, Any]]:
        """The call's lasting events."""
        events: list[dict[str, Any]] = (await self.get(f"calls/{call_id}"))["events"]
        return events

    async def kept(self, call_id: str, kind: str) -> dict[str, Any]:
        """The call's first event of that type in the history; what comes after its end is kept in its own time."""
        async with asyncio.timeout(SOON_S):
            while True:
                for event in await self.history(call_id):
                    if event["type"] == kind:
                        return event
                await asyncio.sleep(patience.STEP_S)

    async def until(self, kind: str, where: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """A message of the socket, live or in the history, past or to come."""

        def found() -> dict[str, Any] | None:
            every = [m for said in self.said for m in (said["events"] if said["type"] == "History" else [said])]
            return next((message for message in every if message["type"] == kind and where(message)), None)

        try:
            await patience.until(lambda: found() is not None, SOON_S)
        except TimeoutError:
            raise AssertionError(f"the desk was not told {kind}, but {self.said}") from None
        message = found()
        assert message is not None
        return message

    async def _read(self) -> None:
        async for message in self._socket:
            self.said.append(message.json())


class Phone:
    """A smartphone: Chromium as wide as one, with a finger."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.page = page
        self.complaints: list[str] = []
        self.forgiven = False
        """Refused addresses and a dead node are what the test is about: Chromium reports them."""
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    async def open(self, address: str) -> None:
        """Tap on a link."""
        await self.page.goto(address)

    async def on(self, screen: str) -> None:
        """Wait until the page shows that screen, and is connected."""
        await expect(self.page.locator("#main")).to_have_attribute("data-screen", screen, timeout=SOON_S * 1000)

    @property
    def main(self) -> Locator:
        """The screen between header and footer."""
        return self.page.locator("main")

    @property
    def status(self) -> Locator:
        """The line on top."""
        return self.page.locator("#says")

    @property
    def notice(self) -> Locator:
        """What has just happened."""
        return self.page.locator("#notice")

    async def says(self, where: Locator, words: str) -> None:
        """Wait until it stands there."""
        await expect(where).to_contain_text(words, timeout=SOON_S * 1000)

    async def number(self) -> int:
        """Of the screen that is shown."""
        return int(await self.page.locator("#main").get_attribute("data-number") or 0)

    def button(self, choice: str) -> Locator:
        """A choice of the screen, or of the line below."""
        return self.page.locator(f'button[name="_choice"][value="{choice}"]').last

    async def tap(self, choice: str) -> None:
        """Press it."""
        await self.button(choice).tap()

    async def send_form(self) -> None:
        """Press the form's button."""
        await self.page.locator("#form > button.main").tap()

    async def shot(self, name: str) -> None:
        """A picture for who wants to look at it."""
        if SHOTS:
            await self.page.screenshot(path=Path(SHOTS) / f"{name}.png")


def token_of(link: str) -> str:
    """The secret part of a link."""
    found = re.search(r"/v/([A-Za-z0-9_-]{16,})$", link)
    assert found, link
    return found[1]


@contextlib.asynccontextmanager
async def a_phone(browser: Any, **options: Any) -> AsyncIterator[Phone]:
    """A smartphone of its own: no cookie, nothing remembered. Whatever the browser complains about fails the test."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        **options,
    )
    context.set_default_timeout(SOON_S * 1000)
    phone = Phone(context, await context.new_page())
    yield phone
    await context.close()
    lost = ("ERR_INTERNET", "WebSocket")
    assert phone.forgiven or not [line for line in phone.complaints if not any(word in line for word in lost)]
