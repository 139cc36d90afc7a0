"""Personal numbers are taken out before words leave the room: resident numbers, cards, accounts.

A run is a stretch of digits, written or spoken one by one ('팔오공삼일이 다시 이이...', '하나 둘'), with hyphens,
commas, '다시' (how a dash is read out) or a filler between. How long it is, what it begins with and what was said just
before decide what it is. Telephone numbers stay: the agent needs them. A recogniser drops a digit now and then, so runs
that are nearly a resident number count as one; when in doubt a long number is hidden.

People pause inside long numbers. So one leg's :class:`Mask` remembers the digits that an utterance ended with, and
hides what goes on with them in the next one.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from core.numerals import NATIVE, SINO, ZERO, phone

Kind = Literal["resident_number", "card", "account"]

SHOWN: Final[dict[Kind, str]] = {
    "resident_number": "[주민등록번호 가림]",
    "card": "[카드번호 가림]",
    "account": "[계좌번호 가림]",
}
HIDDEN: Final = "[번호]"
"""In partials, where it is not yet clear what a number will be."""
PARTIAL_DIGITS: Final = 7
"""A run of so many digits is hidden in partials."""
FORGET_S: Final = 15.0
"""An utterance that begins so long after the last does not go on with its digits."""

_COUNTED: Final = {"하나": 1, "둘": 2, "셋": 3, "넷": 4} | {word: n for word, n in NATIVE.items() if 5 <= n <= 9}
_TENS: Final = "[일이삼사오육칠팔구]?십[일이삼사오육칠팔구]?"
# '이' before an ending is the copula ('...칠이에요'), not a two.
_TWO: Final = "이(?!에요|예요|요|고|라|구요|네요|거든|었|며|죠|지요|ㅂ|십니)"
_UNIT: Final = rf"(?:\d|{_TENS}|[{ZERO}일삼사오육륙칠팔구]|{_TWO}|{'|'.join(_COUNTED)})"
_BETWEEN: Final = r"(?:[\s\-–—−‐‑.,·/_~()]|다시|하이픈|대시|(?<!\S)(?:음|어|그|에|저)(?!\S))*"
_MONEY: Final = r"(?<![\d,])\d{1,3}(?:,\d{3}){1,3}(?=[가-힣])"
_RUN: Final = re.compile(f"(?P<money>{_MONEY})|{_UNIT}(?:{_BETWEEN}{_UNIT})*")
_ONE: Final = re.compile(_UNIT)
_BIRTHDAY: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_PHONES: Final = re.compile(r"(?:01\d{8,9}|02\d{7,8}|0[3-8]\d\d{7,9})+")
_BEFORE: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile(r"주민\s*(?:등록)?\s*번호|외국인\s*등록\s*번호|뒷\s*자리"), "resident_number"),
    (re.compile(r"카드"), "card"),
    (re.compile(r"계좌|통장|은행"), "account"),
)
_HARMLESS: Final = re.compile(r"접수\s*번호|민원\s*번호|관리\s*번호|사업자|납부\s*번호|고지서")
_LEAD: Final = re.compile(rf"(?:[\s,.]|네|예|음|어|그|다시|그리고|뒤는|뒷자리는|{_BETWEEN})*")


class Span(msgspec.Struct, frozen=True):
    """A run of digits in a text."""

    start: int
    end: int
    digits: str


def runs(text: str) -> list[Span]:
    """Every run of digits, however written or spoken."""
    return [Span(found.start(), found.end(), _digits(found[0])) for found in _RUN.finditer(text) if not found["money"]]


def _digits(run: str) -> str:
    return "".join(_value(unit[0]) for unit in _ONE.finditer(re.sub("다시|하이픈|대시", " ", run)))


def _value(unit: str) -> str:
    if unit in _COUNTED:
        return str(_COUNTED[unit])
    if "십" in unit:
        tens, _, ones = unit.partition("십")
        return f"{SINO[tens] if tens else 1}{SINO[ones] if ones else 0}"
    if unit in SINO:
        return str(SINO[unit])
    return "0" if unit in ZERO else str(int(unit))


def kind_of(digits: str, before: str = "") -> Kind | None:
    """What the number is; None = it may stay. ``before`` is what was said before it."""
    length = len(digits)
    if length == 13:
        return "resident_number"
    if phone(digits) or phone(digits[:-1]) or (length > 13 and _PHONES.fullmatch(digits)):
        return None
    if _HARMLESS.search(before):
        return None if length < 13 else "account"
    near = _announced(before)
    if near is not None and length >= (8 if near == "card" else 7):
        return near
    if length < 10:
        return None
    if length <= 14 and _BIRTHDAY.match(digits):
        return "resident_number"
    return "card" if length >= 15 else "account"


def _announced(before: str) -> Kind | None:
    """The kind of number named last."""
    latest: tuple[int, Kind] | None = None
    for pattern, kind in _BEFORE:
        for found in pattern.finditer(before):
            if latest is None or found.start() > latest[0]:
                latest = (found.start(), kind)
    return latest[1] if latest else None


class Masked(msgspec.Struct, frozen=True):
    """A text without its personal numbers."""

    text: str
    kinds: tuple[Kind, ...]
    spans: tuple[tuple[int, int], ...]
    """Where they stood in the text as it was."""


class Mask:
    """One leg's memory of what its last utterances were about and ended with."""

    def __init__(self) -> None:
        self._before = ""
        self._tail = ""
        self._tail_end = 0.0

    def final(self, text: str, start: float = 0.0, end: float = 0.0) -> Masked:
        """Take out what must not leave; ``start`` and ``end`` are the utterance's audio time."""
        tail = self._tail if start - self._tail_end <= FORGET_S else ""
        found = runs(text)
        hidden: list[tuple[Span, Kind]] = []
        for span in found:
            carried = tail if _LEAD.fullmatch(text, 0, span.start) else ""
            kind = self._judge(carried, span.digits, self._before + " " + text[: span.start])
            if kind is not None:
                hidden.append((span, kind))
        self._remember(text, found, tail, end)
        return _without(text, hidden)

    def partial(self, text: str, start: float = 0.0) -> str:
        """The text with every long run hidden, and every run that goes on with the last utterance's."""
        tail = self._tail if start - self._tail_end <= FORGET_S else ""
        continued = len(tail) >= 4 and not phone(tail)
        out, at = "", 0
        for span in runs(text):
            goes_on = continued and _LEAD.fullmatch(text, 0, span.start) is not None
            if len(span.digits) >= (1 if goes_on else PARTIAL_DIGITS):
                out += text[at : span.start] + HIDDEN
                at = span.end
        return out + text[at:]

    def _judge(self, carried: str, digits: str, before: str) -> Kind | None:
        if not carried:
            return kind_of(digits, before)
        if phone(carried):  # what follows a telephone number is something new, unless both are a resident number
            both = carried + digits
            return "resident_number" if len(both) == 13 and _BIRTHDAY.match(both) else kind_of(digits, before)
        if len(carried) == 6 and _BIRTHDAY.fullmatch(carried) and len(digits) >= 5:
            return "resident_number"
        return kind_of(carried + digits, before)

    def _remember(self, text: str, found: list[Span], tail: str, end: float) -> None:
        self._before = (self._before + " " + text)[-60:]
        last = found[-1] if found else None
        # An ending may follow the last digit ('이고요', '이에요'), but no further words.
        if last is None or len(text[last.end :].split()) > 1 or len(text) - last.end > 5:
            self._tail = ""
            return
        only = _LEAD.fullmatch(text, 0, last.start) is not None
        self._tail = ((tail if only else "") + last.digits)[-20:]
        self._tail_end = end


def _without(text: str, hidden: list[tuple[Span, Kind]]) -> Masked:
    out, at = "", 0
    for span, kind in hidden:
        out += text[at : span.start] + SHOWN[kind]
        at = span.end
    kinds = tuple(dict.fromkeys(kind for _, kind in hidden))
    return Masked(out + text[at:], kinds, tuple((span.start, span.end) for span, _ in hidden))
