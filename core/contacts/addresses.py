"""Addresses in a text, written or spoken, with the city, ward and village before them.

Road names ('한빛로 이십삼 길 십오' is 한빛로23길 15), lots ('빛가람동 백이십 다시 삼 번지' is 빛가람동 120-3),
flats ('백일 동 천이백삼 호' is 101동 1203호).

Most words that end in 로, 길, 동 or 면 are none ('카드로', '이 길', '운동'). So a word is a road or a village only if
its name is known, if a place stands before it, or if it is followed as only those are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from core.contacts.contact import NO_PLACES, Contact, Places
from core.contacts.no_places import NO_PLACE, NO_ROAD
from core.contacts.numbers import Number, number_at, shorter

_LONGEST_ROAD: Final = 12
"""Syllables of a road's name."""
_LAST_OF_ROAD: Final = re.compile("[로길]")
_ROAD: Final = re.compile(r"(?<![가-힣])[가-힣]{1,14}?(?:대로|로|길)(?![가-힣]{2})")
_VILLAGE: Final = re.compile(
    r"(?<![가-힣])[가-힣]{1,5}?(?:\d{1,2})?(?:동|리|읍|면|가)(?=\s|\d|산|[일이삼사오육칠팔구십백천])"
)
_SAID: Final = "[공영일이삼사오육칠팔구십백천]"
_BLOCK: Final = re.compile(
    rf"(?<![가-힣\d])(?:(?P<letter>[A-Z가나다라])|(?P<number>\d{{1,4}}|{_SAID}(?:\s?{_SAID}){{0,6}}))\s?동\s?(?=\d|{_SAID})"
)
_FLAT: Final = re.compile(r"(?<![가-힣\d\-제])(?<!제\s)(?=[\d공영일이삼사오육칠팔구십백천])")
_IF: Final = re.compile("(?:시|하|으|되|려|라|다|니)면$")
"""'방문하시면': 'if', no township."""
_LOT_WORD: Final = re.compile(r"\s?번지")
_DASH: Final = re.compile(r"\s?(?:-|–|다시|대시|하이픈|의)\s?(?=[\d일이삼사오육칠팔구십백])")
_ALLEY: Final = re.compile(r"\s?(?P<by>번)?\s?(?P<letter>[가-하])?길")
_MOUNTAIN: Final = re.compile(r"\s?산\s?(?=[\d일이삼사오육칠팔구십백])")
# Behind the last number of an address stands nothing that is counted, and no half of a word.
_COUNTED: Final = re.compile(
    r"\s?(?:[만천억]?\s?원|명|개|건|통|장|분|시|년|월|일|초|층|평|회|번(?!지)|주|퍼센트|%|킬로|미터|kg|km|m\b|대|인|호선|학년|권|배|"
    r"도\b|살|세|가지|차례|곳|군데|부터)"
)
_ENDS: Final = re.compile(
    r"$|[^가-힣\d\-]|(?:번지|이[가고나나요에예라랑며]?|가|은|는|을|를|에|에서|로|으로|의|인데|예요|입니다|요|도|하고|랑|까지|앞|쪽|쯤|정도|"
    r"근처|옆|뒤|맞|거든|죠|고)"
)
_HO: Final = re.compile(rf"\s?호실?(?={_ENDS.pattern})")
_SAID_ALLEY: Final = re.compile(rf"(?P<road>[가-힣]+로)(?P<number>{_SAID}{{1,6}})(?P<by>번)?길")
_STATES: Final = (
    "서울특별시|서울시|서울|부산광역시|부산시|부산|대구광역시|대구시|대구|인천광역시|인천시|인천|광주광역시|광주시|광주|대전광역시|대전시|대전|"
    "울산광역시|울산시|울산|세종특별자치시|세종시|세종|경기도|강원도|강원특별자치도|충청북도|충북|충청남도|충남|전라북도|전북특별자치도|전북|"
    "전라남도|전남|경상북도|경북|경상남도|경남|제주도|제주특별자치도|제주시|제주"
)
_BEFORE: Final = re.compile(
    rf"(?<![가-힣])(?:(?:{_STATES}|[가-힣]{{2,4}}시|[가-힣]{{1,4}}[구군]|[가-힣]{{1,5}}\d?[읍면동리])\s+){{1,4}}$"
)
_BEFORE_WINDOW: Final = 40
_ENDING: Final = 5
"""Characters of an ending ('이에요.') behind an address that is all that is said."""
_TOLD: Final = re.compile("주소|도로명|사는 곳|살아|살고|거주|이사|전입|위치|번지|택배|배송")


class _Part(msgspec.Struct, frozen=True):
    """A road with its house, a lot, a flat; ``value`` as it is written."""

    start: int
    end: int
    value: str
    detail: bool = False
    """A flat: belongs to what stands before it."""


def addresses(text: str, places: Places = NO_PLACES) -> list[Contact]:
    """Every address, in order: a road or lot with the places before it and the flat behind it."""
    parts: list[_Part] = []
    for part in (*_flats(text), *_roads(text, places), *_lots(text, places), *_bare(text)):
        if all(part.end <= other.start or other.end <= part.start for other in parts):
            parts.append(part)
    joined: list[Contact] = []
    last: _Part | None = None
    for part in sorted(parts, key=lambda each: each.start):
        begin = _with_places(text, part)
        value = text[begin : part.start] + part.value
        if part.detail and last is not None and not last.detail and not text[last.end : part.start].strip(" ,"):
            joined[-1] = Contact(joined[-1].start, part.end, f"{joined[-1].value}, {part.value}")
        else:
            joined.append(Contact(begin, part.end, " ".join(value.split())))
        last = part
    return joined


def _with_places(text: str, part: _Part) -> int:
    """Where the city, ward and village before it begin."""
    if part.detail:
        return part.start
    window = max(0, part.start - _BEFORE_WINDOW)
    begin = part.start
    found = _BEFORE.search(text[window:begin])
    if found is None:
        return begin
    for word in reversed(list(re.finditer(r"\S+", found[0]))):
        if word[0] in NO_PLACE or _IF.search(word[0]):
            break
        begin = window + found.start() + word.start()
    return begin


def _roads(text: str, places: Places) -> Iterator[_Part]:
    told = _TOLD.search(text) is not None
    for road in _road_names(text, places):
        name = _in_digits(road.value)
        known = name in places.streets
        if not known and (name in NO_ROAD or name.endswith("으로")):
            continue
        number = number_at(text, road.end)
        alley = _ALLEY.match(text, number.end) if number is not None else None
        if number is not None and alley is not None:
            name += f"{number.value}{'번' if alley['by'] else ''}{alley['letter'] or ''}길"
            number = number_at(text, alley.end())
        if number is None:
            continue
        placed = _with_places(text, road) < road.start
        sure = known or alley is not None or name != road.value or placed or told
        house = _house(text, number)
        if house is not None and (sure or "-" in house.value or _is_all(text, road.start, house.end)):
            yield _Part(road.start, house.end, f"{name} {house.value}")


def _in_digits(name: str) -> str:
    """'한빛로이십삼길' -> '한빛로23길'."""
    found = _SAID_ALLEY.fullmatch(name)
    number = number_at(found["number"], 0) if found else None
    if found is None or number is None or number.end != len(found["number"]):
        return name
    return f"{found['road']}{number.value}{found['by'] or ''}길"


def _is_all(text: str, start: int, end: int) -> bool:
    """Whether hardly anything else is said: the answer to 'where do you live?'."""
    return not text[:start].strip(" ,네예음어") and len(text) - end <= _ENDING


def _road_names(text: str, places: Places) -> Iterator[_Part]:
    """Words that may be roads, and known names inside longer words ('중앙동한빛대로')."""
    for found in _ROAD.finditer(text):
        yield _Part(found.start(), found.end(), found[0])
    if places.streets:
        for last in _LAST_OF_ROAD.finditer(text):
            for start in range(max(0, last.end() - _LONGEST_ROAD), last.start()):
                if text[start : last.end()] in places.streets:
                    yield _Part(start, last.end(), text[start : last.end()])
                    break


def _house(text: str, number: Number) -> Number | None:
    """A house or lot number with its second part: '백이십 다시 삼' is 120-3; None if it counts something else."""
    trial: Number | None = number
    while trial is not None:
        dash = _DASH.match(text, trial.end)
        second = number_at(text, dash.end()) if dash else None
        whole = Number(f"{trial.value}-{second.value}", trial.start, second.end) if second else trial
        lot = _LOT_WORD.match(text, whole.end)
        end = lot.end() if lot else whole.end
        if lot or (not _COUNTED.match(text, end) and _ENDS.match(text, end)):
            return Number(whole.value, trial.start, end)
        trial = shorter(text, trial)
    return None


def _lots(text: str, places: Places) -> Iterator[_Part]:
    for village in _VILLAGE.finditer(text):
        name = village[0]
        known = name in places.districts
        if not known and (name in NO_PLACE or len(name) < 2 or _IF.search(name)):
            continue
        mountain = _MOUNTAIN.match(text, village.end())
        number = number_at(text, mountain.end() if mountain else village.end())
        if number is None or (
            number.start == village.end() and number.end == number.start + 1 and not _digit(text, number)
        ):
            continue  # '성동구': a ward, not nine
        house = _house(text, number)
        if house is None or _HO.match(text, house.end):
            continue
        placed = _with_places(text, _Part(village.start(), village.end(), "")) < village.start()
        lot = text[: house.end].endswith("번지")
        if known or lot or placed or ("-" in house.value and name[-1] in "동리"):
            yield _Part(village.start(), house.end, f"{name} {'산' if mountain else ''}{house.value}")


def _digit(text: str, number: Number) -> bool:
    return text[number.start].isdecimal()


def _flats(text: str) -> Iterator[_Part]:
    for block in _BLOCK.finditer(text):
        flat = number_at(text, block.end())
        ho = _HO.match(text, flat.end) if flat is not None else None
        if flat is None or ho is None:
            continue
        start, name = block.start(), block["letter"]
        said = block["number"] or ""
        while said and name is None:  # '십오 백일 동': the first word may be the house number
            name = _block_number(said)
            rest = said if name else said.partition(" ")[2]
            start, said = start + len(said) - len(rest), rest
        if name is not None:
            yield _Part(start, ho.end(), f"{name}동 {flat.value}호", True)
    for place in _FLAT.finditer(text):
        flat = number_at(text, place.start())
        ho = _HO.match(text, flat.end) if flat is not None else None
        if flat is not None and ho is not None and flat.start == place.start() and 3 <= len(flat.value) <= 4:
            yield _Part(flat.start, ho.end(), f"{flat.value}호", True)


def _block_number(said: str) -> str | None:
    number = number_at(said, 0)
    return number.value if number is not None and number.end == len(said) else None


def _bare(text: str) -> Iterator[_Part]:
    """'120-3번지', with no village."""
    for word in _LOT_WORD.finditer(text):
        begin = max(0, word.start() - _BEFORE_WINDOW)
        for start in range(begin, word.start()):
            if start and not text[start - 1].isspace():
                continue
            number = number_at(text, start)
            house = _house(text, number) if number is not None and number.start == start else None
            if house is not None and house.end == word.end():
                yield _Part(start, house.end, f"{house.value}번지")
                break
