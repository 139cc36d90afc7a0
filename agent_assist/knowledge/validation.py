"""What may be saved: content and records put into one form, and what is wrong with them in words. Pure.

Everything wrong is told at once, each with its field, so that a form can show it where it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from agent_assist.knowledge.content import Content, lines_of
from core.faulty import Fault, Faulty
from core.personal import without_personal_number
from core.store.entry import Attachment, Reference
from core.store.knowledge import Category, Department, Person
from core.store.resolving import Shelf

R = TypeVar("R", bound=msgspec.Struct)

BODY_LIMIT: Final = 200_000
"""Characters of a body; the same as an import takes."""
MARKS: Final = ("<<<<<<<", "=======", ">>>>>>>")
"""Lines that begin so part the two sides of what could not be merged; the middle one counts only between the others."""

_LIMITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "title": 300,
        "name": 100,
        "phone": 100,
        "hours": 500,
        "duty": 1000,
        "body": BODY_LIMIT,
        "message": 2000,
        "procedure": 1000,
        "keywords": 100,
        "excludes": 100,
        "url": 2000,
    }
)
"""Characters, of each item where the field is a list."""
_ITEMS: Final[Mapping[str, int]] = MappingProxyType(
    {"procedure": 100, "keywords": 300, "excludes": 300, "links": 50, "attachments": 20}
)
_MANY_LINES: Final = frozenset({"body", "message"})
_EARLIEST, _LATEST = date(1990, 1, 1), date(2200, 1, 1)
_PHONE: Final = re.compile(r"(?:[\d+\-().~,/#*·: ]|내선|교환|국번없이)+")
_URL: Final = re.compile(r"https?://[^\s/?#\"'<>\\@]+(?:[/?#][^\s\"'<>\\]*)?", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
"""Never meant to be read: control characters, halves of characters, and those that turn the direction of writing."""

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "비어 있습니다. / It is empty.",
        "too_long": "너무 깁니다(최대 {limit}자). / Too long (at most {limit} characters).",
        "too_many": "너무 많습니다(최대 {limit}개). / Too many (at most {limit}).",
        "phone": "전화번호에 쓸 수 없는 글자가 있습니다. / It holds signs that no telephone number has.",
        "link": "http:// 또는 https://로 시작하는 주소만 쓸 수 있습니다. / Only addresses with http:// or https://.",
        "name": "이름에 '>'는 쓸 수 없습니다. / A name has no '>'.",
        "date": "날짜가 범위를 벗어났습니다. / The date is out of range.",
        "order": "검토일이 만료일보다 늦습니다. / The review comes after the expiry.",
        "absence": "부재 마지막 날이 첫날보다 빠릅니다. / The absence ends before it begins.",
        "unknown": "등록되어 있지 않습니다. 다시 고르세요. / Not known: choose another.",
        "closed": "폐지된 부서입니다. 다른 부서를 고르세요. / This department is closed: choose another.",
        "left": "그만둔 사람입니다. 다른 사람을 고르세요. / This person has left: choose another.",
        "self": "담당자와 대직자가 같습니다. / Person in charge and deputy are the same.",
        "personal_number": "개인번호(주민등록번호 등)가 있습니다. / It holds a personal number: take it out.",
        "unmerged": "합치지 않은 부분이 있습니다. 표시 줄을 지우세요. / Parts are unmerged: take out the mark lines.",
    }
)


def check(content: Content, shelf: Shelf, *, before: Content | None = None) -> tuple[Content, tuple[Fault, ...]]:
    """The content in one form, and all that is wrong with it. A closed department or a person who left is no fault
    where ``before`` had it already."""
    content = _tidy(content)
    faults = [*_text_faults(content), *_item_faults(content), *_date_faults(content)]
    faults += _reference_faults(content, shelf, before)
    if not content.title:
        faults.append(_fault("title", "missing"))
    if content.phone and not _PHONE.fullmatch(content.phone):
        faults.append(_fault("phone", "phone"))
    if any(not _URL.fullmatch(link.url) for link in content.links):
        faults.append(_fault("links", "link"))
    faults += [_fault(name, "unmerged") for name in _MANY_LINES if is_unmerged(getattr(content, name))]
    return content, tuple(faults)


def checked(content: Content, shelf: Shelf, *, before: Content | None = None) -> Content:
    """The content in one form; raises ``Faulty`` when something is wrong."""
    content, faults = check(content, shelf, before=before)
    if faults:
        raise Faulty(faults)
    return content


def check_department(record: Department) -> Department:
    """The record in one form; raises ``Faulty``."""
    return _record(record, _phone_faults(record.phone))


def check_person(record: Person, shelf: Shelf) -> Person:
    """The record in one form; raises ``Faulty``."""
    faults = _phone_faults(record.phone)
    if record.department_id and record.department_id not in shelf.departments:
        faults.append(_fault("department_id", "unknown"))
    if record.deputy_id and record.deputy_id not in shelf.people:
        faults.append(_fault("deputy_id", "unknown"))
    if record.absent_from and record.absent_until and record.absent_until < record.absent_from:
        faults.append(_fault("absent_until", "absence"))
    return _record(record, faults)


def check_category(record: Category) -> Category:
    """The record in one form; raises ``Faulty``."""
    return _record(record, [_fault("name", "name")] if ">" in record.name else [])


def clean_note(text: str, limit: int = 1000) -> str:
    """A line or more that somebody typed, in one form; raises ``Faulty`` when it is empty or too long."""
    text = _clean(text, lines=True).strip()
    if not text or len(text) > limit:
        raise Faulty([_fault("note", "too_long" if text else "missing", limit)])
    return text


def is_unmerged(text: str) -> bool:
    """Whether marks of a merge are left in the text."""
    first, _, last = MARKS
    return any(line.startswith((first, last)) for line in lines_of(text))


def _record(record: R, faults: list[Fault]) -> R:
    words = {
        name: _clean(value, lines=False)
        for name, value in msgspec.structs.asdict(record).items()
        if isinstance(value, str)
    }
    record = msgspec.structs.replace(record, **words)
    if not words["name"]:
        faults.insert(0, _fault("name", "missing"))
    faults = [*faults, *_text_faults(record)]
    if faults:
        raise Faulty(faults)
    return record


def _phone_faults(phone: str) -> list[Fault]:
    phone = _clean(phone, lines=False)
    return [_fault("phone", "phone")] if phone and not _PHONE.fullmatch(phone) else []


def _tidy(content: Content) -> Content:
    values: dict[str, Any] = {}
    for name, value in msgspec.structs.asdict(content).items():
        if isinstance(value, str):
            values[name] = _clean(value, lines=name in _MANY_LINES)
    for name in ("procedure", "keywords", "excludes"):
        items = (_clean(item, lines=False) for item in getattr(content, name))
        values[name] = tuple(dict.fromkeys(item for item in items if item)) if name != "procedure" else _filled(items)
    links = (Reference(title=_clean(link.title, lines=False), url=link.url.strip()) for link in content.links)
    values["links"] = tuple(dict.fromkeys(link for link in links if link.url or link.title))
    files = (
        Attachment(id=file.id, name=_clean(file.name, lines=False), size=file.size) for file in content.attachments
    )
    values["attachments"] = tuple(dict.fromkeys(files))
    return msgspec.structs.replace(content, **values)


def _filled(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(item for item in items if item)


def _clean(text: str, *, lines: bool) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL.sub("", text)
    return text.strip("\n") if lines else " ".join(text.split())


def _texts(record: msgspec.Struct) -> Iterable[tuple[str, str, str]]:
    """Every piece of text: its field, which limit counts, the text."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, str) and not name.endswith("_id"):
            yield name, name, value
        for item in value if isinstance(value, tuple) else ():
            if isinstance(item, str):
                yield name, name, item
            elif isinstance(item, Reference):
                yield name, "title", item.title
                yield name, "url", item.url
            elif isinstance(item, Attachment):
                yield name, "title", item.name


def _text_faults(record: msgspec.Struct) -> list[Fault]:
    faults: dict[tuple[str, str], Fault] = {}
    for name, kind, text in _texts(record):
        limit = _LIMITS.get(kind, 0)
        if limit and len(text) > limit:
            faults[name, "too_long"] = _fault(name, "too_long", limit)
        elif without_personal_number(text) != text:
            faults[name, "personal_number"] = _fault(name, "personal_number")
    return list(faults.values())


def _item_faults(content: Content) -> list[Fault]:
    return [_fault(name, "too_many", limit) for name, limit in _ITEMS.items() if len(getattr(content, name)) > limit]


def _date_faults(content: Content) -> list[Fault]:
    days = {name: getattr(content, name) for name in ("expires", "review_by", "updated")}
    faults = [_fault(name, "date") for name, day in days.items() if day and not _EARLIEST <= day <= _LATEST]
    if content.expires and content.review_by and content.review_by > content.expires:
        faults.append(_fault("review_by", "order"))
    return faults


def _reference_faults(content: Content, shelf: Shelf, before: Content | None) -> list[Fault]:
    faults = []
    known = {"category_id": shelf.categories, "department_id": shelf.departments}
    known |= {"person_id": shelf.people, "deputy_id": shelf.people}
    for name, records in known.items():
        chosen = getattr(content, name)
        record = records.get(chosen)
        if chosen and record is None:
            faults.append(_fault(name, "unknown"))
        elif before is not None and getattr(before, name) == chosen:
            continue
        elif isinstance(record, Department) and record.closed:
            faults.append(_fault(name, "closed"))
        elif isinstance(record, Person) and record.left:
            faults.append(_fault(name, "left"))
    if content.person_id and content.person_id == content.deputy_id:
        faults.append(_fault("deputy_id", "self"))
    return faults


def _fault(field: str, code: str, limit: int = 0) -> Fault:
    return Fault(field=field, code=code, message=_WORDS[code].format(limit=limit))
