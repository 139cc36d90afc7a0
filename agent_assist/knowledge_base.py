"""One state of the consultation database, ready to answer: index, keywords and what people look up. Immutable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from agent_assist.entry_index import EntryIndex
from agent_assist.highlight import said
from agent_assist.korean import Analyser
from agent_assist.lookup import Lookup
from agent_assist.question import Question, Questioner, Weights
from agent_assist.ranking import Evidence, keyword_worth, share, surety
from agent_assist.search import reason, scores, top
from agent_assist.triggers import Trigger, Triggers
from core.events import Suggestion
from core.store.contract import Entry

_KEYWORD_SCORE: Final = 2.0
"""What a keyword of its own adds to an entry's total, in ln(entries + 1)."""
_CANDIDATES: Final = 8
_BELOW_LETTERS: Final = 0.5
"""In the search box, the score of an entry that has the words but not the letters as typed."""


class Turn(msgspec.Struct, frozen=True):
    """An earlier utterance and how much it still counts, 0..1."""

    question: Question
    share: float


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for which entries after an utterance."""

    documents: tuple[int, ...]
    """The best, best first."""
    ratios: tuple[float, ...]
    """Their totals next to the best one's."""
    triggers: tuple[Trigger, ...]
    evidence: Evidence


class KnowledgeBase:
    """Entries and everything derived from them."""

    def __init__(self, entries: Sequence[Entry], analyser: Analyser, weights: Weights | None = None) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._index = EntryIndex(tuple(self.entries.values()), analyser)
        self._questioner = Questioner(self._index, analyser, weights or Weights())
        self._triggers = Triggers([entry.keywords for entry in self._index.entries], analyser)
        self._lookup = Lookup(self._index.entries)

    def ask(self, text: str) -> Question:
        """What was said, as a question to this state of the database."""
        return self._questioner.ask(text)

    def weigh(self, question: Question, context: Sequence[Turn] = ()) -> Weighing | None:
        """What speaks for which entries; None when nothing with a topic was said, or nothing speaks for any."""
        if question.words == 0 or not self.entries:
            return None
        triggers = self._triggers.find(question.text, question.morphemes)
        totals = scores(self._index, question)
        for turn in context:
            totals += scores(self._index, turn.question) * np.float32(turn.share)
        unit = math.log(len(self.entries) + 1)
        called = _called(triggers)
        for document, worth in called.items():
            totals[document] += np.float32(_KEYWORD_SCORE * unit * worth)
        documents = top(totals, _CANDIDATES)
        if not documents:
            return None
        best = documents[0]
        evidence = Evidence(
            strength=float(totals[best]) / unit,
            covered=reason(self._index, question, best).covered,
            words=question.words,
            keyword=called.get(best, 0.0),
        )
        return Weighing(
            documents=tuple(documents),
            ratios=tuple(float(totals[document] / totals[best]) for document in documents),
            triggers=tuple(triggers),
            evidence=evidence,
        )

    def answer(self, question: Question, context: Sequence[Turn], *, bar: float, cards: int) -> list[Suggestion]:
        """At most ``cards`` suggestions, best first; none below the ``bar``. ``context``: newest first."""
        weighing = self.weigh(question, context)
        if weighing is None:
            return []
        sure = surety(weighing.evidence)
        found: list[Suggestion] = []
        for document, ratio in zip(weighing.documents, weighing.ratios, strict=True):
            entry = self._index.entries[document]
            score = share(sure, bar, ratio)
            # Twins (the same title twice in the source) must not take two of three places.
            if score is None or any(entry.title == card.title for card in found):
                continue
            spans = [(t.start, t.end) for t in weighing.triggers if document in t.documents]
            spans += reason(self._index, question, document).spans
            words = said(question.text, question.morphemes, spans) or self._said_before(context, document)
            found.append(_card(entry, score, words))
            if len(found) == cards:
                break
        return found

    def _said_before(self, context: Sequence[Turn], document: int) -> tuple[str, ...]:
        """The words of the newest earlier utterance that speaks for the entry."""
        for turn in context:
            spans = reason(self._index, turn.question, document).spans
            if words := said(turn.question.text, turn.question.morphemes, spans):
                return words
        return ()

    def search(self, query: str, limit: int) -> list[Suggestion]:
        """Entries for what an agent types: first those that have the letters, then those that answer the words."""
        entries = self._index.entries
        found = [_card(entries[hit.document], hit.score, hit.words) for hit in self._lookup.find(query, limit)]
        if len(found) < limit:
            there = {card.id for card in found}
            question = self.ask(query)
            totals = scores(self._index, question)
            for document in top(totals, limit):
                entry = entries[document]
                if entry.id not in there and len(found) < limit:
                    spans = reason(self._index, question, document).spans
                    score = _BELOW_LETTERS * float(totals[document] / totals.max())
                    found.append(_card(entry, score, said(question.text, question.morphemes, spans)))
        return found


def _card(entry: Entry, score: float, words: tuple[str, ...]) -> Suggestion:
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
    )


def _called(triggers: Sequence[Trigger]) -> dict[int, float]:
    """Entries called by keyword, with the worth of their best one: the fewer entries share it, the more."""
    worth: dict[int, float] = {}
    for trigger in triggers:
        for document in trigger.documents:
            worth[document] = max(worth.get(document, 0.0), keyword_worth(len(trigger.documents)))
    return worth
