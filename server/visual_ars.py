"""The visual ARS of this node: visits and their links on one side, calls, messages and the store on the other.

Fulfils ``ars.visit.VisitHouse``. A call flow asks it for the visit of its call; the desk's house pushes through it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

import msgspec

from ars.guesses import Guesses
from ars.links import Links
from ars.menu_files.shelf import MenuShelf
from ars.model import Language, Menu
from ars.photos import Photos
from ars.prompts import Prompts
from ars.state import resumed
from ars.visit import Visit
from ars.visits import Visits
from ars.words import say
from channels.compose import composed
from channels.messenger import Messenger
from core.config import ArsConfig
from core.errors import MinwonError, Refused, StoreFault
from core.events import Event, Party, ScreenShown, VisitChanged, now
from core.log import get_logger
from core.phone_numbers import is_mobile, normalised
from core.store.contract import LinkRecord, Store
from server.call_side import CallSide

log = get_logger("server.visual_ars")

CODES_OF_CALL: Final = 3
"""Wrong codes in one call within ten minutes; then none is tried any more."""
CODES_OF_ALL: Final = 50
"""Wrong codes of all calls within ten minutes."""
GIVEN: Final = 1000
"""Numbers given in talks that are remembered: those of the last calls."""


def local_time() -> dt.datetime:
    """This machine's time with its zone."""
    return dt.datetime.now().astimezone()


class VisualArs:
    """One for the node."""

    def __init__(
        self,
        config: ArsConfig,
        *,
        shelf: MenuShelf | None,
        voices: Prompts,
        messenger: Messenger,
        store: Store,
        spawn: Callable[[Coroutine[Any, Any, None], str], object],
        public_url: Callable[[], str],
        photos: Photos | None = None,
        clock: Callable[[], dt.datetime] = local_time,
    ) -> None:
        self.config = config
        self.voices = voices
        self._shelf = shelf
        self._messenger = messenger
        self._store = store
        self._spawn = spawn
        self._public_url = public_url
        self._photos = photos
        self._clock = clock
        self._numbers: dict[str, str] = {}
        """Mobile number of each visit that has one."""
        self._given: dict[str, str] = {}
        """Mobile number that the caller of each call has given in the talk."""
        self._codes = Guesses(of_one=CODES_OF_CALL, of_all=CODES_OF_ALL)
        self._kept: list[LinkRecord] = []
        self.visits = Visits(
            self,
            self._menu,
            Links(config.visits),
            limit=config.visits,
            grace_s=config.grace_minutes * 60,
            ended=self._ended,
        )

    # For call flows.

    def begin(self, side: CallSide, caller: Party) -> Visit | None:
        """The visit of a new call; None without a menu or with too many visits: then it goes straight to an agent."""
        if self._shelf is None:
            return None
        number = "" if caller.anonymous else _mobile(caller.number)
        phase = "menu" if self.config.opening == "menu" else "queued"
        visit = self.visits.begin_call(side, phase=phase, has_number=bool(number))  # type: ignore[arg-type]
        if visit is None:
            return None
        if number:
            self._numbers[visit.visit_id] = number
            if self.config.link_on_ring:
                self.spawn(self._link_on_ring(visit), f"link {visit.visit_id}")
        return visit

    def begin_again(self, side: CallSide, visit: Visit) -> Visit | None:
        """The visit of a callback: the one in which it was booked, page and all. None if that is over."""
        if not self.visits.begin_again(side, visit):
            return None
        self.keep_links(visit)
        return visit

    async def resume(self, side: CallSide, caller: Party, past: Sequence[Event]) -> Visit | None:
        """The visit of a call that a node before us had; None if that call had none, or its menu is gone."""
        begun = next((e for e in reversed(past) if isinstance(e, VisitChanged)), None)
        shown = next((e for e in reversed(past) if isinstance(e, ScreenShown)), None)
        if begun is None or self._shelf is None:
            return None
        menu = await self._shelf.by_version(begun.menu.rpartition("@")[2])
        if menu is None:
            log.warning("visit.menu_gone", call_id=side.call_id, menu=begun.menu)
            return None
        number = "" if caller.anonymous else _mobile(caller.number)
        state = resumed(
            begun.visit_id,
            menu,
            self.now(),
            screen=shown.screen if shown is not None else "",
            language=begun.language,  # type: ignore[arg-type]
            has_number=bool(number),
            number=1000 + secrets.randbelow(1000),  # no page of the node before is on a screen of this number
        )
        if number:
            self._numbers[begun.visit_id] = number
        visit = self.visits.resume(state, side, past)
        self.visits.links.restore([r for r in self._kept if r.visit_id == begun.visit_id], self.now())
        return visit

    def number_of(self, visit: Visit) -> str:
        """The mobile number of the visit's caller, '' if unknown or withheld."""
        return self._numbers.get(visit.visit_id, "")

    def give_number(self, call_id: str, number: str) -> None:
        """The caller of this call has given a mobile number: links and texts go there from now on."""
        self._given[call_id] = number
        while len(self._given) > GIVEN:
            del self._given[next(iter(self._given))]
        if visit := self.visits.of_call(call_id):
            self._numbers[visit.visit_id] = number

    def mobile_of(self, visit: Visit | None, caller: Party | None, call_id: str = "") -> str:
        """The mobile number of a call's caller, '' if unknown or withheld."""
        if given := self._given.get(call_id):
            return given
        if visit is not None:
            return self.number_of(visit)
        return "" if caller is None or caller.anonymous else _mobile(caller.number)

    async def restore(self) -> None:
        """Read the links that the node before kept: those of calls that go on are opened again with their visits."""
        try:
            await self._store.drop_links(before=self.now() - dt.timedelta(days=1))
            self._kept = await self._store.links(after=self.now() - dt.timedelta(days=1))
            self.visits.links.remember(self._kept)  # until their visits are resumed
        except StoreFault as fault:
            log.error("links.not_read", why=str(fault))

    def keep_links(self, visit: Visit) -> None:
        """The visit's links have changed: a restarted node shall know them. Hashes only."""
        menu = visit.state.menu
        records = [
            msgspec.structs.replace(
                record,
                call_id=visit.call.call_id if visit.call else "",
                menu=f"{menu.id}@{menu.version}",
                language=visit.state.language,
            )
            for record in self.visits.links.records(visit.visit_id)
        ]
        if records:
            self.spawn(self._keep(records), f"keep links {visit.visit_id}")

    # ``ars.visit.VisitHouse``.

    def now(self) -> dt.datetime:
        """Local time with its zone."""
        return self._clock()

    def spoken_language(self, language: Language) -> Language:
        """The language itself if a voice here can read its words (espeak-ng reads no kanji), else English."""
        return language if self.voices.can_say(say(language, "voice.keys"), language) else "en"

    async def send_text(self, visit: Visit, text: str, *, secrets: tuple[str, ...] = (), by: str = "") -> None:
        """See ``VisitHouse``."""
        number = self.number_of(visit)
        if not number:
            raise Refused("this caller has no mobile number", code="no_number")
        call_id = visit.call.call_id if visit.call else ""
        self.send(number, text, call_id=call_id, secrets=secrets, by=by)

    def send(self, number: str, text: str, *, call_id: str, secrets: tuple[str, ...] = (), by: str = "") -> None:
        """Hand a text message over. ``BadInput`` for a text that no message can carry, ``Refused`` beyond limits."""
        self._messenger.send(
            composed(message_id=_new_id(), to=number, text=text, at=now(), secrets=secrets, call_id=call_id, by=by)
        )

    def link(self, visit: Visit) -> str:
        """See ``VisitHouse``."""
        token = self.visits.link(visit)
        self.keep_links(visit)
        return f"{self._public_url()}/v/{token}"

    def try_code(self, visit: Visit, code: str) -> bool:
        """See ``VisitHouse``. Guessing is limited within a call and over all calls."""
        moment = self.now()
        if self._codes.wait_s(visit.visit_id, moment):
            log.warning("code.limited", visit=visit.visit_id)
            return False
        if not self.visits.join(visit, code):
            self._codes.failed(visit.visit_id, moment)
            return False
        if self._photos is not None:
            self._photos.called(visit.photos)
        self.keep_links(visit)
        return True

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """See ``VisitHouse``."""
        self._spawn(work, name)

    async def _link_on_ring(self, visit: Visit) -> None:
        try:
            await visit.send_link()
        except MinwonError as fault:
            log.warning("link.not_sent", visit=visit.visit_id, code=fault.code)

    async def _keep(self, records: Sequence[LinkRecord]) -> None:
        try:
            for record in records:
                await self._store.put_link(record)
        except StoreFault as fault:  # the page works all the same; only a restart would lose it
            log.warning("links.not_kept", why=str(fault))

    def _menu(self) -> Menu:
        assert self._shelf is not None, "nobody begins a visit without a menu"
        return self._shelf.current

    def _ended(self, visit: Visit) -> None:
        self._numbers.pop(visit.visit_id, None)
        if self._photos is not None and visit.call is None and visit.photos:
            self.spawn(self._photos.uncalled(visit.photos), f"photos of {visit.visit_id}")


def _mobile(number: str) -> str:
    """The number in digits if text messages reach it, else ''."""
    digits = normalised(number)
    return digits if is_mobile(digits) else ""


def _new_id() -> str:
    return secrets.token_hex(8)
