"""Which part of a run of digits is a personal number: '119 850312 2345678' keeps the 119.

People string numbers together. A part is cut off only where what is left over explains itself (a telephone number, an
emergency number); else all of the run goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from core.check_digits import card_shaped, resident_checks, resident_shaped
from core.digit_runs import Group, Run, groups, may_end_with_two, other_digits_of
from core.numerals import phone
from stt.number_kinds import LONG, Kind, Part, is_birthday, is_day, kind_of

GROUPS: Final = 40
"""A run in more pieces is looked at as a whole only."""
_AFTER: Final = 30
"""Characters behind a run that may say what it is."""
_MOBILE: Final = re.compile(r"010\d{8}|01[16-9]\d{7,8}")
_LISTED: Final = re.compile(r"\s?(?:호|동|번|층|반|월|일|시|분|학년|세대|가구|명|개|건|통|장|원)")
_HELP_LINE: Final = re.compile("1(?:1[0-9]|2[0235689]|32|82|88|3(?:01|30|32|33|45|50|55|57|66|77|88|9[0389]))")
"""Numbers of help lines (119, 112, 120, 1393): they stay readable wherever they are said."""


def personal_parts(text: str, run: Run, before: str) -> tuple[Part, ...]:
    """What of the run is personal; ``before`` is what was said before it, in this utterance and the last ones."""
    after = text[run.end : run.end + _AFTER]
    length = len(run.digits)
    pieces = groups(text, run) if length > 6 else []
    if len(pieces) > 1 and (
        _only_help_lines(pieces) or ((_listed(text, pieces, after) or _counting(pieces)) and not _is_named(before))
    ):
        return ()
    if not 1 < len(pieces) <= GROUPS or (length == 13 and resident_shaped(run.digits)):
        return _whole(text, run, run.digits, before, after)
    shaped = _well_shaped(pieces)
    if shaped is not None:
        return (shaped,)
    rest = _beside(pieces, before)
    if rest is None:
        return _whole(text, run, run.digits, before, after)
    kind = kind_of("".join(piece.digits for piece in rest), before, after)
    return () if kind is None else (Part(rest[0].start, rest[-1].end, kind),)


def only_help_lines(text: str, run: Run) -> bool:
    """Whether the run is nothing but numbers like 119."""
    return _only_help_lines(groups(text, run))


def _only_help_lines(pieces: Sequence[Group]) -> bool:
    return all(_HELP_LINE.fullmatch(piece.digits) for piece in pieces)


def _listed(text: str, pieces: Sequence[Group], after: str) -> bool:
    """'301, 302, 303, 304호': short numbers with commas between, and what they count."""
    if not _LISTED.match(after) or any(len(piece.digits) > 4 for piece in pieces):
        return False
    return all("," in text[left.end : right.start] for left, right in pairwise(pieces))


def _counting(pieces: Sequence[Group]) -> bool:
    """'일 이 삼 사 ...', '십 이십 삼십 ...'."""
    steps = {int(right.digits) - int(left.digits) for left, right in pairwise(pieces)}
    return len(pieces) > 3 and steps in ({1}, {10})


def _is_named(before: str) -> bool:
    """Whether even a short number would be personal after this."""
    return kind_of("9" * 8, before) is not None


def _whole(text: str, run: Run, digits: str, before: str, after: str) -> tuple[Part, ...]:
    kind = kind_of(digits, before, after)
    other = other_digits_of(text[run.start : run.end]) if len(digits) > 6 else digits
    if other != digits and (kind is None or resident_shaped(other)):
        kind = kind_of(other, before, after)
    if kind is None and may_end_with_two(text, run) and not phone(digits):
        kind = kind_of(digits + "2", before, after)
    return () if kind is None else (Part(run.start, run.end, kind),)


def _well_shaped(pieces: Sequence[Group]) -> Part | None:
    """A resident number or card whose neighbours explain themselves; the one with a right check digit first."""
    found: list[tuple[bool, Part]] = []
    for first in range(len(pieces)):
        digits = ""
        for last in range(first, len(pieces)):
            digits += pieces[last].digits
            if len(digits) > 16:
                break
            kind = _shape(digits)
            if kind is not None and _explained(pieces[:first]) and _explained(pieces[last + 1 :]):
                part = Part(pieces[first].start, pieces[last].end, kind)
                found.append((kind == "card" or resident_checks(digits), part))
    return max(found, key=lambda each: each[0])[1] if found else None


def _shape(digits: str) -> Kind | None:
    if len(digits) == 13 and resident_shaped(digits):
        return "resident_number"
    return "card" if card_shaped(digits) else None


def _explained(pieces: Sequence[Group]) -> bool:
    digits = "".join(piece.digits for piece in pieces)
    return not digits or phone(digits) is not None or _only_help_lines(pieces)


def _beside(pieces: Sequence[Group], before: str) -> Sequence[Group] | None:
    """What stands before or behind a mobile number or a day; None where there is none, or all may be one number."""
    named = _is_named(before)
    whole = "".join(piece.digits for piece in pieces)
    doubtful = len(whole) <= 14 and is_birthday(whole[:6])
    for count in range(1, len(pieces)):
        for known, rest in ((pieces[:count], pieces[count:]), (pieces[-count:], pieces[:-count])):
            digits = "".join(piece.digits for piece in known)
            in_one = len(known[0].digits) >= 3 or all(len(piece.digits) == 1 for piece in known)
            mobile = _MOBILE.fullmatch(digits) is not None and in_one and (count == 1 or not doubtful)
            if mobile or (count == 1 and is_day(digits)):
                return rest if not named or sum(len(piece.digits) for piece in rest) >= LONG else None
    return None
