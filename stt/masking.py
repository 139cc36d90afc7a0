"""Personal numbers are taken out before words leave the room: resident numbers, licences, passports, cards, accounts.

How digits are found, however they are said, is told in ``core/digit_runs.py``; what a number is, in
``stt/number_kinds.py``. Telephone numbers stay: the agent needs them; so do amounts, dates, plates and help lines.

People pause inside long numbers, and an agent's '네' does not end them. So one leg's :class:`Mask` remembers the digits
that an utterance ended with, and hides what goes on with them in the next one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

import msgspec

from core.digit_runs import GAP, Run, all_runs, may_end_with_two, runs
from core.numerals import phone
from stt.number_kinds import Kind, Part, is_birthday, kind_of
from stt.passports import ends_with_letter, is_letter, letter_before, passports
from stt.run_parts import only_help_lines, personal_parts

__all__ = ["HIDDEN", "SHOWN", "Kind", "Mask", "Masked", "kind_of", "runs"]

SHOWN: Final[dict[Kind, str]] = {
    "resident_number": "[주민등록번호 가림]",
    "driving_licence": "[운전면허번호 가림]",
    "passport": "[여권번호 가림]",
    "card": "[카드번호 가림]",
    "account": "[계좌번호 가림]",
}
HIDDEN: Final = "[번호]"
"""In partials, where it is not yet clear what a number will be."""
PARTIAL_DIGITS: Final = 7
"""A run of so many digits is hidden in partials; of three behind a passport's letter."""
FORGET_S: Final = 15.0
"""An utterance that begins so long after the last does not go on with its digits."""
BIRTHDAY_S: Final = 60.0
"""So long after a birthday that was told as six digits, seven digits are the rest of a resident number."""
BEFORE: Final = 60
"""Characters of the last utterances that may say what a number is."""

_FEW: Final = 4
"""With fewer syllables that may be digits a final has nothing to hide (a number in words says two with one)."""
_FEW_IN_PARTIAL: Final = 3
"""The same of a partial, which hides half a passport number."""
_SYLLABLES: Final = re.compile("[\\d공영제일이삼사오육륙칠팔구십하둘셋넷다여아]")
_END: Final = 12
"""Digits in so many last characters may go on in the next utterance."""
_FILLERS: Final = (
    "네|예|응|음|어|아|그|다시|그리고|요|잠시만요|잠깐만요|맞아요|뒤는|뒷자리는|뒷번호는|나머지는|이어서|다음은"
)
_LEAD: Final = re.compile(rf"(?:{_FILLERS}|[.!?…]|{GAP})*+")
_YEAR_LAST: Final = re.compile(r"년\s?$|\d\d\s?$")
_REST_OF_DATE: Final = re.compile(rf"(?:생|이고요?|이요|에|이에요|입니다)?(?:{GAP}|뒷자리[는가]?|뒤[는가]?)*+")


class Place(msgspec.Struct, frozen=True):
    """Where digits stood in a final of this leg."""

    final: int
    """Which final, as :attr:`Mask.finals` counts."""
    start: int
    """Characters of its text (NFC)."""
    end: int


class Masked(msgspec.Struct, frozen=True):
    """A text without its personal numbers."""

    text: str
    kinds: tuple[Kind, ...]
    spans: tuple[tuple[int, int], ...]
    """Where they stood in the text as it was (NFC)."""
    earlier: tuple[Place, ...] = ()
    """Where earlier finals told their first digits, which nobody knew then for what they are."""


class Mask:
    """One leg's memory of what its last utterances were about and ended with."""

    def __init__(self, before: str = "") -> None:
        self._before = before
        self._tail = ""
        self._tail_end = 0.0
        self._lettered = False
        self._one_more = False
        self._birthday_end = -math.inf
        self._tail_at: tuple[Place, ...] = ()
        self._birthday_at: tuple[Place, ...] = ()
        self._earlier: tuple[Place, ...] = ()
        self.finals = 0
        """Finals so far."""

    @property
    def before(self) -> str:
        """The end of what was said so far, which may say what the next number is."""
        return self._before

    def final(self, text: str, start: float = 0.0, end: float = 0.0) -> Masked:
        """Take out what must not leave; ``start`` and ``end`` are the utterance's audio time."""
        nfc = _nfc(text)
        self.finals += 1
        tail = self._carried(start)
        if not tail and not self._lettered and _nothing_in(nfc):
            self._before = (self._before + " " + nfc)[-BEFORE:]
            self._tail, self._lettered = "", _ends_lettered(nfc)
            self._tail_end = end
            return Masked(text, (), ())
        found = all_runs(nfc)
        self._earlier = ()
        hidden = self._hidden(nfc, found, tail, start)
        self._remember(nfc, found, tail, end)
        return _without(nfc, hidden, self._earlier) if hidden else Masked(text, (), ())

    def partial(self, text: str, start: float = 0.0) -> str:
        """The text with every long run hidden, and every run that goes on with the last utterance's."""
        nfc = _nfc(text)
        tail = self._carried(start)
        continued = (len(tail) >= 4 or self._is_lettered(start)) and not phone(tail)
        if not continued and len(_SYLLABLES.findall(nfc)) < _FEW_IN_PARTIAL:
            return text
        out, at = "", 0
        half: Run | None = None
        for run in all_runs(nfc):
            long = len(run.digits) >= PARTIAL_DIGITS and not only_help_lines(nfc, run)
            lettered = len(run.digits) >= 3 and letter_before(nfc, run.start) is not None
            rest = half is not None and is_letter(nfc[half.end : run.start])
            goes_on = continued and self._goes_on(nfc, run.start)
            half = run if lettered else None
            if run.sort in ("digits", "phone") and (long or lettered or rest or goes_on):
                out += nfc[at : run.start] + HIDDEN
                at = run.end
        return out + nfc[at:] if at else text

    def _carried(self, start: float) -> str:
        return self._tail if start - self._tail_end <= FORGET_S else ""

    def _is_lettered(self, start: float) -> bool:
        """The last utterance ended within a passport number."""
        return self._lettered and start - self._tail_end <= FORGET_S

    def _goes_on(self, text: str, at: int) -> bool:
        """Nothing but fillers before this place; behind half a passport number also a letter."""
        lead = _LEAD.match(text)
        begin = lead.end() if lead else 0
        return begin >= at or (self._lettered and is_letter(text[begin:at]))

    def _hidden(self, text: str, found: list[Run], tail: str, start: float) -> list[Part]:
        lettered = self._is_lettered(start)
        first = found[0] if found and lettered and not tail and self._goes_on(text, found[0].start) else None
        whole = passports(text, found, self._before, lettered=first)
        hidden = list(whole)
        last: Run | None = None
        for run in found:
            if not any(part.start < run.end and run.start < part.end for part in whole):
                goes_on = (tail or lettered) and self._goes_on(text, run.start)
                carried = tail if goes_on else None
                before = f"{self._before} {text[max(0, run.start - BEFORE) : run.start]}"[-BEFORE:]
                hidden += self._parts(text, run, last, carried, before, start)
            last = run
        return sorted(hidden, key=lambda part: part.start)

    def _parts(
        self, text: str, run: Run, last: Run | None, carried: str | None, before: str, start: float
    ) -> tuple[Part, ...]:
        """What of the run must go, in the light of what stood before it."""
        if run.sort in ("money", "date"):
            return ()
        whole = _behind_a_date(text, run, last)
        if whole is None and carried is not None:
            whole = self._continued(run, carried, before)
            if whole is None and carried and self._one_more:
                whole = self._continued(run, carried + "2", before)
            self._earlier = self._tail_at if whole is not None and carried else ()
        if whole is None and self._rest_of_resident_number(text, run, start):
            whole = "resident_number"
            self._earlier = self._birthday_at
        if whole is not None:
            return (Part(run.start, run.end, whole),)
        return personal_parts(text, run, before)

    def _continued(self, run: Run, carried: str, before: str) -> Kind | None:
        """What the digits are together with those that the last utterance ended with."""
        both = carried + run.digits
        if self._lettered:
            return "passport" if 6 <= len(both) <= 9 else kind_of(both, before)
        if (
            phone(carried) and kind_of("9" * 8, before) is None
        ):  # what follows a telephone number is something new, unless both are a resident number
            return "resident_number" if len(both) == 13 and is_birthday(both[:6]) else None
        if is_birthday(carried) and len(run.digits) >= 5:
            return "resident_number"
        return kind_of(both, before)

    def _rest_of_resident_number(self, text: str, run: Run, start: float) -> bool:
        """Seven digits for themselves, not long after a birthday."""
        if start - self._birthday_end > BIRTHDAY_S or len(run.digits) != 7 or run.digits[0] not in "12345678":
            return False
        return self._goes_on(text, run.start)

    def _remember(self, text: str, found: list[Run], tail: str, end: float) -> None:
        self._before = (self._before + " " + text)[-BEFORE:]
        last = found[-1] if found else None
        if last is None and (tail or self._lettered) and _only_fillers(text):  # '네', '음': the number is not over
            self._tail_end = end
            return
        goes_on = last is not None and self._goes_on(text, last.start)
        lettered = last is not None and ((goes_on and self._lettered) or letter_before(text, last.start) is not None)
        # An ending may follow the last digit ('이고요', '이에요'), but no further words; of a passport also a letter.
        open_ = last is not None and len(text[last.end :].split()) <= 1 and len(text) - last.end <= 5
        if last is None or not (open_ or (lettered and ends_with_letter(text, last.end))):
            self._tail, self._lettered = "", _ends_lettered(text)
            self._tail_end = end
            return
        if not lettered and _ends_lettered(text):
            self._tail, self._lettered, self._tail_end = "", True, end
            return
        place = (Place(self.finals, last.start, last.end),)
        self._tail = ((tail if goes_on else "") + last.digits)[-20:]
        self._tail_at = (self._tail_at if goes_on and tail else ()) + place
        self._tail_end = end
        self._lettered = lettered
        self._one_more = may_end_with_two(text, last)
        if is_birthday(last.digits) or (len(last.digits) == 8 and is_birthday(last.digits[2:])):
            self._birthday_end, self._birthday_at = end, place


def _nfc(text: str) -> str:
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _nothing_in(text: str) -> bool:
    """Whether so few syllables may be digits that nothing can be hidden, nor go on in the next utterance."""
    return not _SYLLABLES.search(text, max(0, len(text) - _END)) and len(_SYLLABLES.findall(text)) < _FEW


def _ends_lettered(text: str) -> bool:
    """Whether the last that was said is a passport's first letter: its digits come in the next utterance."""
    letter = letter_before(text, len(text))
    return letter is not None and letter.clear


def _only_fillers(text: str) -> bool:
    lead = _LEAD.match(text)
    return lead is not None and lead.end() == len(text)


def _behind_a_date(text: str, run: Run, last: Run | None) -> Kind | None:
    """'85년 3월 12일 다시 2345678'."""
    if last is None or last.sort != "date" or len(run.digits) not in (6, 7, 8) or phone(run.digits):
        return None
    if run.digits[0] not in "12345678" or not _YEAR_LAST.search(text[: last.start] or text[last.start : last.end]):
        return None
    return "resident_number" if _REST_OF_DATE.fullmatch(text, last.end, run.start) else None


def _without(text: str, hidden: list[Part], earlier: tuple[Place, ...]) -> Masked:
    out, at = "", 0
    for part in hidden:
        out += text[at : part.start] + SHOWN[part.kind]
        at = part.end
    kinds = tuple(dict.fromkeys(part.kind for part in hidden))
    return Masked(out + text[at:], kinds, tuple((part.start, part.end) for part in hidden), earlier)
