"""One utterance -> what was found in it. Pure; a thousand rules take a few milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

import msgspec

from agent_assist.alerts import word_list
from agent_assist.alerts.lessons import NOTHING_TAUGHT, AlertLessons
from agent_assist.alerts.line import Line, line, spelled_together
from agent_assist.alerts.phrase import PLACE, Match, Phrase
from agent_assist.alerts.procedures import PROCEDURES
from agent_assist.alerts.word_list import CityWords, Context, WordRule
from agent_assist.desk_assist import Procedure
from core.errors import BadInput
from core.events import AlertKind, Speaker

BAR: Final = 1.0
"""Weight at which an alert is raised."""
NEARBY: Final = 30
"""Letters before and after a find within which words change its meaning."""
SLIPPED: Final = 0.8
"""What a find weighs that fits only if the recogniser slipped."""
MOST_LOOKED_AT: Final = 50
"""Places of one phrase in one utterance."""
MOST_FOUND: Final = 20
"""Findings of one utterance; who swears more is heard all the same."""

_COMPILED: Final = 8192
"""Phrases kept ready."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said and matters."""

    kind: AlertKind
    """What it is."""
    rule: str
    """The rule that found it."""
    weight: float
    """1 and more alerts at once."""
    words: str
    """As said."""
    start: int
    """Place in the utterance's text, characters."""
    end: int
    """Place in the utterance's text, characters."""
    phrase: str
    """The words in one spelling: what lessons go by."""
    around: str = ""
    """The words before and after, in one spelling: what lessons go by."""


class _Rule:
    def __init__(self, rule: WordRule, contexts: Mapping[str, tuple[Context, tuple[Phrase, ...]]]) -> None:
        try:
            self.say = _phrases(rule.say)
            self.instead = _phrases(rule.instead)
            self.unless = _phrases(rule.unless)
            self.needs = _phrases(rule.needs)
        except BadInput as fault:
            raise BadInput(f"규칙 '{rule.id}': {fault}") from fault
        self.rule = rule
        self.contexts = [contexts[id_] for id_ in rule.contexts]


class AlertRules:
    """The word lists in force. Immutable, any thread."""

    def __init__(self, city: CityWords | None = None, lessons: AlertLessons = NOTHING_TAUGHT) -> None:
        """``BadInput`` if the city's part does not fit (see ``word_list``)."""
        city = city or CityWords()
        words = word_list.merged(word_list.shipped(), city)
        contexts = {context.id: (context, _context_phrases(context)) for context in words.contexts}
        self._rules = [_Rule(rule, contexts) for rule in words.words]
        own = {procedure.kind: procedure for procedure in city.procedures}
        self.procedures: tuple[Procedure, ...] = tuple(own.get(each.kind, each) for each in PROCEDURES)
        """What to do at each kind, in the city's words where it has some."""
        self.cards: Mapping[AlertKind, str] = city.cards
        """Kind -> entry to show on top."""
        self.lessons = lessons

    @classmethod
    def of_document(cls, document: str | bytes, lessons: AlertLessons = NOTHING_TAUGHT) -> AlertRules:
        """With a city's document 'alert_words'; '' = it has none."""
        return cls(word_list.city_words(document) if document else None, lessons)

    def taught(self, lessons: AlertLessons) -> AlertRules:
        """The same lists with other lessons; costs nothing."""
        other = AlertRules.__new__(AlertRules)
        other._rules, other.procedures, other.cards = self._rules, self.procedures, self.cards
        other.lessons = lessons
        return other

    def procedure(self, kind: AlertKind) -> Procedure:
        """What to do at this kind."""
        return next(each for each in self.procedures if each.kind == kind)

    def hear(self, speaker: Speaker, text: str) -> tuple[Finding, ...]:
        """What this utterance holds, in the order in which it was said; of finds that overlap the heaviest."""
        plain = line(text)
        lines = [plain]
        if (together := spelled_together(plain)) is not None:
            lines.append(together)
        found = [
            finding
            for each in lines
            for letters in (frozenset(each.text),)
            for rule in self._rules
            if speaker in rule.rule.speakers
            for finding in self._find(rule, each, letters, text)
        ]
        return tuple(self._taught(finding) for finding in _apart(found))

    def _taught(self, finding: Finding) -> Finding:
        """After what false alarms taught: of the find that won, so that no weaker reading of the same words wins."""
        weight = self.lessons.taught(finding.kind, finding.rule, finding.phrase, finding.around, finding.weight)
        return msgspec.structs.replace(finding, weight=weight)

    def _find(self, rule: _Rule, of: Line, letters: frozenset[str], text: str) -> Iterable[Finding]:
        for phrase in rule.say:
            for match in islice(phrase.find(of.text, letters), MOST_LOOKED_AT):
                if (finding := self._weighed(rule, of, match, text)) is not None:
                    yield finding

    def _weighed(self, rule: _Rule, of: Line, match: Match, text: str) -> Finding | None:
        before, after = _whole_words(of.text, match.start - NEARBY, match.end + NEARBY)
        if _overlapped(rule.instead, of.text[before:after], match.start - before, match.end - before):
            return None
        nearby = of.text[before : match.start] + PLACE + of.text[match.end : after]
        if rule.unless and _any(rule.unless, nearby):
            return None
        if rule.needs and not _any(rule.needs, nearby):
            return None
        kind, weight = rule.rule.kind, rule.rule.weight * (SLIPPED if match.slips else 1)
        for context, phrases in rule.contexts:
            if _any(phrases, nearby):
                kind, weight = context.becomes or kind, weight * context.factor
        if weight <= 0:
            return None
        start, end = of.span(match.start, match.end)
        return Finding(
            kind=kind,
            rule=rule.rule.id,
            weight=weight,
            words=text[start:end],
            start=start,
            end=end,
            phrase=of.text[match.start : match.end],
            around=_around(of.text, match),
        )


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch, longer by the rest of the words that it would cut through."""
    begin = text.rfind(" ", 0, start) + 1 if start > 0 else 0
    until = text.find(" ", end) if end < len(text) else -1
    return begin, until if until >= 0 else len(text)


def _overlapped(phrases: Iterable[Phrase], text: str, start: int, end: int) -> bool:
    letters = frozenset(text)
    return any(other.start < end and start < other.end for phrase in phrases for other in phrase.find(text, letters))


def _around(text: str, match: Match) -> str:
    before = text[max(0, match.start - NEARBY) : match.start].split()
    after = text[match.end : match.end + NEARBY].split()
    return " ".join((*before[-1:], PLACE, *after[:1])).replace(PLACE, "_")


def _any(phrases: Iterable[Phrase], text: str) -> bool:
    letters = frozenset(text)
    return any(True for phrase in phrases for _ in phrase.find(text, letters))


def _apart(found: list[Finding]) -> tuple[Finding, ...]:
    """Of finds of a kind that overlap, the heaviest (the longest, the first)."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: (-each.weight, each.start - each.end, each.start)):
        if not any(
            other.kind == finding.kind and other.start < finding.end and finding.start < other.end for other in kept
        ):
            kept.append(finding)
    return tuple(sorted(kept[:MOST_FOUND], key=lambda each: (each.start, each.end)))


def _phrases(written: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(_phrase(each) for each in written)


@lru_cache(maxsize=_COMPILED)
def _phrase(written: str) -> Phrase:
    """A city that changes one word does not wait for all the others."""
    return Phrase(written)


def _context_phrases(context: Context) -> tuple[Phrase, ...]:
    try:
        return _phrases(context.phrases)
    except BadInput as fault:
        raise BadInput(f"문맥 '{context.id}': {fault}") from fault
