"""What the grammar draws from Python: numbers in words, telephone and account numbers, dates, number plates, persons.

Numbers are written as they are said and transcribed, a word a unit (:mod:`models.korean.spoken_numbers`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

from models.korean.spoken_numbers import digits, native, number
from models.training.text.grammar import Draw

_AREA_CODES: Final = (
    "02",
    "070",
    *(f"0{area}" for area in (31, 32, 33, 41, 42, 43, 51, 52, 53, 54, 55, 61, 62, 63, 64)),
)
_PLATE_LETTERS: Final = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배"
_MONTHS: Final = tuple(
    f"{month}월" for month in ("일", "이", "삼", "사", "오", "유", "칠", "팔", "구", "시", "십일", "십이")
)
_BUSES: Final = ((1, 99), (100, 999), (1000, 9999))


def draws(surnames: Sequence[str], given: Sequence[str]) -> Mapping[str, Draw]:
    """The draws by the name that rules use."""
    return {
        "n3": _between(1, 3),
        "n9": _between(1, 9),
        "n30": _between(1, 30),
        "n99": _between(1, 99),
        "hundred": _between(100, 999),
        "thousand": _between(1000, 2999),
        "age": _age,
        "native": lambda rng: native(rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20))),
        "hour": lambda rng: native(rng.randint(1, 12)),
        "minute": _minute,
        "month": lambda rng: rng.choice(_MONTHS),
        "day": lambda rng: number(rng.randint(1, 31)) + " 일",
        "year": _year,
        "birth": lambda rng: digits(f"{rng.randint(30, 99):02}{rng.randint(1, 12):02}{rng.randint(1, 31):02}"),
        "money": _money,
        "busno": lambda rng: number(rng.randint(*rng.choice(_BUSES))),
        "mobile": lambda rng: digits(f"010{rng.randrange(10**8):08}"),
        "landline": lambda rng: digits(rng.choice(_AREA_CODES) + _written(rng, rng.choice((7, 8)))),
        "code": lambda rng: digits(_written(rng, rng.choice((4, 6, 6, 8)))),
        "four": lambda rng: digits(_written(rng, 4)),
        "five": lambda rng: digits(_written(rng, 5)),
        "six": lambda rng: digits(_written(rng, 6)),
        "account": lambda rng: digits(_written(rng, rng.choice((11, 12, 13, 14)))),
        "plate": _plate,
        "name": lambda rng: rng.choice(surnames) + rng.choice(given),
    }


def _between(low: int, high: int) -> Draw:
    return lambda rng: number(rng.randint(low, high))


def _written(rng: random.Random, count: int) -> str:
    return f"{rng.randrange(10**count):0{count}}"


def _age(rng: random.Random) -> str:
    years = rng.randint(15, 95)
    return number(years) if rng.random() < 0.6 else native(years)


def _minute(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return ""
    return "반" if rng.random() < 0.3 else number(rng.choice(range(5, 60, 5))) + " 분"


def _year(rng: random.Random) -> str:
    return number(rng.randint(1935, 2026)) + " 년"


def _money(rng: random.Random) -> str:
    """Won, rounder the larger it is."""
    step, most = rng.choice(
        ((10, 99), (100, 99), (1000, 99), (1000, 99), (10000, 99), (10000, 30), (100000, 50), (1000000, 99))
    )
    value = step * rng.randint(1, most)
    return number(value + rng.choice((0, 0, 0, step // 10 * rng.randint(1, 9)))) + " 원"


def _plate(rng: random.Random) -> str:
    """'12가 3456' or '123가 4567', said digit by digit."""
    head = _written(rng, rng.choice((2, 3)))
    return f"{digits(head)} {rng.choice(_PLATE_LETTERS)} {digits(_written(rng, 4))}"
