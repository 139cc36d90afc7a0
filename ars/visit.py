"""One visit: the state machine with its surroundings. Inputs come from page, keypad, desk and call; effects go out.

``put`` is immediate: the state is the new one and the pages know it when ``put`` returns. What takes time (the voice,
events, messages) is done in order by one task, which lives only while there is something to do.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final, Protocol

from msgspec.structs import replace

from ars import menu, voice
from ars.menu import Input, State, Stop
from ars.model import BOOKED, CAPTIONS, CODE, JOIN, TALK, WAIT, Contact, Language, Screen, said
from ars.page_feed import CaptionLine, Gone, PageFeed
from ars.view import Around, StatusView, View, status, view
from core import metrics
from core.errors import MinwonError
from core.events import (
    CallJoined,
    Event,
    FormSent,
    FormValue,
    PhotoReceived,
    ScreenCause,
    ScreenShown,
    TranscriptFinal,
    TranscriptPartial,
    VisitChanged,
    VisitState,
    VisitWay,
)
from core.log import get_logger

log = get_logger("ars.visit")

EFFECTS: Final = 64
"""Effects that may wait; beyond it inputs of people are refused, counted: no person is so fast."""
PEOPLE: Final = (menu.Key, menu.Tap, menu.Submit, menu.Push)
"""Inputs of people. The others come from the call, each at most once for each of its steps, and must not be lost."""
PAGES: Final = 8
"""Pages of one visit at the same time: tabs of the browser that opened it."""
PAUSE_S: Final = 3.0
"""After a key of a number, how long the next one may take."""
READING: Final = 15.0
"""One who has a page open is left in peace so many times longer."""
LOST_S: Final = 5.0
"""A page that is gone for less was only reloaded."""
EXTENDS: Final = dt.timedelta(minutes=10)
_NAMED: Final = re.compile(r"\{(\w+)\}")
REMEMBERED: Final = 200
"""Caption lines that a page gets which opens late."""


class CallSide(Protocol):
    """The call of a visit, as far as a visit may touch it. Fulfilled by ``server.call_side``."""

    call_id: str

    async def tell(self, event: Event) -> None:
        """Say an event on the call's line."""

    async def speak(self, speech: voice.Speech) -> None:
        """Say this to the caller instead of what is being said; the end is told by ``Visit.spoken``."""

    async def hush(self) -> None:
        """Silence at once."""

    async def find_agent(self, queue: str) -> None:
        """The caller wants an agent of that queue."""

    async def call_contact(self, contact: Contact, language: Language) -> None:
        """The caller wants that department."""

    async def book(self, number: str) -> bool:
        """Keep the caller's place and call back; '' = the number that calls. When it could not be booked the visit has
        been told (``menu.NotBooked``), and the answer is False."""

    async def end(self) -> None:
        """Hang up when the present speech is over."""

    async def typed(self, text: str) -> None:
        """The caller wrote something to the agent."""


class VisitHouse(Protocol):
    """What visits need of the node. Fulfilled by ``server.visual_ars``."""

    def now(self) -> dt.datetime:
        """Local time with its zone."""

    def spoken_language(self, language: Language) -> Language:
        """The language in which a voice speaks to a caller of that language."""

    async def send_text(self, visit: Visit, text: str, *, secrets: tuple[str, ...] = (), by: str = "") -> None:
        """A text message to the visit's caller. ``Refused`` in words."""

    def link(self, visit: Visit) -> str:
        """A new link to the visit's page."""

    def try_code(self, visit: Visit, code: str) -> bool:
        """Bring the page that shows this code to this visit. False: there is none."""

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run beside; ended with the node."""


class Visit:
    """See the module. Belongs to one event loop."""

    def __init__(self, state: State, house: VisitHouse, *, way: VisitWay = "call") -> None:
        self.state = state
        self.around = Around()
        self.way = way
        self.call: CallSide | None = None
        self.photos: set[str] = set()
        """Ids of pictures that this visit's caller has sent."""
        self._untold: list[PhotoReceived] = []
        """Pictures that came before the call."""
        self.ends: dt.datetime | None = None
        """When page and visit are over; None while the call goes on."""
        self.captions: deque[CaptionLine] = deque(maxlen=REMEMBERED)
        """What was said so far."""
        self._house = house
        self._feeds: list[PageFeed] = []
        self._work: deque[menu.Effect | Event] = deque()
        self._working = False
        self._timer: asyncio.TimerHandle | None = None
        self._form_timer: asyncio.TimerHandle | None = None
        self._form_ends: dt.datetime | None = None
        self._lost_timer: asyncio.TimerHandle | None = None
        self._seen = False
        self._over = False

    @property
    def visit_id(self) -> str:
        """Its own id."""
        return self.state.visit_id

    @property
    def was_seen(self) -> bool:
        """Whether a page was ever open: it may be locked just now, and comes back."""
        return self._seen

    @property
    def has_page(self) -> bool:
        """Whether a page is open now."""
        return bool(self._feeds)

    # Inputs.

    def put(self, event: Input) -> bool:
        """Let something happen. False when it came too fast on the heels of too much else."""
        if self._over or (isinstance(event, PEOPLE) and len(self._work) >= EFFECTS):
            metrics.ARS_INPUTS_REFUSED.inc()
            return False
        was_waiting = self._timer is not None
        self._cancel_timer()
        before = self.state
        self.state, effects = menu.step(before, event, self._house.now())
        metrics.ARS_INPUTS.labels(kind=type(event).__name__).inc()
        if any(isinstance(effect, menu.Show) for effect in effects):
            self._set_form_timer()
            self._draw()
        elif any(isinstance(effect, menu.Refresh) for effect in effects):
            self._draw()
        if self.state.phase != before.phase:
            self._draw_status()
        if self.state.keyed:
            self._set_timer(PAUSE_S)
        elif (was_waiting or menu.Hush() in effects) and not any(isinstance(effect, menu.Read) for effect in effects):
            self.spoken()  # nothing will be said, so it is the caller's turn still
        self._do_soon(effects)
        return True

    def submit(self, number: int, values: Mapping[str, str]) -> bool:
        """A form from a page. Pictures in it must be the visit's own."""
        kinds = {field.id: field.kind for field in self.state.screen.fields}
        own = {name: v for name, v in values.items() if kinds.get(name) != "photo" or v in self.photos}
        return self.put(menu.Submit(number, own))

    def spoken(self) -> None:
        """The speech is over: now it is the caller's turn."""
        if self.state.phase == "menu":
            wait_s = self.state.menu.no_input_s
            self._set_timer(wait_s * READING if self.has_page else wait_s)

    def set_around(self, **facts: Any) -> None:
        """Something around the visit has changed: place in the queue, who talks, code."""
        changed = replace(self.around, **facts)
        if changed != self.around:
            self.around = changed
            self._draw_status()
            if self.state.here.id in (WAIT, CODE, TALK, BOOKED):
                self._draw()

    def heard(self, event: TranscriptPartial | TranscriptFinal) -> None:
        """Words of the call, for the captions."""
        final = isinstance(event, TranscriptFinal)
        line = CaptionLine(utterance=event.utterance, speaker=event.speaker, text=event.text, final=final)
        if final:
            self.captions.append(line)
        if self.state.here.id == CAPTIONS:
            for feed in self._feeds:
                feed.caption(line)

    async def write(self, text: str) -> None:
        """The caller wrote to the agent."""
        if self.call is not None and self.state.phase == "talking":
            await self.call.typed(text)

    def extend(self) -> None:
        """More time for the form, or for the page after the call."""
        now = self._house.now()
        if self._form_ends is not None:
            self._form_ends = max(self._form_ends, now) + EXTENDS
            self._arm_form_timer()
        if self.ends is not None:
            self.ends = max(self.ends, now) + EXTENDS
        self._draw_status()

    def photo(self, event: PhotoReceived) -> None:
        """A picture was taken in."""
        self.photos.add(event.photo_id)
        if self.call is None:
            self._untold.append(event)
        else:
            self._tell_soon(event)

    # The call comes and goes.

    def begins(self, call: CallSide) -> None:
        """The call is there: say where we are, and speak."""
        self.call = call
        self._tell_soon(self._changed("begun"))
        how = "" if self.state.has_number else voice.HOW_TO_JOIN
        self._do_soon((menu.Show("start"), menu.Read(how)))

    def resumes(self, call: CallSide, past: Sequence[Event]) -> None:
        """The call goes on after the node before us; ``past``: the events on its line. Nothing is told or said."""
        self.call = call
        for event in past:
            match event:
                case VisitChanged(way=way, state=state):
                    self.way = way
                    self._seen = self._seen or state in ("opened", "back")
                case PhotoReceived(photo_id=photo_id):
                    self.photos.add(photo_id)
                case TranscriptFinal():
                    self.heard(event)
                case CallJoined(agent_name=name):
                    self.around = replace(self.around, agent=name)

    def becomes(self, other: Visit) -> None:
        """The page of ``other``, which was opened first, belongs to this call from now on.

        It may be in the background, and not connected, while its telephone keys in the code: then it comes back.
        """
        language, phase = other.state.language, self.state.phase
        called, effects = menu.step(other.state, menu.Called(self.state.has_number), self._house.now())
        number = max(called.number, self.state.number) + 1
        self.state = replace(called, visit_id=self.visit_id, phase=phase, language=language, number=number, page=True)
        self.way, self._seen = "code", True
        self.photos |= other.photos
        other.photos = set()
        self._feeds += other._feeds
        other._feeds = []
        other.close()
        self._set_form_timer()
        self._draw()
        self._tell_soon(self._changed("opened"))
        for photo in other._untold:
            self._tell_soon(replace(photo, visit_id=self.visit_id))
        if not self._feeds:
            self._set_lost_timer()
        self._do_soon(effects)

    def call_over(self, ends: dt.datetime) -> None:
        """The call has ended; the page lives on until ``ends``."""
        self.ends = ends
        self.put(menu.HungUp())
        self._draw_status()

    # Pages.

    def open_page(self) -> PageFeed | None:
        """A page of ours is there; None when there are too many of them."""
        if self._over or len(self._feeds) >= PAGES:
            return None
        feed = PageFeed()
        self._feeds.append(feed)
        if self._lost_timer is not None:
            self._lost_timer.cancel()
            self._lost_timer = None
        if not self.state.page:
            self._tell_soon(self._changed("back" if self._seen else "opened"))
            self._seen = True
            self.put(menu.PageSeen(True))
        return feed

    def close_page(self, feed: PageFeed) -> None:
        """A page has left, or was lost."""
        if feed in self._feeds:
            self._feeds.remove(feed)
        feed.close()
        if not self._feeds and not self._over:
            self._set_lost_timer()

    def view(self) -> View:
        """The screen now."""
        return view(self.state, self.around, self._house.now())

    def status(self) -> StatusView:
        """The status line now."""
        return status(self.state, replace(self.around, ends=self._form_ends or self.ends))

    def close(self, reason: Gone = "expired") -> None:
        """The visit is over."""
        if self._over:
            return
        self._over = True
        self._cancel_timer()
        for timer in (self._form_timer, self._lost_timer):
            if timer is not None:
                timer.cancel()
        for feed in self._feeds:
            feed.gone(reason)
        if reason == "expired":
            self._tell_soon(self._changed("ended"))

    # Effects.

    def _do_soon(self, effects: tuple[menu.Effect, ...]) -> None:
        last = next((effect for effect in reversed(effects) if isinstance(effect, menu.Show)), None)
        for effect in effects:
            if isinstance(effect, menu.Show):
                if effect is last:  # where the caller was for no time at all is not told
                    self._work.append(self._shown(effect.cause))  # now, while it is true
            elif not isinstance(effect, menu.Refresh):
                self._work.append(effect)
        self._start()

    def _tell_soon(self, event: Event) -> None:
        self._work.append(event)
        self._start()

    def _start(self) -> None:
        if self._work and not self._working:
            self._working = True
            self._house.spawn(self._do_all(), f"visit {self.visit_id}")

    async def _do_all(self) -> None:
        """Everything that waits, in order. What fails concerns this visit alone."""
        try:
            while self._work:
                effect = self._work.popleft()
                try:
                    await self._do(effect)
                except MinwonError as fault:
                    log.warning("visit.effect", visit=self.visit_id, effect=type(effect).__name__, why=str(fault))
                except Exception as fault:
                    log.exception("visit.effect", visit=self.visit_id, error=type(fault).__name__)
        finally:
            self._working = False

    async def _do(self, effect: menu.Effect | Event) -> None:
        call = self.call
        match effect:
            case menu.TryCode(code=code):
                if not self._house.try_code(self, code):
                    self.put(menu.WrongCode())
            case menu.SendText(message=message, values=values):
                link = self._house.link(self) if self._brings_link(message) else ""
                secrets = (link,) if link else ()
                await self._house.send_text(self, self._filled_in(message, values, link), secrets=secrets)
            case menu.SendVisitLink():
                await self.send_link()
            case _ if call is None:
                return
            case Event():
                await call.tell(effect)
            case menu.Hush():
                await call.hush()
            case menu.Read(notice=notice, said=words):
                if self.state.can_speak and not any(isinstance(later, menu.Read) for later in self._work):
                    await call.speak(self.speech(notice, words))
            case menu.ToQueue(queue=queue):
                await call.find_agent(queue)
            case menu.ToContact(contact=contact):
                await call.call_contact(self.state.menu.contacts[contact], self.state.language)
            case menu.Book(number=number):
                if not await call.book(number):
                    self._forget_goodbye()
            case menu.Sent(stop=stop):
                if stop.id != JOIN:
                    await call.tell(self._sent(effect))
            case menu.EndCall():
                await call.end()

    async def send_link(self, by: str = "") -> None:
        """Send the link to the caller's mobile. ``Refused`` in words."""
        link = self._house.link(self)
        text = self._filled_in("link", (), link)
        if link not in text:
            text = f"{text} {link}"
        await self._house.send_text(self, text, secrets=(link,), by=by)
        if self.way == "call":
            self.way = "sms"

    def spoken_state(self) -> State:
        """The state in the language in which the caller is spoken to."""
        return replace(self.state, language=self._house.spoken_language(self.state.language))

    def speech(self, notice: str = "", words: Mapping[Language, str] | None = None) -> voice.Speech:
        """What the voice says of the present screen."""
        said_words = dict(words) if words else None
        return voice.speech(self.spoken_state(), self.around, self._house.now(), notice=notice, words=said_words)

    def _forget_goodbye(self) -> None:
        """What a booking was to end with, and was not booked."""
        while menu.EndCall() in self._work:
            self._work.remove(menu.EndCall())

    def _text_of(self, message: str) -> str:
        messages = self.state.menu.messages
        return said(messages[message].text, self.state.language) if message in messages else "{centre} {link}"

    def _brings_link(self, message: str) -> bool:
        return "{link}" in self._text_of(message)

    def _filled_in(self, message: str, values: menu.Values, link: str) -> str:
        """The message's words. What a caller wrote is filled in as it is, braces and all."""
        the_menu = self.state.menu
        centre = said(the_menu.title, self.state.language)
        known = {**dict(values), "centre": centre, "phone": the_menu.phone, "link": link}
        return _NAMED.sub(lambda named: known.get(named[1], named[0]), self._text_of(message))

    def _shown(self, cause: ScreenCause) -> ScreenShown:
        titles = [said((stop.pushed or self.state.menu.screens[stop.id]).title, "ko") for stop in self.state.trail]
        return ScreenShown(
            visit_id=self.visit_id, screen=self.state.here.id, title=titles[-1], path=tuple(titles[:-1]), cause=cause
        )

    def _sent(self, sent: menu.Sent) -> FormSent:
        given = dict(sent.values)
        values = []
        for field in sent.screen.fields:
            value = "" if field.secret else given.get(field.id, "")
            label = next((said(o.label, "ko") for o in field.options if o.value == value), value)
            hidden = field.secret and bool(given.get(field.id))
            values.append(FormValue(field=field.id, label=said(field.label, "ko"), value=label, hidden=hidden))
        title = said(sent.screen.title, "ko")
        return FormSent(visit_id=self.visit_id, screen=sent.stop.id, title=title, values=tuple(values))

    def _changed(self, state: VisitState) -> VisitChanged:
        the_menu = self.state.menu
        return VisitChanged(
            visit_id=self.visit_id,
            state=state,
            way=self.way,
            menu=f"{the_menu.id}@{the_menu.version}",
            language=self.state.language,
        )

    # Timers and drawing.

    def _draw(self) -> None:
        for feed in self._feeds:
            feed.screen()

    def _draw_status(self) -> None:
        for feed in self._feeds:
            feed.status()

    def _set_timer(self, seconds: float) -> None:
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.put, menu.Silence())

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_form_timer(self) -> None:
        if self._form_timer is not None:
            self._form_timer.cancel()
        self._form_timer = self._form_ends = None
        if self.state.screen.fields and self.state.screen.minutes:
            self._form_ends = self._house.now() + dt.timedelta(minutes=self.state.screen.minutes)
            self._arm_form_timer()
        self._draw_status()

    def _arm_form_timer(self) -> None:
        assert self._form_ends is not None
        if self._form_timer is not None:
            self._form_timer.cancel()
        seconds = (self._form_ends - self._house.now()).total_seconds()
        self._form_timer = asyncio.get_running_loop().call_later(max(0.0, seconds), self.put, menu.TimeUp())

    def _set_lost_timer(self) -> None:
        if self._lost_timer is None:
            self._lost_timer = asyncio.get_running_loop().call_later(LOST_S, self._lost)

    def _lost(self) -> None:
        self._lost_timer = None
        if not self._feeds and not self._over:
            self.put(menu.PageSeen(False))
            self._tell_soon(self._changed("lost"))


def pushed_card(entry_id: str, title: str, paragraphs: tuple[str, ...], contact: Contact | None) -> Stop:
    """A card of the consultation database as a screen."""
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    screen = Screen(title={"ko": title}, text={"ko": text} if text else {})
    return Stop(id=f"@card-{entry_id}", pushed=screen, contact=contact)
