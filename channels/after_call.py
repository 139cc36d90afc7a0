"""Which text goes by itself after a contact: rules over what the contact's events tell. Pure.

One text at most: of several rules that match the first in the list sends. None goes where a text for the same entry
was sent already, by whomever, and none twice by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from core.events import (
    CallStarted,
    CardUsed,
    Channel,
    ContactOpened,
    Event,
    FormSent,
    MessageSent,
    RecordKept,
)
from core.store.texting import BY_RULE, TextRule


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a contact's events tell to a rule."""

    channel: Channel = "call"
    """How it came."""
    number: str = ""
    """Whom to write to: the caller's, '' when withheld."""
    category: str = ""
    """Of the record."""
    department: str = ""
    """Of the record."""
    result: str = ""
    """Of the record."""
    recorded: bool = False
    """There is a record, confirmed by somebody or by the clock."""
    forms: tuple[str, ...] = ()
    """Titles of forms that were sent."""
    values: tuple[tuple[str, str], ...] = ()
    """Labels and values of these forms, for the fields of a template."""
    entry_id: str = ""
    """The card that was used most lately, else the one that was opened last; '' = none."""
    texted: frozenset[str] = frozenset()
    """Entries that were sent as texts."""
    ruled: bool = False
    """A rule has sent a text for this contact."""


_USED = frozenset({"accepted", "sent", "pinned"})


def facts_of(events: Iterable[Event]) -> Facts:
    """From a contact's events, in order."""
    known: dict[str, object] = {}
    opened = ""
    forms: dict[str, tuple[tuple[str, str], ...]] = {}
    texts: dict[str, MessageSent] = {}
    for event in events:
        match event:
            case CallStarted(caller=caller):
                known |= {"channel": "call", "number": "" if caller.anonymous else caller.number}
            case ContactOpened(party=party, channel=channel):
                known |= {"channel": channel, "number": "" if party.anonymous else party.number}
            case RecordKept():
                known |= {
                    "category": event.category,
                    "department": event.department,
                    "result": event.result,
                    "recorded": True,
                }
            case FormSent():
                forms[event.title] = tuple((value.label, value.value) for value in event.values if value.value)
            case CardUsed(deed=deed, entry_id=entry_id) if deed in _USED:
                known["entry_id"] = entry_id
            case CardUsed(deed="opened", entry_id=entry_id):
                opened = entry_id
            case MessageSent():
                texts[event.message_id] = event
    standing = [text for text in texts.values() if text.state not in ("failed", "withdrawn")]
    known.setdefault("entry_id", opened)  # she read it, and nothing was used more
    known |= {
        "forms": tuple(forms),
        "values": tuple(pair for pairs in forms.values() for pair in pairs),
        "texted": frozenset(text.entry_id for text in standing if text.entry_id),
        "ruled": any(text.by.startswith(BY_RULE) for text in texts.values()),
    }
    if to := next((text.to for text in reversed(standing) if not text.by.startswith(BY_RULE)), ""):
        known["number"] = to  # the mobile that the caller has given, where she calls from a landline
    return msgspec.convert(known, Facts)


def due(rules: Sequence[TextRule], facts: Facts) -> TextRule | None:
    """The rule that sends now, None = none does."""
    if facts.ruled or (facts.entry_id and facts.entry_id in facts.texted):
        return None
    return next((rule for rule in rules if rule.on and matches(rule, facts)), None)


def matches(rule: TextRule, facts: Facts) -> bool:
    """Whether the contact is of the kind that the rule names. One without any condition is for none."""
    by_record = bool(rule.categories or rule.results or rule.departments)
    if not (by_record or rule.forms) or (by_record and not facts.recorded):
        return False
    return (
        (not rule.channels or facts.channel in rule.channels)
        and (not rule.categories or any(_below(facts.category, path) for path in rule.categories))
        and (not rule.results or facts.result in rule.results)
        and (not rule.departments or facts.department in rule.departments)
        and (not rule.forms or any(form in facts.forms for form in rule.forms))
    )


def _below(category: str, path: str) -> bool:
    """Whether the category is that path, or lies below it."""
    return category == path or category.startswith(f"{path}>")
