"""Links are secrets: who may open which visit, with which browser, until when. Rules only; times come from outside.

A link's token is 128 random bits and only its SHA-256 is kept, so neither a memory dump nor the database lets anybody
in. Looking a hash up in a dictionary tells no more by its time than the hash does, and hashes are not tokens.

A link belongs to the first browser that *does* something (WebSocket, event stream, POST), not to the one that fetches
the page: messengers fetch every link for a preview. A visit may have several links (an agent sends a new one to
another phone); each is bound by itself.

A page that was opened first shows a code of six digits, to be keyed in on the telephone. Six digits can be guessed:
a code lives for ten minutes and works once, and ``ars.guesses`` counts tries before :meth:`Links.by_code` is asked.

Clocks jump. ``now`` may go back: what had ended by a clock that was wrong opens again if :meth:`Links.expire` did not
run meanwhile, what it dropped stays dropped. Nothing else depends on the order of moments.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from core.errors import Refused
from core.store.contract import LinkRecord

TOKEN_BYTES: Final = 16
LONGEST_TOKEN: Final = 64
"""Characters; whatever is longer is none of ours and is not even hashed."""
OF_A_VISIT: Final = 8
"""Links of one visit; beyond it the oldest is dropped (it says 'expired')."""
REMEMBERED: Final = timedelta(days=1)
"""So long after its end a link says 'expired' instead of 'unknown'."""
MOST_REMEMBERED: Final = 100_000
"""Beyond it the link that ended first is forgotten: its page says 'unknown'. About 35 MB when full."""
CODE_LIFE: Final = timedelta(minutes=10)
CODE_RENEWED: Final = timedelta(minutes=2)
"""A code that is asked for with less than this left is replaced; the old one still works to its end."""
MOST_CODES: Final = 2000
"""Living codes; so a blind try hits one of them with 0.2 % at the very most."""


class Known(msgspec.Struct, frozen=True):
    """The link's own browser."""

    visit_id: str


class Unbound(msgspec.Struct, frozen=True):
    """Nobody has used the link yet."""

    visit_id: str


class OtherBrowser(msgspec.Struct, frozen=True):
    """Another browser came first. Tell the caller how to get on (call us), and nothing of the visit."""

    visit_id: str


class Expired(msgspec.Struct, frozen=True):
    """It was a link of ours; its visit is over."""


class Unknown(msgspec.Struct, frozen=True):
    """Not a link of ours, or one that ended long ago. To be counted as a guess (``ars.guesses``)."""


Look = Known | Unbound | OtherBrowser | Expired | Unknown


class _Visit:
    def __init__(self, ends: datetime) -> None:
        self.ends = ends
        self.browsers: dict[str, str] = {}
        """Of each link's hash its browser's hash, '' before; oldest link first."""
        self.codes: dict[str, datetime] = {}
        """Its codes and when each was made; the last one is shown."""


class Links:
    """The links and codes of all visits."""

    def __init__(self, limit: int) -> None:
        """``limit``: visits with a link at a time."""
        self._limit = limit
        self._visits: dict[str, _Visit] = {}
        self._by_hash: dict[str, str] = {}
        self._by_code: dict[str, str] = {}
        self._ended: OrderedDict[str, datetime] = OrderedDict()

    def __len__(self) -> int:
        return len(self._visits)

    def open(self, visit_id: str, *, ends: datetime) -> str:
        """A new link for the visit; returns its token, which nobody can tell again.

        A visit's second link never brings its end nearer. Raises ``Refused`` when there are too many visits.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        visit = self._visits.get(visit_id)
        if visit is None:
            if len(self._visits) >= self._limit:
                raise Refused("too many visits at a time: the call goes on by voice alone", code="visits_full")
            visit = self._visits[visit_id] = _Visit(ends)
        visit.ends = max(visit.ends, ends)
        self._add(visit_id, visit, hashed(token), "")
        return token

    def look(self, token: str, browser: str, now: datetime) -> Look:
        """What a link opens for a browser. ``browser`` is our cookie's value, '' if it has none. Changes nothing."""
        token_hash = hashed(token) if len(token) <= LONGEST_TOKEN else ""
        visit_id = self._by_hash.get(token_hash)
        if visit_id is None:
            return Expired() if token_hash in self._ended else Unknown()
        visit = self._visits[visit_id]
        if now >= visit.ends:
            return Expired()
        bound = visit.browsers[token_hash]
        if not bound:
            return Unbound(visit_id)
        if browser and hmac.compare_digest(bound, hashed(browser)):
            return Known(visit_id)
        return OtherBrowser(visit_id)

    def visit_of(self, token: str) -> str | None:
        """The visit that a link opens now, for who was let in before; None when it has ended."""
        return self._by_hash.get(hashed(token))

    def bind(self, token: str, browser: str, now: datetime) -> Look:
        """The browser does something with the link: the first one has it from now on. Returns :meth:`look` after it.

        To be called for WebSocket, event stream and POST, never for a GET of the page.
        """
        found = self.look(token, browser, now)
        if isinstance(found, Unbound) and browser:
            self._visits[found.visit_id].browsers[hashed(token)] = hashed(browser)
            return Known(found.visit_id)
        return found

    def ends(self, visit_id: str, moment: datetime) -> None:
        """The visit's links end then (call end and grace, 'more time'). A visit without links is fine."""
        visit = self._visits.get(visit_id)
        if visit is not None:
            visit.ends = moment

    def ending(self, visit_id: str) -> datetime | None:
        """When the visit's links end, None if it has none."""
        visit = self._visits.get(visit_id)
        return visit.ends if visit is not None else None

    def move(self, from_visit: str, to_visit: str) -> None:
        """A page that was opened first has got its call: its links open the call's visit, to the later end."""
        if from_visit == to_visit:
            return
        old = self._visits.pop(from_visit, None)
        if old is None:
            return
        self._drop_codes(old)
        new = self._visits.setdefault(to_visit, _Visit(old.ends))
        new.ends = max(new.ends, old.ends)
        for token_hash, browser_hash in old.browsers.items():
            self._add(to_visit, new, token_hash, browser_hash)

    def drop(self, visit_id: str) -> None:
        """The visit is over: its links say 'expired' from now on."""
        visit = self._visits.pop(visit_id, None)
        if visit is not None:
            self._drop_codes(visit)
            for token_hash in visit.browsers:
                self._remember(token_hash, visit.ends)

    def expire(self, now: datetime) -> list[str]:
        """Drop what has ended; returns the visits that ended. To be called every few seconds."""
        over = [visit_id for visit_id, visit in self._visits.items() if now >= visit.ends]
        for visit_id in over:
            self.drop(visit_id)
        self._drop_dead_codes(now)
        for token_hash in [h for h, ended in self._ended.items() if now >= ended + REMEMBERED]:
            del self._ended[token_hash]
        return over

    # Codes.

    def code(self, visit_id: str, now: datetime) -> str:
        """The six digits that bring this visit's page to a call; the same ones until they are nearly over.

        Raises ``Refused`` for a visit without a link, and when too many pages show a code.
        """
        visit = self._visits.get(visit_id)
        if visit is None or now >= visit.ends:
            raise Refused("this visit is over: open the page again", code="visit_over")
        if visit.codes:
            code, made = next(reversed(visit.codes.items()))
            if abs(now - made) < CODE_LIFE - CODE_RENEWED:
                return code
        if len(self._by_code) >= MOST_CODES:
            self._drop_dead_codes(now)
            if len(self._by_code) >= MOST_CODES:
                raise Refused(
                    "too many pages wait for a call: dial the number and say what it is about", code="codes_full"
                )
        while (code := f"{secrets.randbelow(10**6):06}") in self._by_code:
            pass  # at most 2,000 of a million are taken
        visit.codes[code] = now
        self._by_code[code] = visit_id
        return code

    def by_code(self, code: str, now: datetime) -> str | None:
        """The visit whose page shows this code, once; None if there is none."""
        visit_id = self._by_code.get(code)
        if visit_id is None:
            return None
        visit = self._visits[visit_id]
        alive = now < visit.ends and _alive(visit.codes[code], now)
        self._drop_codes(visit)
        return visit_id if alive else None

    # Over a restart. Codes are not kept: a page asks for a new one.

    def records(self, visit_id: str | None = None) -> list[LinkRecord]:
        """What the store must know of one visit's links, or of all. Call, menu and language are the visit's to fill in
        (``msgspec.structs.replace``)."""
        chosen = self._visits if visit_id is None else {v: self._visits[v] for v in (visit_id,) if v in self._visits}
        return [
            LinkRecord(token_hash=token_hash, browser_hash=browser_hash, visit_id=v, ends=visit.ends)
            for v, visit in chosen.items()
            for token_hash, browser_hash in visit.browsers.items()
        ]

    def restore(self, records: Iterable[LinkRecord], now: datetime) -> None:
        """Links of the node before. Those that ended meanwhile (up to a day ago) will say 'expired'."""
        for record in records:
            if now >= record.ends:
                self._remember(record.token_hash, record.ends)
                continue
            visit = self._visits.setdefault(record.visit_id, _Visit(record.ends))
            visit.ends = max(visit.ends, record.ends)
            self._add(record.visit_id, visit, record.token_hash, record.browser_hash)

    def remember(self, records: Iterable[LinkRecord]) -> None:
        """Links of the node before: they say 'expired', and are no guesses, unless :meth:`restore` brings them back."""
        for record in records:
            if record.token_hash not in self._by_hash:
                self._remember(record.token_hash, record.ends)

    # The one place each where links and codes come and go.

    def _add(self, visit_id: str, visit: _Visit, token_hash: str, browser_hash: str) -> None:
        visit.browsers[token_hash] = browser_hash
        self._by_hash[token_hash] = visit_id
        self._ended.pop(token_hash, None)
        while len(visit.browsers) > OF_A_VISIT:
            oldest = next(iter(visit.browsers))
            del visit.browsers[oldest]
            self._remember(oldest, visit.ends)

    def _remember(self, token_hash: str, ended: datetime) -> None:
        self._by_hash.pop(token_hash, None)
        self._ended[token_hash] = ended
        while len(self._ended) > MOST_REMEMBERED:
            self._ended.popitem(last=False)

    def _drop_codes(self, visit: _Visit) -> None:
        for code in visit.codes:
            del self._by_code[code]
        visit.codes.clear()

    def _drop_dead_codes(self, now: datetime) -> None:
        for code, visit_id in list(self._by_code.items()):
            codes = self._visits[visit_id].codes
            if not _alive(codes[code], now):
                del codes[code], self._by_code[code]


def new_browser() -> str:
    """A value for the cookie that tells browsers apart: 128 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(secret: str) -> str:
    """How tokens and cookies are kept. SHA-256 without salt: 128 random bits need none (NIST SP 800-63B 5.1.2)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _alive(made: datetime, now: datetime) -> bool:
    """Whether a code still holds; a clock that was put back does not lengthen its life."""
    return abs(now - made) < CODE_LIFE
