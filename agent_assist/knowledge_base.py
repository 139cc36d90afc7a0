"""One state of the consultation database, ready to answer: index, keywords and what people look up. Immutable.

Words find entries, the sense of the whole orders them, what was said before and what agents taught weigh in, and the
evidence for the best decides whether anything is shown at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec
import numpy as np

from agent_assist.entry_index import EntryIndex
from agent_assist.highlight import said
from agent_assist.korean import Analyser
from agent_assist.lookup import Lookup
from agent_assist.own_words import OwnWords, Read, as_said
from agent_assist.postings import Floats, Ints
from agent_assist.question import Question, Questioner, Weights
from agent_assist.ranking import Evidence, keyword_worth, share, surety, taught
from agent_assist.rerank import Reranker
from agent_assist.search import reason, scores, top
from agent_assist.thesaurus import Thesaurus
from agent_assist.triggers import Trigger, Triggers
from core.events import CardReason, Suggestion
from core.store.entry import Entry
from core.store.knowledge import Synonym

_KEYWORD_SCORE: Final = 2.0
"""What a keyword of its own adds to an entry's total, in ln(entries + 1)."""
_WEIGHED: Final = 400
"""Entries with the most of what was said, among which the sense decides."""
_REMEMBERED: Final = 1_000
"""Entries for which an earlier utterance still speaks: 8 kB an utterance."""
_CANDIDATES: Final = 12
_SHOWN: Final = 3
"""Cards that a desk shows: the best is alone as far as those after them are behind it."""
_READ: Final = 200
"""Characters of a body that a re-ranking model reads."""
_BELOW_LETTERS: Final = 0.5
"""In the search box, the score of an entry that has the words but not the letters as typed."""
_NOBODY_TAUGHT: Final[Mapping[str, float]] = {}


class Asked(msgspec.Struct, frozen=True):
    """An utterance, put to this state of the database once and remembered."""

    question: Question
    documents: Ints
    """The entries that it spoke for most."""
    earned: Floats
    """What each of them earned."""
    read: Read = ()
    """The caller's words that were read as an office's."""


class Turn(msgspec.Struct, frozen=True):
    """An earlier utterance and how much it still counts, 0..1."""

    asked: Asked
    share: float


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for which entries after an utterance."""

    documents: tuple[int, ...]
    """The best, best first, each title once."""
    ratios: tuple[float, ...]
    """Their totals next to the best one's."""
    lifted: frozenset[int]
    """Those among them that stand higher by what agents taught."""
    triggers: tuple[Trigger, ...]
    evidence: Evidence


class KnowledgeBase:
    """Entries and everything derived from them."""

    def __init__(
        self,
        entries: Sequence[Entry],
        analyser: Analyser,
        weights: Weights | None = None,
        *,
        synonyms: Sequence[Synonym] = (),
        reranker: Reranker | None = None,
    ) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._index = EntryIndex(tuple(self.entries.values()), analyser)
        self._questioner = Questioner(self._index, analyser, Thesaurus(analyser, synonyms), weights or Weights())
        self._own_words = OwnWords(synonyms, lambda noun: f"n{noun}" in self._index.vocabulary)
        self._triggers = Triggers([entry.keywords for entry in self._index.entries], analyser)
        self._excluded = Triggers([entry.excludes for entry in self._index.entries], analyser)
        self._lookup = Lookup(self._index.entries)
        self._expire = {at: entry.expires for at, entry in enumerate(self._index.entries) if entry.expires is not None}
        self._reranker = reranker

    @property
    def nbytes(self) -> int:
        """Memory of the index's arrays."""
        return self._index.nbytes

    def ask(self, text: str) -> Asked:
        """What was said, put to this state of the database."""
        text, read = self._own_words.read(text)
        question = self._questioner.ask(text)
        if not question.slots or not self.entries:
            return Asked(question, np.empty(0, np.int32), np.empty(0, np.float32), read)
        totals = scores(self._index, question)
        documents = np.array(top(totals, _REMEMBERED), np.int32)
        return Asked(question, documents, totals[documents], read)

    def weigh(
        self,
        asked: Asked,
        context: Sequence[Turn] = (),
        *,
        bonus: Mapping[str, float] = _NOBODY_TAUGHT,
        today: date | None = None,
    ) -> Weighing | None:
        """What speaks for which entries; None when nothing with a topic was said, or nothing speaks for any.

        ``bonus``: what agents taught, by entry. ``today``: entries that expired before it are left out.
        """
        question = asked.question
        if question.words == 0 or not self.entries:
            return None
        triggers = self._triggers.find(question.text, question.morphemes)
        unit = math.log(len(self.entries) + 1)
        called = _called(triggers)
        totals = np.zeros(len(self.entries), np.float32)
        totals[asked.documents] = asked.earned
        for turn in context:
            totals[turn.asked.documents] += turn.asked.earned * np.float32(turn.share)
        for document, worth in called.items():
            totals[document] += np.float32(_KEYWORD_SCORE * unit * worth)
        self._leave_out(totals, question, today)
        documents = np.array(top(totals, _WEIGHED), np.int32)
        if not documents.size:
            return None
        sense = question.sense + sum(
            (turn.asked.question.sense * np.float32(turn.share) for turn in context), np.float32(0)
        )
        earned = totals[documents] * (1 + self._index.senses.near(sense, documents))
        standing = earned * self._lessons(documents, bonus)
        order = self._once(documents, np.argsort(-standing, kind="stable").tolist())
        order = self._read(question.text, documents, standing, order)
        best = order[0]
        ratios = tuple(float(standing[at] / standing[best]) for at in order)
        return Weighing(
            documents=tuple(int(documents[at]) for at in order),
            ratios=ratios,
            lifted=frozenset(int(documents[at]) for at in order if standing[at] > earned[at]),
            triggers=tuple(triggers),
            evidence=Evidence(
                # What agents taught may lower the surety, never raise it: it is no evidence of what was said.
                strength=float(min(earned[best], standing[best])) / unit,
                alone=1 - (ratios[_SHOWN] if len(ratios) > _SHOWN else 0.0),
                words=question.words,
                said=len(question.text),
                asks=question.asks,
                elsewhere=question.elsewhere,
                keyword=called.get(int(documents[best]), 0.0),
            ),
        )

    def answer(
        self,
        asked: Asked,
        context: Sequence[Turn],
        *,
        bar: float,
        cards: int,
        bonus: Mapping[str, float] = _NOBODY_TAUGHT,
        today: date | None = None,
    ) -> list[Suggestion]:
        """At most ``cards`` suggestions, best first; none below the ``bar``. ``context``: newest first."""
        weighing = self.weigh(asked, context, bonus=bonus, today=today)
        if weighing is None:
            return []
        sure = surety(weighing.evidence)
        found: list[Suggestion] = []
        for document, ratio in zip(weighing.documents, weighing.ratios, strict=True):
            score = share(sure, bar, ratio)
            if score is None or len(found) == cards:
                break
            words, why = self._why(asked, context, document, weighing)
            found.append(card(self._index.entries[document], score, words, why))
        return found

    def _leave_out(self, totals: Floats, question: Question, today: date | None) -> None:
        """Entries that are never meant with these words, and those that are true no more."""
        for trigger in self._excluded.find(question.text, question.morphemes):
            totals[list(trigger.documents)] = 0
        if today is not None:
            totals[[at for at, last in self._expire.items() if last < today]] = 0

    def _lessons(self, documents: Ints, bonus: Mapping[str, float]) -> Floats:
        factors = np.ones(documents.size, np.float32)
        if bonus:
            factors[:] = [taught(bonus.get(self._index.entries[at].id, 0.0)) for at in documents]
        return factors

    def _once(self, documents: Ints, order: Sequence[int]) -> list[int]:
        """The first few, each title once: twins in the source must not take two of three places."""
        titles: set[str] = set()
        first: list[int] = []
        for at in order:
            title = self._index.entries[documents[at]].title
            if title not in titles:
                titles.add(title)
                first.append(int(at))
                if len(first) == _CANDIDATES:
                    break
        return first

    def _read(self, text: str, documents: Ints, standing: Floats, order: list[int]) -> list[int]:
        """The same in the order that a model which reads them finds, where there is one."""
        if self._reranker is None:
            return order
        entries = [self._index.entries[documents[at]] for at in order]
        read = self._reranker.scores(text, [f"{entry.title} {entry.body[:_READ]}" for entry in entries])
        for at, score in zip(order, read, strict=True):
            standing[at] *= 1 + min(max(score, 0.0), 1.0)
        return sorted(order, key=lambda at: (-standing[at], at))

    def _why(
        self, asked: Asked, context: Sequence[Turn], document: int, weighing: Weighing
    ) -> tuple[tuple[str, ...], CardReason]:
        """The caller's words that brought the card, and what spoke most for it."""
        question = asked.question
        called = [(t.start, t.end) for t in weighing.triggers if document in t.documents]
        places = [*called, *reason(self._index, question, document)]
        words = as_said(said(question.text, question.morphemes, places), asked.read)
        if called:
            return words, "keyword"
        if document in weighing.lifted and words:
            return words, "learnt"
        if words:
            return words, "words"
        for turn in context:
            earlier = turn.asked.question
            if words := said(earlier.text, earlier.morphemes, reason(self._index, earlier, document)):
                return as_said(words, turn.asked.read), "context"
        return (), "words"

    def search(self, query: str, limit: int, *, category: str = "", department: str = "") -> list[Suggestion]:
        """Entries for what an agent types: first those that have the letters, then those that answer the words."""
        entries = self._index.entries
        hits = self._lookup.find(query, limit, category=category, department=department)
        found = [card(entries[hit.document], hit.score, hit.words) for hit in hits]
        if len(found) < limit and query.strip():
            there = {card.id for card in found}
            asked = self.ask(query)
            question = asked.question
            for document, earned in zip(asked.documents, asked.earned, strict=True):
                entry = entries[document]
                if len(found) == limit:
                    break
                if entry.id not in there and self._lookup.has(int(document), category=category, department=department):
                    score = _BELOW_LETTERS * float(earned / asked.earned[0])
                    words = said(question.text, question.morphemes, reason(self._index, question, int(document)))
                    found.append(card(entry, score, words))
        return found


def card(entry: Entry, score: float, words: tuple[str, ...], why: CardReason = "words") -> Suggestion:
    """An entry as the desk shows it."""
    return Suggestion(
        id=entry.id,
        title=entry.title,
        score=round(score, 3),
        words=words,
        category=entry.category,
        department=entry.department,
        person=entry.person,
        deputy=entry.deputy,
        phone=entry.phone,
        absent=entry.person_absent,
        version=entry.version,
        why=why,
    )


def _called(triggers: Sequence[Trigger]) -> dict[int, float]:
    """Entries called by keyword, with the worth of their best one: the fewer entries share it, the more."""
    worth: dict[int, float] = {}
    for trigger in triggers:
        for document in trigger.documents:
            worth[document] = max(worth.get(document, 0.0), keyword_worth(len(trigger.documents)))
    return worth
