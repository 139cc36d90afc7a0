"""Words of callers that go with the same office words again and again: proposals for the list of synonyms. Pure.

A word is proposed when callers said it, agents used an entry that does not have it, and the entry's own name was not
said; in several calls, by several agents, and clearly more often than chance would have it (normalised pointwise mutual
information; Bouma, 2009). Editors confirm: nothing is in force by itself.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

import msgspec

from agent_assist import terms
from agent_assist.everyday import COMMON, EMPTY
from agent_assist.korean import Analyser
from agent_assist.learning.terms import learnable, shown
from core.store.entry import Entry
from core.store.knowledge import Synonym

USES_LIMIT: Final = 20_000
"""The first ones are looked at: give the newest first."""
PROPOSALS_LIMIT: Final = 200
CALLS: Final = 3
"""Calls at least."""
AGENTS: Final = 2
"""Agents at least, where it is known who they were."""
_OFFICE_WORDS: Final = 3
_TOGETHER: Final = 0.6
"""Share of the calls with the lay word that go with the office word."""
_CLOSE: Final = 0.35
"""Normalised mutual information: 0 = by chance, 1 = never apart."""
_REFUSED: Final = 3
"""So many uses outweigh one that was put away."""
_SHORTEST: Final = 2
_BODY_LIMIT: Final = 5_000


class EntryTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of an entry."""

    office: frozenset[str]
    """Nouns of its title and keywords: what it is called."""
    every: frozenset[str]
    """All that it has."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A card was used, or put away, after a caller had said something."""

    call_id: str
    agent_id: str
    said: tuple[str, ...]
    """Terms of the caller."""
    entry: EntryTerms
    accepted: bool
    """False: put away."""


def entry_terms(entry: Entry, analyser: Analyser) -> EntryTerms:
    """The terms of an entry; some milliseconds for a long one."""
    name = f"{entry.title}\n" + "\n".join(entry.keywords)
    rest = f"{entry.category}\n{' '.join(entry.procedure)}\n{entry.body[:_BODY_LIMIT]}"
    office, other = _terms(name, analyser), _terms(rest, analyser)
    return EntryTerms(office=frozenset(term for term in office if term.startswith("n")), every=office | other)


def proposals(uses: Iterable[Use], known: Sequence[Synonym], at: datetime) -> tuple[Synonym, ...]:
    """Proposed synonyms, those seen most often first. ``known``: all there are, also refused ones; a word of theirs is
    not proposed again, unless it is still only proposed."""
    settled = {synonym.lay for synonym in known if synonym.state != "proposed"}
    table = _Table(islice(uses, USES_LIMIT))
    found = [
        Synonym(lay=shown(lay), office=office, state="proposed", seen=seen, at=at)
        for lay in table.lay_words()
        if shown(lay) not in settled
        for office, seen in [table.office_words(lay)]
        if office
    ]
    return tuple(sorted(found, key=lambda synonym: (-synonym.seen, synonym.lay))[:PROPOSALS_LIMIT])


class _Table:
    """In how many calls which words went together."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self._calls: set[str] = set()
        self._lay: dict[str, set[str]] = defaultdict(set)
        self._office: dict[str, set[str]] = defaultdict(set)
        self._both: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._agents: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._refused: Counter[tuple[str, str]] = Counter()
        for use in uses:
            self._add(use)

    def _add(self, use: Use) -> None:
        said = learnable(use.said)
        lay = [term for term in said if term not in use.entry.every and _may_be_lay(term)]
        unsaid = [term for term in use.entry.office if term not in said and len(term) > _SHORTEST]
        if not use.accepted:
            self._refused.update((word, office) for word in lay for office in unsaid)
            return
        self._calls.add(use.call_id)
        for word in said:
            self._lay[word].add(use.call_id)
        for office in use.entry.office:
            self._office[office].add(use.call_id)
        for word in lay:
            for office in unsaid:
                self._both[word][office].add(use.call_id)
                self._agents[word, office].add(use.agent_id)

    def lay_words(self) -> list[str]:
        return sorted(self._both)

    def office_words(self, lay: str) -> tuple[tuple[str, ...], int]:
        """What goes with it, the closest first, and in how many calls."""
        close = {office: self._closeness(lay, office) for office in self._both[lay] if self._often(lay, office)}
        best = sorted((office for office in close if close[office] >= _CLOSE), key=lambda each: (-close[each], each))
        chosen = best[:_OFFICE_WORDS]
        seen = len(set().union(*(self._both[lay][office] for office in chosen)))
        return tuple(shown(office) for office in chosen), seen

    def _often(self, lay: str, office: str) -> bool:
        calls = len(self._both[lay][office])
        agents = self._agents[lay, office]
        return (
            calls >= CALLS
            and ("" in agents or len(agents) >= AGENTS)
            and calls >= _TOGETHER * len(self._lay[lay])
            and calls >= _REFUSED * self._refused[lay, office]
        )

    def _closeness(self, lay: str, office: str) -> float:
        total = len(self._calls)
        both = len(self._both[lay][office]) / total
        if both == 1:
            return 0.0  # nothing else was asked: nothing to compare with
        chance = len(self._lay[lay]) / total * len(self._office[office]) / total
        return math.log(both / chance) / -math.log(both)


def _terms(text: str, analyser: Analyser) -> frozenset[str]:
    morphemes = analyser.morphemes(text)
    single = [terms.morpheme_term(morpheme) for morpheme in morphemes]
    joined = [f"n{compound.form.lower()}" for compound in terms.compounds(morphemes)]
    return frozenset(term for term in (*single, *joined) if term)


def _may_be_lay(term: str) -> bool:
    word = term[1:]
    if word in COMMON or word in EMPTY:
        return False
    return term.startswith("v") or len(word) >= _SHORTEST
