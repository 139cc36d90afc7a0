"""One visit: the state machine with its surroundings. Inputs come from page, keypad, desk and call; effects go out.

``put`` is immediate: the state is the new one and the pages know it when ``put`` returns. What takes time (the voice,
events, messages) is done in order by one task, which lives only while there is something to do.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from ars import effects, inputs, visit_words, voice
from ars.effects import Effect
from ars.inputs import Input
from ars.menu import step
from ars.model import BOOKED, CAPTIONS, CODE, JOIN, TALK, WAIT, Language
from ars.page_feed import CaptionLine, Gone, PageFeed
from ars.state import Sent, State
from ars.view import Around, StatusView, View, status, view
from ars.visit_house import CallSide, VisitHouse
from ars.visit_timers import Timers
from core import metrics
from core.errors import MinwonError
from core.events import (
    CallJoined,
    Event,
    PhotoReceived,
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
PEOPLE: Final = (inputs.Key, inputs.Tap, inputs.Submit, inputs.Push)
"""Inputs of people. The others come from the call, each at most once for each of its steps, and must not be lost."""
PAGES: Final = 8
"""Pages of one visit at the same time: tabs of the browser that opened it."""
PAUSE_S: Final = 3.0
"""After a key of a number, how long the next one may take."""
READING: Final = 15.0
"""One who has a page open is left in peace so many times longer."""
EXTENDS: Final = dt.timedelta(minutes=10)
REMEMBERED: Final = 200
"""Caption lines that a page gets which opens late."""


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
        self.awaited = False
        """A callback is booked: page and links have to live until it is made."""
        self.captions: deque[CaptionLine] = deque(maxlen=REMEMBERED)
        """What was said so far."""
        self._house = house
        self._feeds: list[PageFeed] = []
        self._work: deque[Effect | Event] = deque()
        self._working = False
        self._timers = Timers(
            silent=lambda: self.put(inputs.Silence()), time_up=lambda: self.put(inputs.TimeUp()), lost=self._lost
        )
        self._form_ends: dt.datetime | None = None
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
    def settled(self) -> bool:
        """Whether all that was put has been done: what is to be said of it was given to the call."""
        return not (self._work or self._working)

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
        was_listening = self._timers.listening
        self._timers.stop_listening()
        before = self.state
        self.state, wanted = step(before, event, self._house.now())
        metrics.ARS_INPUTS.labels(kind=type(event).__name__).inc()
        if any(isinstance(effect, effects.Show) for effect in wanted):
            self._set_form_time()
            self._draw()
        elif any(isinstance(effect, effects.Refresh) for effect in wanted):
            self._draw()
        if self.state.phase != before.phase:
            self._draw_status()
        if self.state.keyed:
            self._timers.listen(PAUSE_S)
        elif (was_listening or effects.Hush() in wanted) and not any(
            isinstance(effect, effects.Read) for effect in wanted
        ):
            self.spoken()  # nothing will be said, so it is the caller's turn still
        self._do_soon(wanted)
        return True

    def submit(self, number: int, values: Mapping[str, str]) -> bool:
        """A form from a page. Pictures in it must be the visit's own."""
        kinds = {field.id: field.kind for field in self.state.screen.fields}
        own = {name: v for name, v in values.items() if kinds.get(name) != "photo" or v in self.photos}
        return self.put(inputs.Submit(number, own))

    def spoken(self) -> None:
        """The speech is over: now it is the caller's turn."""
        if self.state.phase == "menu":
            wait_s = self.state.menu.no_input_s
            self._timers.listen(wait_s * READING if self.has_page else wait_s)

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
            self._caption(line)
        if self.state.here.id == CAPTIONS:
            for feed in self._feeds:
                feed.caption(line)

    def _caption(self, line: CaptionLine) -> None:
        """Remember a line; one that was heard better now takes its own place."""
        for place, known in enumerate(self.captions):
            if known.utterance == line.utterance:
                self.captions[place] = line
                return
        self.captions.append(line)

    async def write(self, text: str) -> None:
        """The caller wrote to the agent."""
        if self.call is not None and self.state.phase == "talking":
            await self.call.typed(text)

    def extend(self) -> None:
        """More time for the form, or for the page after the call."""
        now = self._house.now()
        if self._form_ends is not None:
            self._form_ends = max(self._form_ends, now) + EXTENDS
            self._timers.form((self._form_ends - now).total_seconds())
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
        self._do_soon((effects.Show("start"), effects.Read(how)))

    def begins_again(self, call: CallSide) -> None:
        """The callback that was booked here is being made: the page belongs to its call from now on."""
        self.call, self.ends = call, None
        self._tell_soon(self._changed("begun"))
        self._do_soon((effects.Speaks(self.state.language),))
        if self.state.page:
            self._tell_soon(self._changed("opened"))
        self.put(inputs.CalledBack())

    def booking_over(self) -> None:
        """Nobody will be called back any more: the page may end."""
        self.awaited = False
        if self.ends is not None:
            self.ends = min(self.ends, self._house.now() + EXTENDS)
        self.put(inputs.BookingOver())
        self._draw_status()

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
        speaks = (effects.Speaks(language),) if language != self.state.language else ()
        called, wanted = step(other.state, inputs.Called(self.state.has_number), self._house.now())
        number = max(called.number, self.state.number) + 1
        self.state = replace(called, visit_id=self.visit_id, phase=phase, language=language, number=number, page=True)
        self.way, self._seen = "code", True
        self.photos |= other.photos
        other.photos = set()
        self._feeds += other._feeds
        other._feeds = []
        other.close()
        self._set_form_time()
        self._draw()
        self._tell_soon(self._changed("opened"))
        for photo in other._untold:
            self._tell_soon(replace(photo, visit_id=self.visit_id))
        if not self._feeds:
            self._timers.page_gone()
        self._do_soon((*speaks, *wanted))

    def call_over(self, ends: dt.datetime) -> None:
        """The call has ended; the page lives on until ``ends``."""
        self.ends = ends
        self.put(inputs.HungUp())
        self._draw_status()

    # Pages.

    def open_page(self) -> PageFeed | None:
        """A page of ours is there; None when there are too many of them."""
        if self._over or len(self._feeds) >= PAGES:
            return None
        feed = PageFeed()
        self._feeds.append(feed)
        self._timers.page_there()
        if not self.state.page:
            self._tell_soon(self._changed("back" if self._seen else "opened"))
            self._seen = True
            self.put(inputs.PageSeen(True))
        return feed

    def close_page(self, feed: PageFeed) -> None:
        """A page has left, or was lost."""
        if feed in self._feeds:
            self._feeds.remove(feed)
        feed.close()
        if not self._feeds and not self._over:
            self._timers.page_gone()

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
        self._timers.close()
        for feed in self._feeds:
            feed.gone(reason)
        if reason == "expired":
            self._tell_soon(self._changed("ended"))

    # Effects.

    def _do_soon(self, wanted: tuple[Effect, ...]) -> None:
        last = next((effect for effect in reversed(wanted) if isinstance(effect, effects.Show)), None)
        for effect in wanted:
            if isinstance(effect, effects.Show):
                if effect is last:  # where the caller was for no time at all is not told
                    self._work.append(visit_words.shown(self.state, effect.cause))  # now, while it is true
            elif not isinstance(effect, effects.Refresh):
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
                    if isinstance(effect, effects.SendText | effects.SendVisitLink):
                        self.put(inputs.NotSent())
                except Exception as fault:
                    log.exception("visit.effect", visit=self.visit_id, error=type(fault).__name__)
        finally:
            self._working = False

    async def _do(self, effect: Effect | Event) -> None:
        call = self.call
        match effect:
            case effects.TryCode(code=code):
                if not self._house.try_code(self, code):
                    self.put(inputs.WrongCode())
            case effects.SendText(message=message, values=values):
                link = self._house.link(self) if visit_words.brings_link(self.state, message) else ""
                secrets = (link,) if link else ()
                await self._house.send_text(
                    self, visit_words.filled_in(self.state, message, values, link), secrets=secrets
                )
            case effects.SendVisitLink():
                await self.send_link()
            case _ if call is None:
                return
            case Event():
                await call.tell(effect)
            case effects.Hush():
                await call.hush()
            case effects.Read(notice=notice, said=words):
                if self.state.can_speak and not any(isinstance(later, effects.Read) for later in self._work):
                    await call.speak(self.speech(notice, words))
            case effects.ToQueue(queue=queue):
                await call.find_agent(queue)
            case effects.ToContact(contact=contact):
                await call.call_contact(self.state.menu.contacts[contact], self.state.language)
            case effects.Book(number=number):
                if not await call.book(number):
                    self._forget_goodbye()
            case Sent(stop=stop):
                if stop.id != JOIN:
                    await call.tell(visit_words.sent(self.visit_id, effect))
                if (rating := visit_words.rated(self.state, effect)) is not None:
                    await call.tell(rating)
            case effects.Speaks(language=language):
                await call.speaks(language)
            case effects.EndCall():
                await call.end()

    async def send_link(self, by: str = "") -> None:
        """Send the link to the caller's mobile. ``Refused`` in words."""
        link = self._house.link(self)
        text = visit_words.filled_in(self.state, visit_words.LINK, (), link)
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
        while effects.EndCall() in self._work:
            self._work.remove(effects.EndCall())

    def _changed(self, what: VisitState) -> VisitChanged:
        return visit_words.changed(self.state, what, self.way)

    # Drawing.

    def _draw(self) -> None:
        for feed in self._feeds:
            feed.screen()

    def _draw_status(self) -> None:
        for feed in self._feeds:
            feed.status()

    def _set_form_time(self) -> None:
        """The screen is a new one: its form, if it has one, has its own time."""
        minutes = self.state.screen.minutes if self.state.screen.fields else 0
        self._form_ends = self._house.now() + dt.timedelta(minutes=minutes) if minutes else None
        self._timers.form(minutes * 60.0 if minutes else None)
        self._draw_status()

    def _lost(self) -> None:
        if not self._feeds and not self._over:
            self.put(inputs.PageSeen(False))
            self._tell_soon(self._changed("lost"))
