"""Vehicle number plates in a text: '12가 3456', '123가4567', '서울 12가 3456', '십이 가 삼사오육', '외교 123-456'.

The plate's syllable is often a word of its own ('로', '가', '도'), so what follows must be four digits and nothing that
counts; spoken syllables that are digits themselves (사, 오, 구) count only where the talk is about a vehicle.
"""

from __future__ import annotations

import re
from typing import Final

from core.contacts.contact import Contact
from core.numerals import sino, spoken_digits

REGIONS: Final = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_LETTER: Final = "[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호바사아자배육해공국합]"
_FRONT: Final = r"[\d공영일이삼사오육륙칠팔구십백](?:\s?[\d공영일이삼사오육륙칠팔구십백]){0,5}?"
_DIGIT: Final = r"[\d공영일이삼사오육륙칠팔구]"
_COUNTS: Final = r"(?!\d|\s?(?:원|년|명|호|만|천)(?![가-힣]{2})|[월일시분동개건통장평층번%m]|\s?-\s?\d)"
_WRITTEN: Final = re.compile(
    rf"(?:(?P<region>{REGIONS})\s?)?(?<!\d)(?P<front>\d{{2,3}})\s?(?P<letter>{_LETTER})\s?(?P<back>\d{{4}}){_COUNTS}"
)
_SPOKEN: Final = re.compile(
    rf"(?<![가-힣\d])(?:(?P<region>{REGIONS})\s?)?(?P<front>{_FRONT})\s?(?P<letter>{_LETTER})\s?"
    rf"(?P<back>{_DIGIT}(?:\s?{_DIGIT}){{3}}){_COUNTS}(?!\s?{_DIGIT}\s?{_DIGIT})"
)
_OLD: Final = re.compile(rf"(?P<region>{REGIONS})\s?(?P<front>\d)\s?(?P<letter>{_LETTER})\s?(?P<back>\d{{4}}){_COUNTS}")
_OFFICIAL: Final = re.compile(
    r"(?P<sort>외교|영사|준외|준영|국기|협정)\s?(?P<front>\d{3})\s?-?\s?(?P<back>\d{3})(?!\d)"
)
_FOR_A_WHILE: Final = re.compile(r"임시\s?(?:운행\s?|번호판\s?|번호\s?)(?:허가\s?)?(?:번호\s?)?(?P<back>\d{4,6})(?!\d)")
_TWO_WHEELS: Final = re.compile(
    rf"(?P<region>{REGIONS})\s?(?P<town>[가-힣]{{2,3}})\s(?P<letter>{_LETTER})\s?(?P<back>\d{{4}}){_COUNTS}"
)
_ABOUT_CARS: Final = re.compile("차|번호판|오토바이|이륜|스쿠터|견인|운전")
_ABOUT_BIKES: Final = re.compile("오토바이|이륜|스쿠터|번호판")
_ALSO_DIGITS: Final = "사오구육공"


def plates(text: str) -> list[Contact]:
    """Every number plate, in order; none twice."""
    found: list[Contact] = [_official(hit) for hit in _OFFICIAL.finditer(text)]
    found += [Contact(hit.start(), hit.end(), f"임시 {hit['back']}") for hit in _FOR_A_WHILE.finditer(text)]
    if _ABOUT_BIKES.search(text):
        for hit in _TWO_WHEELS.finditer(text):
            value = f"{hit['region']} {hit['town']} {hit['letter']} {hit['back']}"
            found.append(Contact(hit.start(), hit.end(), value))
    for pattern in (_WRITTEN, _OLD, _SPOKEN):
        for hit in pattern.finditer(text):
            plate = _plate(text, hit)
            if plate is not None and all(plate.end <= other.start or other.end <= plate.start for other in found):
                found.append(plate)
    return sorted(found, key=lambda plate: plate.start)


def _official(hit: re.Match[str]) -> Contact:
    return Contact(hit.start(), hit.end(), f"{hit['sort']} {hit['front']}-{hit['back']}")


def _plate(text: str, hit: re.Match[str]) -> Contact | None:
    front, back = _number(hit["front"], 3), _number(hit["back"], 4)
    if front is None or back is None or len(back) != 4:
        return None
    spoken = not hit["front"].isdigit()
    if spoken and hit["letter"] in _ALSO_DIGITS and not (hit["region"] or _ABOUT_CARS.search(text)):
        return None
    if len(front) < 2 and not hit["region"]:
        return None
    region = f"{hit['region']} " if hit["region"] else ""
    return Contact(hit.start(), hit.end(), f"{region}{front}{hit['letter']} {back}")


def _number(said: str, longest: int) -> str | None:
    """'십이' and '일이' are 12; None for anything else than up to ``longest`` digits."""
    joined = "".join(said.split())
    if joined.isdecimal():
        number: str | None = str(joined)
    else:
        digits = "".join(char if char.isdecimal() else spoken_digits(char) or "?" for char in joined)
        counted = sino(joined)
        number = digits if "?" not in digits else str(counted) if counted is not None else None
    return number if number is not None and len(number) <= longest else None
