"""Numbers told digit by digit in other languages, as digits: 'nine zero double five', 'девяносто пять' -> '9055', '95'.

Models write numbers as they are spoken, so a card or a registration number that is told in English would pass every
mask. Korean has rules of its own (:mod:`core.digit_runs`). Only what people say when they tell a number: digits,
'double' and 'triple', and where pairs and threes of digits are usual, tens and hundreds. Amounts are left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from core.numerals import phone

AT_LEAST: Final = 4
"""Number words in a row from which an agent would rather read digits; 'one of them' and 'ten thirty' stay words."""


def _numbered(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """'zero one two' -> 0, 1, 2; '/' between two words for the same number."""
    return {word: first + step * at for at, group in enumerate(words.split()) for word in group.split("/")}


class _Numerals(msgspec.Struct, frozen=True, kw_only=True):
    """Number words of one language."""

    digits: Mapping[str, int]
    """0-9."""
    teens: Mapping[str, int] = {}
    """10-19 as one word."""
    tens: Mapping[str, int] = {}
    """What one of ``digits`` may follow: 'ninety five'."""
    hundreds: Mapping[str, int] = {}
    """What one of all others may follow, where three digits are told at once."""
    times: Mapping[str, int] = {}
    """'double'."""
    between: frozenset[str] = frozenset()
    """What people say between two digits of one number."""


_CHINESE: Final = _numbered("零/〇 一/幺 二 三 四 五 六 七 八 九")
NUMERALS: Final[Mapping[str, _Numerals]] = {
    "en": _Numerals(
        digits=_numbered("zero/oh/o one two three four five six seven eight nine"),
        teens=_numbered("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", first=10),
        tens=_numbered("twenty thirty forty fifty sixty seventy eighty ninety", first=20, step=10),
        times={"double": 2, "triple": 3},
        between=frozenset({"uh", "um", "er", "dash", "hyphen", "then"}),
    ),
    "zh": _Numerals(digits=_CHINESE),
    "ja": _Numerals(digits=_CHINESE | {"ゼロ": 0}),
    "vi": _Numerals(digits=_numbered("không một/mốt hai ba bốn/tư năm/lăm sáu bảy/bẩy tám chín")),
    "ru": _Numerals(
        digits=_numbered("ноль/нуль один/одна два/две три четыре пять шесть семь восемь девять"),
        teens=_numbered(
            "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать "
            "девятнадцать",
            first=10,
        ),
        tens=_numbered("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто", 20, 10),
        hundreds=_numbered("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот", 100, 100),
        between=frozenset({"э", "тире", "дефис", "потом"}),
    ),
    "uz": _Numerals(
        digits=_numbered("nol bir ikki uch to'rt/toʻrt besh olti yetti sakkiz to'qqiz/toʻqqiz"),
        tens=_numbered(
            "o'n/oʻn yigirma o'ttiz/oʻttiz qirq ellik oltmish yetmish sakson to'qson/toʻqson", first=10, step=10
        ),
    ),
    "mn": _Numerals(
        digits=_numbered("тэг нэг хоёр гурав дөрөв тав зургаа долоо найм ес"),
        tens=_numbered(
            "арав/арван хорь/хорин гуч/гучин дөч/дөчин тавь/тавин жар/жаран дал/далан ная/наян ер/ерэн", 10, 10
        ),
    ),
}
"""By primary language subtag (BCP 47)."""
_CLOSE: Final = frozenset({"zh", "ja"})
"""Written without blanks between words: any stretch of their digits counts."""
_CLOSE_RUN: Final = re.compile(rf"(?:[{''.join(_CHINESE)}]|ゼロ)(?:\s*(?:[{''.join(_CHINESE)}]|ゼロ))*")


def in_digits(text: str, language: str, at_least: int = AT_LEAST) -> str:
    """The text with every number that is told digit by digit, in so many words, written in digits.

    ``language``: BCP 47; of one without a table (Korean too) the text is as it was. Doing it twice changes nothing.
    """
    primary = language.partition("-")[0]
    numerals = NUMERALS.get(primary)
    if numerals is None:
        return text
    if primary in _CLOSE:
        return _CLOSE_RUN.sub(lambda run: _close(run[0], numerals, at_least), text)
    tokens = text.split()
    out: list[str] = []
    at = 0
    while at < len(tokens):
        digits, used = _run(tokens, at, numerals)
        out += [phone(digits) or digits] if used >= max(at_least, 1) else tokens[at : at + max(used, 1)]
        at += max(used, 1)
    return " ".join(out)


def _close(run: str, numerals: _Numerals, at_least: int) -> str:
    digits = "".join(str(numerals.digits[char]) for char in "".join(run.replace("ゼロ", "零").split()))
    return (phone(digits) or digits) if len(digits) >= at_least else run


def _run(tokens: list[str], at: int, numerals: _Numerals) -> tuple[str, int]:
    """The digits that begin at a token, and how many tokens they are; '' and 0 where there are none."""
    digits, begun, behind = "", at, at
    times = 1
    below = 1  # what the number told last still takes: anything below this
    while at < len(tokens):
        word = tokens[at].lower()
        if word in numerals.times and at + 1 < len(tokens) and tokens[at + 1].lower() in numerals.digits:
            times, below = numerals.times[word], 1
        elif digits and word in numerals.between:
            below = 1
        elif (value := _value(word, numerals)) is None:
            break
        else:
            number, room = value
            if 0 < number < below:
                digits = digits[: -len(str(number))] + str(number)
            else:
                digits += str(number) * times
            times, below = 1, room
            behind = at + 1
        at += 1
    return digits, behind - begun


def _value(word: str, numerals: _Numerals) -> tuple[int, int] | None:
    """A word's number, and below what a number may be that is added to it; None for other words."""
    for words, room in ((numerals.digits, 1), (numerals.teens, 1), (numerals.tens, 10), (numerals.hundreds, 100)):
        if word in words:
            return words[word], room
    return None
