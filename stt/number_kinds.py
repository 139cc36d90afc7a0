"""What a long number is: by its length, by what it begins with, by its check digit, by what was said around it.

A recogniser drops a digit now and then, so what is nearly a resident number counts as one; when in doubt a long number
is personal. Telephone numbers are not: the agent needs them. Nor are numbers that are called a receipt's, a bill's, a
vehicle's.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from core.check_digits import card_shaped, luhn, resident_checks, resident_shaped
from core.numerals import phone

Kind = Literal["resident_number", "driving_licence", "passport", "card", "account"]
Named = Kind | Literal["phone", "other"]

LONG: Final = 10
"""From so many digits on a number that nobody has named is personal, unless it is a telephone number."""
_BIRTHDAY: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_FULL_BIRTHDAY: Final = re.compile(rf"(?:19|20){_BIRTHDAY.pattern}[1-8]")
_DAY: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_PHONES: Final = re.compile(r"(?:01\d{8,9}|02\d{7,8}|0[3-8]\d\d{7,9}|1[568]\d{6})+")
_REGIONS: Final = "서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_REGION_LAST: Final = re.compile(rf"(?:{_REGIONS})\s*$")
_LICENCE_REGION: Final = re.compile("1[1-9]|2[0-8]")

_NAMES: Final[dict[str, Named]] = {
    r"주민\s*(?:등록)?\s*번호|외국인\s*(?:등록)?\s*번호|등록증|거소\s*신고|뒷\s*자리|앞\s*자리"
    r"|(?i:(?:resident|alien|foreigner)\s*registration)": "resident_number",
    r"면허|(?i:driv(?:er'?s?|ing)\s*licen[cs]e)": "driving_licence",
    r"여권|(?i:passport)": "passport",
    r"카드|(?i:(?:credit|debit|check)\s*card)": "card",
    r"계좌|통장|은행|뱅크|농협|신협|수협|새마을금고|입금|송금|이체|환급|(?i:account|bank)": "account",
    r"전화|연락처|휴대\s*폰|핸드\s*폰|손전화|팩스|내선|문자": "phone",
    r"(?:접수|민원|신고|신청|관리|납부|고객|차량|우편|문서|사건|송장|운송장|등기|회원|증서|주문|예약|고유|발급|확인|허가|일련|수용가|모델|참가|"
    r"대기|조회|검침|인증|열람|승인|처리|의안|공고|결재|전표|영수증|이체\s*확인)\s*번호|"
    r"사업자(?:\s*등록)?(?:증|\s*번호)?|자동차\s*등록증|차량\s*등록증|고지서|접수증|송장|등기\s*우편|바코드|계량기|ISBN|"
    r"버스(?:는|가)?\s*$|"
    r"시리얼": "other",
}
_NAMED: Final = re.compile("|".join(f"(?P<n{at}>{words})" for at, words in enumerate(_NAMES)))
_BY_GROUP: Final[dict[str, Named]] = {f"n{at}": named for at, named in enumerate(_NAMES.values())}
# 'X-이게 접수번호예요': the name may follow, if it is said of the number.
_CALLED: Final = re.compile(
    r"\s*(?:번|이|가|은|는|요|이요)?\s*(?:이게|이거|이것|그게|그거|이|그)?(?:이|가)?\s*(?:제|저희|우리)?\s*"
    rf"(?:{_NAMED.pattern})"
    r"\s*(?:번호)?\s*(?:예요|에요|이에요|이예요|입니다|인데|이고|고요|이요|요|거든|라고|이라고|래요|네요|맞)"
)
_AMOUNT: Final = re.compile(r"\s?(?:원(?!룸|칙|래|인|서)|달러|명|건(?!물|강)|개(?!월|인)|표)")
_FEWEST: Final[dict[Kind, int]] = {
    "resident_number": 7,
    "driving_licence": 8,
    "passport": 7,
    "card": 8,
    "account": 7,
}
"""So many digits of a number that was named are hidden, as it may come in pieces."""


class Part(msgspec.Struct, frozen=True):
    """A part of a text that must go."""

    start: int
    end: int
    kind: Kind


def kind_of(digits: str, before: str = "", after: str = "") -> Kind | None:
    """What the number is; None = it may stay. ``before`` and ``after`` are what was said around it."""
    if len(digits) < 7:
        return None
    named = _named(before) or _called(after)
    if len(digits) == 13:
        return _of_thirteen(digits, named)
    if len(digits) in (15, 16) and card_shaped(digits) and named != "account":
        return "card"
    if _may_stay(digits, named, after):
        return None
    if named is None or named == "phone":
        return _by_shape(digits, before) if len(digits) >= LONG else None
    if named == "other" or len(digits) < _FEWEST[named]:
        return None
    if named == "passport" and len(digits) > 9:  # said of a passport, but no such number is so long
        return _by_shape(digits, "")
    return named


def _of_thirteen(digits: str, named: Named | None) -> Kind | None:
    if resident_shaped(digits):
        # An account of 13 digits may begin like a birthday; then the check digit decides.
        return "account" if named == "account" and not resident_checks(digits) else "resident_number"
    if named == "other" or _PHONES.fullmatch(digits):
        return None
    return "resident_number" if named is None or named == "phone" else named


def _may_stay(digits: str, named: Named | None, after: str) -> bool:
    """A telephone number, a date, an amount of something."""
    if phone(digits):
        # An account may look like a telephone number of the fixed network.
        return named not in ("account", "resident_number", "driving_licence") or digits.startswith(("01", "1"))
    if phone(digits[:-1]) and named in (None, "phone", "other"):  # a copula that was heard as a two
        return True
    if len(digits) > 13 and _PHONES.fullmatch(digits):
        return True
    if named == "phone" and (len(digits) <= 9 or (digits.startswith("0") and len(digits) <= 12)):
        return True
    if _AMOUNT.match(after) and len(digits) <= 12 and named != "resident_number":
        return True
    return is_day(digits)


def _by_shape(digits: str, before: str) -> Kind:
    length = len(digits)
    if length == 15 and _FULL_BIRTHDAY.match(digits):
        return "resident_number"
    if length == 10 and _REGION_LAST.search(before):
        return "driving_licence"
    if length == 14 and (resident_shaped(digits[1:]) or resident_shaped(digits[:-1])):
        return "resident_number"
    if length <= 14 and _BIRTHDAY.match(digits):
        return "resident_number"
    if length == 12 and _LICENCE_REGION.match(digits):
        return "driving_licence"
    return "card" if length >= 15 or (length == 14 and luhn(digits) and digits[0] == "3") else "account"


def is_day(digits: str) -> bool:
    """Whether eight digits are a day ('20261126')."""
    return _DAY.fullmatch(digits) is not None


def is_birthday(digits: str) -> bool:
    """Whether six digits are a day as resident numbers begin with ('850312')."""
    return _BIRTHDAY.fullmatch(digits) is not None


def _named(before: str) -> Named | None:
    """The kind of number named last."""
    named: Named | None = None
    for found in _NAMED.finditer(before):
        named = _BY_GROUP[found.lastgroup or ""]
    return named


def _called(after: str) -> Named | None:
    """What the number was called when it had been said: '... 이게 접수번호예요'."""
    found = _CALLED.match(after)
    return _BY_GROUP[found.lastgroup or ""] if found else None
