"""Made-up utterances for bench ``masking``: personal numbers of every kind and form, and numbers that must stay.

Seeded: the same utterances on every machine. No number belongs to anybody but by chance.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, Literal

import msgspec

from core.check_digits import luhn, resident_checks

Form = Literal["written", "spoken", "pairs", "two utterances"]
FORMS: Final[tuple[Form, ...]] = ("written", "spoken", "pairs", "two utterances")

_SINGLE: Final = "공일이삼사오육칠팔구"
_COUNTED: Final = ("영", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
_DASH: Final = (" 다시 ", " 다시 ", " ", " 하이픈 ", " 에 ", "에 ", " 음 ", ", ", " 그리고 ", " 대시 ", " 네 ")
_ENDINGS: Final = (
    "",
    "이요",
    "요",
    "입니다",
    "이에요",
    " 입니다",
    "인데요",
    "이고요",
    " 맞나요",
    " 이렇게 돼요",
    "로 해 주세요",
)
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "resident_number": ("주민번호는 ", "주민등록번호가 ", "제 번호가 ", "외국인등록번호 ", "네 ", "", "본인 확인이요 "),
    "driving_licence": ("면허번호 ", "운전면허번호는 ", "운전면허 번호가 ", "면허증에 ", "면허는 "),
    "passport": ("여권번호는 ", "여권 번호 ", "여권이 ", "", "네 "),
    "card": ("카드번호는 ", "카드 ", "결제할 카드가 ", "", "네 "),
    "account": (
        "계좌번호는 ",
        "농협 계좌 ",
        "국민은행 ",
        "통장 번호가 ",
        "환급 계좌가 ",
        "신한은행 계좌번호 ",
        "",
        "입금은 ",
    ),
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A personal number as it was told."""

    kind: str
    """As in ``TranscriptFinal.masked``."""
    form: Form
    utterances: tuple[str, ...]
    """Of one leg, in order."""
    digits: str
    """What must not be read off what is left."""
    may_stay: int = 0
    """So many digits were told before anybody could know."""


class Harmless(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance whose numbers must stay."""

    sort: str
    text: str


def told(count: int, seed: int = 5) -> Iterator[Told]:
    """``count`` numbers of every kind in every form."""
    dice = random.Random(seed)
    for kind, make in _MAKERS.items():
        for form in FORMS:
            for _ in range(count):
                yield _told(kind, form, make(dice), dice)


def harmless(count: int, seed: int = 7) -> Iterator[Harmless]:
    """``count`` utterances of every sort."""
    dice = random.Random(seed)
    for sort, make in _HARMLESS.items():
        for _ in range(count):
            yield Harmless(sort=sort, text=make(dice))


def _told(kind: str, form: Form, parts: tuple[str, ...], dice: random.Random) -> Told:
    name, ending = dice.choice(_NAMES[kind]), dice.choice(_ENDINGS)
    digits = "".join(char for part in parts for char in part if char.isdigit())
    if form == "written":
        mark = dice.choice(("-", "-", "-", " ", "", " - ", "–"))
        return Told(kind=kind, form=form, utterances=(name + _written(parts, mark) + ending,), digits=digits)
    if form == "two utterances":
        cut = dice.randrange(1, len(parts)) if len(parts) > 1 else 1
        halves = (parts[:cut], parts[cut:]) if len(parts) > 1 else _halved(parts[0])
        between = dice.choice(((), (), ("네",), ("음",)))
        before = sum(char.isdigit() for part in halves[0] for char in part)
        begun = name + _spoken(halves[0], dice) + dice.choice(("", "", "이고요", "요"))
        utterances = (begun, *between, _spoken(halves[1], dice) + ending)
        return Told(kind=kind, form=form, utterances=utterances, digits=digits, may_stay=before)
    said = _pairs(parts, dice) if form == "pairs" else _spoken(parts, dice)
    return Told(kind=kind, form=form, utterances=(name + said + ending,), digits=digits)


def _halved(part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (part[: len(part) // 2],), (part[len(part) // 2 :],)


def _written(parts: tuple[str, ...], mark: str) -> str:
    if parts[0].isalpha():
        return "".join(parts)
    return mark.join(parts)


def _spoken(parts: tuple[str, ...], dice: random.Random) -> str:
    """Digit by digit, in chunks as people breathe."""
    zero, counted, apart = dice.choice("공공영"), dice.random() < 0.15, dice.choice(("", "", " "))
    dash = dice.choice(_DASH)
    return dash.join(apart.join(_digit(char, zero, counted and dice.random() < 0.4) for char in part) for part in parts)


def _digit(char: str, zero: str, counted: bool) -> str:
    if char.isalpha():
        return _LETTERS[char] + " "
    if char == "0":
        return zero
    return f" {_COUNTED[int(char)]} " if counted else _SINGLE[int(char)]


def _pairs(parts: tuple[str, ...], dice: random.Random) -> str:
    """Two digits at a time where that is a number: '팔십오 공삼 십이'."""
    return dice.choice(_DASH).join(" ".join(_two(part[at : at + 2]) for at in range(0, len(part), 2)) for part in parts)


def _two(pair: str) -> str:
    if pair.isdigit() and len(pair) == 2 and pair[0] != "0":
        tens, ones = pair[0], pair[1]
        return ("" if tens == "1" else _SINGLE[int(tens)]) + "십" + ("" if ones == "0" else _SINGLE[int(ones)])
    return "".join(_digit(char, "공", False) for char in pair)


_LETTER_NAMES: Final = "A에이 B비 C씨 D디 F에프 G지 H에이치 J제이 K케이 L엘 M엠 N엔 P피 R알 S에스 T티 X엑스 Z제트"
_LETTERS: Final = {name[0]: name[1:] for name in _LETTER_NAMES.split()}


def _numbers(dice: random.Random, *lengths: int) -> tuple[str, ...]:
    return tuple("".join(dice.choice("0123456789") for _ in range(length)) for length in lengths)


def _birthday(dice: random.Random) -> str:
    return f"{dice.randrange(100):02}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}"


def _resident(dice: random.Random) -> tuple[str, ...]:
    """Half with a fitting check digit, half as they are given out since 2020."""
    birthday, rest = _birthday(dice), f"{dice.randrange(1, 9)}{dice.randrange(10**6):06}"
    if dice.random() < 0.5:
        rest = next(r for r in (rest[:6] + last for last in "0123456789") if resident_checks(birthday + r))
    return birthday, rest


def _licence(dice: random.Random) -> tuple[str, ...]:
    return (f"{dice.randrange(11, 29)}", *_numbers(dice, 2, 6, 2))


def _passport(dice: random.Random) -> tuple[str, ...]:
    letter = dice.choice("MMMMS")
    if dice.random() < 0.5:
        return letter, *_numbers(dice, 8)
    first, last = _numbers(dice, 3, 4)
    return letter, first, dice.choice("ABCDFGHJKLNPRSTXZ"), last


def _card(dice: random.Random) -> tuple[str, ...]:
    american = dice.random() < 0.15
    lengths = (4, 6, 5) if american else (4, 4, 4, 4)
    first = dice.choice(("37", "34")) if american else dice.choice("4559369")
    digits = first + "".join(_numbers(dice, sum(lengths) - len(first) - 1))
    digits += next(last for last in "0123456789" if luhn(digits + last))
    cuts = [sum(lengths[:at]) for at in range(len(lengths) + 1)]
    return tuple(digits[a:b] for a, b in pairwise(cuts))


_ACCOUNTS: Final = (
    (3, 3, 6),
    (6, 2, 6),
    (3, 2, 5),
    (4, 3, 6),
    (3, 6, 2, 3),
    (4, 2, 7),
    (3, 4, 4, 2),
    (3, 6, 3),
    (14,),
    (11,),
)


def _account(dice: random.Random) -> tuple[str, ...]:
    parts = _numbers(dice, *dice.choice(_ACCOUNTS))
    return (dice.choice("123456789") + parts[0][1:], *parts[1:])


_MAKERS: Final[dict[str, Callable[[random.Random], tuple[str, ...]]]] = {
    "resident_number": _resident,
    "driving_licence": _licence,
    "passport": _passport,
    "card": _card,
    "account": _account,
}


def _count(number: int) -> str:
    """A number in words: 1203 -> '천이백삼'."""
    out = ""
    for size, name in ((10_000, "만"), (1, "")):
        part, number = divmod(number, size)
        for place, word in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
            digit = part // place % 10
            out += ("" if digit == 1 and word else _SINGLE[digit]) + word if digit else ""
        out += name if part else ""
    return out


def _either(dice: random.Random, number: int) -> str:
    return dice.choice((str(number), _count(number)))


def _phone(dice: random.Random) -> str:
    parts = dice.choice(
        (("010", 4, 4), ("02", 3, 4), ("02", 4, 4), ("031", 3, 4), ("062", 3, 4), ("070", 4, 4), ("0504", 4, 4))
    )
    numbers = (str(parts[0]), *(f"{dice.randrange(2, 9)}" + _numbers(dice, int(length) - 1)[0] for length in parts[1:]))
    if dice.random() < 0.15:
        numbers = (dice.choice(("1588", "1577", "1600")), *_numbers(dice, 4))
    if dice.random() < 0.5:
        return dice.choice(("-", "-", "", " ")).join(numbers)
    return dice.choice((" ", " ", " 에 ", " 다시 ", "")).join(
        "".join(_SINGLE[int(d)] for d in part) for part in numbers
    )


def _phones(dice: random.Random) -> str:
    form = dice.choice(
        (
            "{0}로 전화 주세요",
            "제 번호가 {0}이에요",
            "연락처는 {0}입니다",
            "집은 {0}이고 손전화는 {1}예요",
            "{0} 아니면 {1}",
            "{0}",
        )
    )
    return form.format(_phone(dice), _phone(dice))


def _dates(dice: random.Random) -> str:
    year, month, day = dice.randrange(1950, 2030), dice.randrange(1, 13), dice.randrange(1, 29)
    months = {6: "유", 10: "시"}
    spoken = f"{_count(year)}년 {months.get(month, _count(month))}월 {_count(day)}일"
    shown = dice.choice(
        (
            f"{year}년 {month}월 {day}일",
            f"{year}-{month:02}-{day:02}",
            f"{year}.{month}.{day}",
            f"{year}{month:02}{day:02}",
            spoken,
        )
    )
    hour = f"{dice.randrange(1, 13)}시 {dice.randrange(1, 60)}분"
    form = dice.choice(
        (
            "{0}에 신청했어요",
            "{0} {1}쯤이요",
            "{0}까지 내면 되나요",
            "{0}에 태어났고 {2}에 전입했어요",
            "접수가 {0} 120번이에요",
        )
    )
    return form.format(shown, hour, f"{dice.randrange(2000, 2026)}년 {dice.randrange(1, 13)}월")


def _money(dice: random.Random) -> str:
    amount = dice.randrange(1, 99_999) * dice.choice((1, 10, 100, 1000))
    shown = dice.choice(
        (f"{amount:,}원", f"{amount}원", f"{_count(min(amount, 99_999_999))} 원", f"{amount // 10_000 + 1}만원")
    )
    return dice.choice(
        ("과태료가 {0} 나왔어요", "{0} 냈는데요", "지방세 {0}이요", "카드로 {0} 결제했어요", "통장에서 {0} 빠졌어요")
    ).format(shown)


def _addresses(dice: random.Random) -> str:
    road, house, block, flat = (dice.randrange(*limits) for limits in ((1, 99), (1, 300), (101, 130), (101, 2500)))
    street, village = (
        dice.choice(("느티나무로", "샛별길", "들꽃로", "강변대로")),
        dice.choice(("달빛동", "큰솔동", "물안리")),
    )
    forms = (
        f"{street} {_either(dice, road)}길 {_either(dice, house)}",
        f"{village} {_either(dice, house)} 다시 {_either(dice, dice.randrange(1, 40))} 번지",
        f"{village} {house}-{road}번지 {block}동 {flat}호",
        f"{_count(block)} 동 {_count(flat)} 호예요",
        f"{street} {house} {block}동 {flat}호로 이사했어요",
    )
    return dice.choice(forms)


def _plates(dice: random.Random) -> str:
    front, back = dice.choice((dice.randrange(10, 100), dice.randrange(100, 1000))), f"{dice.randrange(10_000):04}"
    letter = dice.choice("가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호")
    spoken = f"{_count(front)} {letter} {''.join(_SINGLE[int(d)] for d in back)}"
    shown = dice.choice((f"{front}{letter} {back}", f"{front}{letter}{back}", spoken, f"서울 {front}{letter} {back}"))
    return dice.choice(("차가 {0}예요", "{0} 차량이 막고 있어요", "{0} 불법 주차요", "번호판이 {0}인데요")).format(
        shown
    )


def _receipts(dice: random.Random) -> str:
    day = f"{dice.randrange(2019, 2027)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}"
    number = dice.choice(
        (f"{day}-{_numbers(dice, 4)[0]}", f"{day}{_numbers(dice, 6)[0]}", f"1AA-{day[2:6]}-{_numbers(dice, 7)[0]}")
    )
    if dice.random() < 0.4:
        number = " ".join("".join(_SINGLE[int(d)] for d in part) for part in (day[:4], day[4:], *_numbers(dice, 4)))
    name = dice.choice(
        (
            "접수번호",
            "민원번호",
            "신청 번호",
            "관리번호",
            "접수 번호",
            "예약번호",
            "등기번호",
            "고지서 번호",
            "사업자번호",
        )
    )
    return dice.choice(
        (f"{name} {number}이요", f"{name}가 {number}입니다", f"{number} 이게 {name}예요", f"{name}는 {number}")
    )


def _counts(dice: random.Random) -> str:
    number = dice.randrange(1, 400)
    forms = (
        "등본 {0} 통이요",
        "{0}명이 갔어요",
        "{0} 건 접수했어요",
        "{0} 개 있어요",
        "버스 {0} 번이요",
        "{0} 가구가 살아요",
    )
    return dice.choice(forms).format(_either(dice, number))


def _help_lines(dice: random.Random) -> str:
    lines = ["119", "112", "120", "1393", "110", "일일구", "일일이"]
    dice.shuffle(lines)
    return dice.choice(("{0}에 신고했어요", "{0} {1} {2} 다 걸어 봤어요", "{0}, {1}, {2}, {3} 중에 어디요")).format(
        *lines
    )


def _talk(dice: random.Random) -> str:
    said = (
        "네 이사를 왔는데 일이 있어서 오늘은 못 가요",
        "이 일 때문에 구청에 갔다가 사람이 너무 많아서 돌아왔어요",
        "오이 이 킬로 사서 칠천 원 냈고요",
        "하나 둘 셋 넷 다섯 여섯 일곱 여덟 이렇게 세어 봤어요",
        "저기요 그게 아니고요",
        "네 알겠습니다 감사합니다",
        "공사 소리가 너무 커서 잠을 못 자요",
        "구이 집 앞에 육교 밑에 일방통행이잖아요",
    )
    return dice.choice(said)


_HARMLESS: Final[dict[str, Callable[[random.Random], str]]] = {
    "phones": _phones,
    "dates": _dates,
    "money": _money,
    "addresses": _addresses,
    "plates": _plates,
    "receipts": _receipts,
    "counts": _counts,
    "help lines": _help_lines,
    "talk": _talk,
}
