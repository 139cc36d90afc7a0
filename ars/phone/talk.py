"""What a page and its visit say to each other, whatever carries it: WebSocket, event stream or form posts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from ars import inputs
from ars.messages import (
    LONGEST_QUERY,
    Caption,
    Captions,
    Extend,
    Gone,
    PageMessage,
    Refused,
    Screen,
    Search,
    Seen,
    Status,
    Submit,
    Tap,
    ToPage,
    Write,
    Written,
    decode,
)
from ars.messages import Found as FoundMessage
from ars.model import CODE
from ars.page_feed import CaptionLine, Due, GoneDue, ScreenDue, StatusDue
from ars.phone.map_picture import map_links
from ars.phone.render import Look, Renderer, Shown, status_message
from ars.view import status as status_of
from ars.view import view as view_of
from ars.visit import Visit
from ars.visits import Found, Visits
from ars.visits import Search as SearchEntries
from ars.words import say
from core import metrics
from core.errors import MinwonError
from core.log import get_logger
from core.web.rate import Bucket, Buckets

log = get_logger("ars.phone")

ANSWERS: Final = 8
"""Of a search."""
SEARCHES: Final = 10.0
"""Of one visit at once, one a second in the long run: a search takes the node up to 25 ms."""
UNCALLED_SEARCHES: Final = 60.0
"""Of all visits without a call at once, 20 a second in the long run: begun by the hundred, they must not keep the node
from its calls."""
DOUBLE_TAP_S: Final = 2.0
"""A tap on a screen that touch has left so recently is the second of two: it says nothing, and is told nothing."""
_PLAIN: Final = Look()


class Talk:
    """One for the node."""

    def __init__(
        self, visits: Visits, renderer: Renderer, search: SearchEntries, now: Callable[[], dt.datetime]
    ) -> None:
        self.visits = visits
        self.renderer = renderer
        self._search = search
        self._searches = Buckets(1.0, SEARCHES)
        self._uncalled_searches = Bucket(20.0, UNCALLED_SEARCHES)
        self.now = now

    # To the page.

    def shown(self, visit: Visit, base: str, *, known: bool = True, query: str = "") -> Shown:
        """What the visit's page shows now. ``known`` is false for who has not proved to be the caller yet (a messenger
        that fetches a preview): the menu's screen and nothing that anybody wrote or said."""
        self.renew_code(visit)
        state = visit.state
        if not known:
            state = replace(state, values=(), keyed="", errors=(), notice="", said={})
        view = view_of(state, visit.around if known else replace(visit.around, code=""), self.now())
        answers = self.search(visit, query)
        if answers is None:
            view, query = replace(view, notice=say(state.language, "page.too_fast")), ""
        there = state.menu.places.get(view.place.id) if view.place else None
        return Shown(
            view=view,
            status=visit.status() if known else status_of(state, replace(visit.around, agent="", contact="")),
            now=self.now(),
            base=base,
            captions=tuple(visit.captions) if view.captions and known else (),
            map_links=map_links(there, state.language) if there else (),
            query=query,
            answers=answers or (),
        )

    def screen(self, visit: Visit, base: str) -> Screen:
        """The screen as a message; the words of a captioned call follow apart."""
        shown = replace(self.shown(visit, base), captions=())
        view = shown.view
        return Screen(
            number=view.number,
            id=view.id,
            title=view.title,
            language=view.language,
            phase=view.phase,
            html=self.renderer.screen(shown, _PLAIN),
        )

    def status(self, visit: Visit) -> Status:
        """The line on top as a message."""
        return status_message(visit.status(), visit.state.language, self.now())

    def messages(self, visit: Visit, base: str, due: Due) -> Iterator[ToPage]:
        """What a page has to be told."""
        match due:
            case ScreenDue():
                screen = self.screen(visit, base)
                yield screen
                if visit.view().captions:
                    yield Captions(lines=tuple(_caption(line) for line in visit.captions))
            case StatusDue():
                yield self.status(visit)
            case CaptionLine():
                yield _caption(due)
            case GoneDue(reason=reason):
                yield Gone(reason=reason)

    def renew_code(self, visit: Visit) -> None:
        """A code holds for ten minutes: a page that shows one gets the next in time."""
        if visit.state.phase == "web" and visit.state.here.id == CODE:
            try:
                self.visits.code(visit)
            except MinwonError as fault:
                visit.set_around(code="")
                log.warning("phone.no_code", visit=visit.visit_id, why=str(fault))

    # From the page.

    async def take(
        self, visit: Visit, base: str, raw: bytes | str, drawn: Callable[[int], None] | None = None
    ) -> list[ToPage]:
        """A message as it came by the socket; returns the answers. What is none is refused in words and counted.
        ``drawn`` is told the number of a screen that the phone has drawn."""
        try:
            message = decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return [self.refused(visit, "message", "page.misunderstood")]
        if isinstance(message, Seen) and drawn is not None:
            drawn(message.number)
        return await self.act(visit, base, message)

    async def act(self, visit: Visit, base: str, message: PageMessage) -> list[ToPage]:
        """Do what the page wants; the screens that follow come by the visit's feed."""
        match message:
            case Tap(number=number, choice=choice):
                return self._put(visit, base, number, lambda: visit.put(inputs.Tap(number, choice)))
            case Submit(number=number, values=values):
                return self._put(visit, base, number, lambda: visit.submit(number, _with_secrets(visit, values)))
            case Write(text=text, mark=mark):
                return await self._write(visit, text, mark)
            case Extend():
                self.visits.extend(visit)
                return []
            case Search(query=query):
                return [self._found(visit, query)]
            case Seen():
                return []

    def search(self, visit: Visit, query: str) -> tuple[Found, ...] | None:
        """Entries of the consultation database; None when it searches too often."""
        words = _tidy(query)[:LONGEST_QUERY]
        if not words:
            return ()
        at = time.monotonic()
        if not self._searches.take(visit.visit_id, at) or (visit.call is None and not self._uncalled_searches.take(at)):
            metrics.ARS_MESSAGES_REFUSED.labels(why="too_fast").inc()
            return None
        return tuple(self._search(words, ANSWERS))

    def _found(self, visit: Visit, query: str) -> ToPage:
        """Answers of a search as a message."""
        answers, language = self.search(visit, query), visit.state.language
        if answers is None:
            return Refused(why="too_fast", text=say(language, "page.too_fast"))
        return FoundMessage(
            query=query, count=len(answers), html=self.renderer.found(language, query.strip() or "-", answers)
        )

    def refused(self, visit: Visit, why: str, key: str, mark: str = "") -> Refused:
        """No, in words; counted."""
        metrics.ARS_MESSAGES_REFUSED.labels(why=why).inc()
        return Refused(why=why, text=say(visit.state.language, key), mark=mark)

    def _put(self, visit: Visit, base: str, number: int, put: Callable[[], bool]) -> list[ToPage]:
        state = visit.state
        if number != state.number:
            moved_s = (self.now() - state.moved).total_seconds() if state.moved is not None else DOUBLE_TAP_S
            if 0 <= moved_s < DOUBLE_TAP_S:
                metrics.ARS_MESSAGES_REFUSED.labels(why="double").inc()
                return [self.screen(visit, base)]
            return [self.screen(visit, base), self.refused(visit, "stale", "page.stale")]
        return [] if put() else [self.refused(visit, "too_fast", "page.too_fast")]

    async def _write(self, visit: Visit, text: str, mark: str) -> list[ToPage]:
        words = _tidy(text)
        if not words:
            return [self.refused(visit, "empty", "page.misunderstood", mark)]
        if visit.call is None or visit.state.phase != "talking":
            return [self.refused(visit, "not_talking", "page.not_talking", mark)]
        try:
            await visit.write(words)
        except MinwonError as fault:
            log.warning("phone.not_written", visit=visit.visit_id, why=str(fault))
            return [self.refused(visit, fault.code, "captions.not_sent", mark)]
        return [Written(mark=mark)]


def _with_secrets(visit: Visit, values: dict[str, str]) -> dict[str, str]:
    """A secret that was keyed in on the telephone is never sent to the page: left alone there, it still counts."""
    known = dict(visit.state.values)
    kept = {f.id: known[f.id] for f in visit.state.screen.fields if f.secret and known.get(f.id)}
    return {**values, **{name: value for name, value in kept.items() if not values.get(name)}}


def _caption(line: CaptionLine) -> Caption:
    # Whoever answers her, agent or department, is the other voice.
    speaker: Literal["caller", "agent"] = "caller" if line.speaker == "caller" else "agent"
    return Caption(utterance=line.utterance, speaker=speaker, text=line.text, final=line.final)


def _tidy(text: str) -> str:
    """One line, without what cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
