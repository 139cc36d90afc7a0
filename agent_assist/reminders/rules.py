"""The rules in force: those that are shipped, and the city's own document 'reminder_rules' over them. Pure.

The document is JSON: ``{"off": ["greeting"], "rules": [{"id": ..., "title": ..., ...}]}``. A rule with the id of a
shipped one takes its place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.resources import files
from typing import Final

import msgspec

from agent_assist.reminders.phrases import parts
from agent_assist.reminders.rule import Rule
from core.errors import BadInput

DOCUMENT: Final = "reminder_rules"
"""Name of the city's document."""
RULES_LIMIT: Final = 100
PHRASES_LIMIT: Final = 50
"""Of one rule, in each of its two lists."""
PHRASE_LIMIT: Final = 60
TEXT_LIMIT: Final = 200
LONGEST_S: Final = 3_600.0
_SHORTEST: Final = 2
"""Letters of a phrase at least: of one letter, everything would be full."""
_BODY_LIMIT: Final = 500_000
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class City(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A city's document."""

    off: tuple[str, ...] = ()
    """Ids of shipped rules that are not in force here."""
    rules: tuple[Rule, ...] = ()
    """Its own."""


def shipped() -> tuple[Rule, ...]:
    """The rules that come with the product."""
    table = tomllib.loads(files("agent_assist.reminders").joinpath("rules.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table, City, strict=False).rules


def in_force(body: str = "") -> tuple[Rule, ...]:
    """The shipped rules with the city's document (its JSON, '' = it has none) over them.

    Raises ``BadInput`` ('reminder_rules') that names the rule, what is wrong with it and what would be right.
    """
    city = read(body)
    own = {rule.id: rule for rule in city.rules}
    kept = [own.pop(rule.id, rule) for rule in shipped() if rule.id not in city.off]
    return (*kept, *own.values())


def read(body: str) -> City:
    """A city's document, checked. ``BadInput`` as :func:`in_force`."""
    if not body.strip():
        return City()
    if len(body) > _BODY_LIMIT:
        raise _wrong(f"{_BODY_LIMIT:,}자까지 쓸 수 있습니다", f"at most {_BODY_LIMIT:,} characters")
    try:
        city = msgspec.json.decode(body, type=City)
    except msgspec.ValidationError as fault:
        raise _wrong("모르는 항목이거나 값이 맞지 않습니다", f"unknown field or wrong value: {fault}") from fault
    except (msgspec.DecodeError, RecursionError) as fault:
        raise _wrong("JSON으로 읽을 수 없습니다", f"not JSON: {fault}") from fault
    _check_city(city)
    return city


def _check_city(city: City) -> None:
    if len(city.rules) > RULES_LIMIT:
        raise _wrong(f"규칙은 {RULES_LIMIT}개까지입니다", f"at most {RULES_LIMIT} rules")
    known = [rule.id for rule in shipped()]
    for name in city.off:
        if name not in known:
            near = ", ".join(get_close_matches(name, known, 1)) or ", ".join(known)
            raise _wrong(f"'off': 기본 규칙에 '{name}'이(가) 없습니다 ({near}?)", f"no shipped rule '{name}' ({near}?)")
    seen: set[str] = set()
    for place, rule in enumerate(city.rules, 1):
        if rule.id in seen:
            raise _wrong(f"규칙 {place}: id '{rule.id}'이(가) 두 번 나옵니다", f"rule {place}: '{rule.id}' twice")
        seen.add(rule.id)
        _check(rule, f"{place} ({rule.id})")


def _check(rule: Rule, which: str) -> None:
    """One rule by itself."""

    def wrong(korean: str, english: str) -> BadInput:
        return _wrong(f"규칙 {which}: {korean}", f"rule {which}: {english}")

    if not _ID.fullmatch(rule.id):
        raise wrong("id는 영문 소문자, 숫자, '_', '-'로 40자까지입니다", "id: up to 40 of a-z, 0-9, '_', '-'")
    if not rule.title.strip():
        raise wrong("title(제목)이 없습니다", "title is missing")
    if not rule.text.strip() and not rule.entry_id:
        raise wrong("text(알림 문구)나 entry_id(상담 항목)가 있어야 합니다", "needs a text or an entry_id")
    if max(len(rule.title), len(rule.text), len(rule.text_en), len(rule.entry_id)) > TEXT_LIMIT:
        raise wrong(f"문구는 {TEXT_LIMIT}자까지입니다", f"texts have at most {TEXT_LIMIT} characters")
    if not 0 <= rule.within_s <= LONGEST_S:
        raise wrong(f"within_s는 0~{LONGEST_S:.0f}초입니다", f"within_s: 0 to {LONGEST_S:.0f} seconds")
    if rule.when == "from_join":
        if rule.after:
            raise wrong("'after'는 when이 'after_phrase'일 때만 씁니다", "'after' goes with when = 'after_phrase' only")
        if rule.negate and rule.within_s == 0:
            raise wrong("within_s는 0보다 커야 합니다", "within_s must be more than 0")
        lists: Sequence[tuple[str, tuple[str, ...]]] = (("phrases", rule.phrases),)
    else:
        if rule.negate and rule.within_s == 0 and not rule.earlier:
            raise wrong(
                "within_s가 0이면 earlier가 true여야 합니다: 아니면 지킬 수 없습니다",
                "with within_s = 0, earlier must be true: else nobody can keep it",
            )
        lists = (("phrases", rule.phrases), ("after", rule.after))
    for name, phrases in lists:
        if not phrases or len(phrases) > PHRASES_LIMIT:
            raise wrong(f"'{name}'에 문구를 1~{PHRASES_LIMIT}개 쓰세요", f"'{name}' needs 1 to {PHRASES_LIMIT} phrases")
        for phrase in phrases:
            if len(phrase) > PHRASE_LIMIT or sum(len(part.letters) for part in parts(phrase)) < _SHORTEST:
                raise wrong(
                    f"'{name}'의 문구는 글자 {_SHORTEST}~{PHRASE_LIMIT}자입니다: '{phrase[:PHRASE_LIMIT]}'",
                    f"phrases in '{name}' have {_SHORTEST} to {PHRASE_LIMIT} letters",
                )


def _wrong(korean: str, english: str) -> BadInput:
    return BadInput(f"{korean} / {english}", code=DOCUMENT)
