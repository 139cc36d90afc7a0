"""Word lists of alerts: the shipped ``words.toml``, and what a city adds to it or switches off.

The city's part is one JSON document ('alert_words'), a :class:`CityWords`. Whatever is wrong with it is said in the
words of those who keep it, and nothing of it is taken.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Annotated, Final

import msgspec

from agent_assist.desk_assist import Procedure
from core.errors import BadInput
from core.events import AlertKind, Speaker

DOCUMENT: Final = "alert_words"
"""The name of a city's own document."""
MOST_RULES: Final = 500
MOST_BYTES: Final = 256 * 1024

_Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", max_length=60)]
_Phrases = Annotated[tuple[str, ...], msgspec.Meta(max_length=100)]


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may stand around a find and change what it means."""

    id: _Id
    phrases: _Phrases
    """In ``phrase``'s language; '@' is the place of the find."""
    factor: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    """What the find still weighs; 0 = it is none."""
    becomes: AlertKind | None = None
    """The find is of another kind: who tells of a threat is a victim."""


class WordRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that mean one thing, and when they don't."""

    id: _Id
    kind: AlertKind
    weight: Annotated[float, msgspec.Meta(gt=0, le=2)]
    """1 and more alerts at once; less adds up with others of its kind."""
    say: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]
    """What is said."""
    instead: _Phrases = ()
    """Other words that look alike: a find that overlaps one is none ('시발역')."""
    unless: _Phrases = ()
    """Words nearby with which it is none."""
    needs: _Phrases = ()
    """Words of which one must be nearby."""
    contexts: tuple[str, ...] = ()
    """Ids of contexts that are asked."""
    speakers: tuple[Speaker, ...] = ("caller",)
    """Whose words count."""


class WordList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it."""

    contexts: tuple[Context, ...] = ()
    words: tuple[WordRule, ...] = ()


class CityWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A city's own: the document 'alert_words'."""

    words: Annotated[tuple[WordRule, ...], msgspec.Meta(max_length=MOST_RULES)] = ()
    """Rules that are added; one with the id of a shipped rule replaces it."""
    contexts: Annotated[tuple[Context, ...], msgspec.Meta(max_length=MOST_RULES)] = ()
    """Contexts that are added or replaced."""
    off: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_RULES)] = ()
    """Ids of shipped rules that are switched off."""
    procedures: Annotated[tuple[Procedure, ...], msgspec.Meta(max_length=5)] = ()
    """Procedures in the city's own words; each replaces the shipped one of its kind."""
    cards: dict[AlertKind, str] = {}
    """Kind of alert -> id of the entry that lies on top of the desk while such an alert is open."""


def shipped() -> WordList:
    """The list that comes with the product."""
    text = files("agent_assist.alerts").joinpath("words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), WordList)


def city_words(document: str | bytes) -> CityWords:
    """A city's document, read. ``BadInput`` says what is wrong and where."""
    if len(document) > MOST_BYTES:
        raise BadInput(f"경보 낱말 문서는 {MOST_BYTES // 1024} KiB 이하여야 합니다 / the document is too long")
    try:
        return msgspec.json.decode(document, type=CityWords)
    except msgspec.ValidationError as fault:
        raise BadInput(f"경보 낱말 문서의 값이 맞지 않습니다: {fault} / a value does not fit") from fault
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise BadInput(f"경보 낱말 문서가 올바른 JSON이 아닙니다: {fault} / this is not JSON") from fault


def merged(words: WordList, city: CityWords) -> WordList:
    """The list with a city's part. ``BadInput`` for an id that is switched off or asked for and not there, or twice."""
    _once("낱말 규칙", [rule.id for rule in city.words])
    _once("문맥", [context.id for context in city.contexts])
    rules = {rule.id: rule for rule in words.words}
    if unknown := [id_ for id_ in city.off if id_ not in rules]:
        raise BadInput(f"끄려는 규칙 '{unknown[0]}'이(가) 없습니다 / there is no rule '{unknown[0]}' to switch off")
    rules = {id_: rule for id_, rule in rules.items() if id_ not in city.off}
    rules |= {rule.id: rule for rule in city.words}
    contexts = {context.id: context for context in words.contexts} | {context.id: context for context in city.contexts}
    for rule in rules.values():
        for id_ in rule.contexts:
            if id_ not in contexts:
                raise BadInput(f"규칙 '{rule.id}': 문맥 '{id_}'이(가) 없습니다 / there is no context '{id_}'")
    return WordList(contexts=tuple(contexts.values()), words=tuple(rules.values()))


def _once(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise BadInput(f"{what} '{id_}'이(가) 두 번 있습니다 / '{id_}' is there twice")
        seen.add(id_)
