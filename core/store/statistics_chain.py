"""Who came again: first-contact resolution, told from the contacts of one person with one category. Pure.

A contact is settled unless the same person comes again with the same category within seven days of its beginning. So a
contact's fact may change long after its last event, when the next one comes, and changes back when that one turns out
to have been about something else. Only the neighbours in time have to be looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from core.store.statistics import ContactFacts

AGAIN: Final = timedelta(days=7)
"""The window that call centres measure first-contact resolution with."""


def with_again(known: Iterable[ContactFacts]) -> Mapping[str, ContactFacts]:
    """These facts, each saying whether its person came again. Those within ``AGAIN`` behind each must be among them."""
    chains: dict[tuple[str, str], list[ContactFacts]] = defaultdict(list)
    told: dict[str, ContactFacts] = {}
    for facts in known:
        if facts.settled and not facts.person:
            told[facts.contact_id] = facts  # forgotten since: who it was cannot be told any more
        elif facts.settled:
            chains[facts.person, facts.category].append(facts)
        else:
            told[facts.contact_id] = _saying(facts, 0)
    for chain in chains.values():
        chain.sort(key=lambda facts: (facts.started, facts.contact_id))
        for facts, following in zip(chain, [*chain[1:], None], strict=True):
            came = following is not None and following.started - facts.started <= AGAIN
            told[facts.contact_id] = _saying(facts, int(came))
    return told


def as_counted(old: ContactFacts | None, new: ContactFacts) -> ContactFacts:
    """The new facts of a contact whose person was forgotten since the old ones: whether it was settled cannot be told
    from its events any more, and stays as it was counted."""
    if old is None or new.person or old.person or not old.settled:
        return new
    return replace(new, settled=old.settled, again=old.again)


def _saying(facts: ContactFacts, again: int) -> ContactFacts:
    return facts if facts.again == again else replace(facts, again=again)
