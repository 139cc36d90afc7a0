"""What false alarms teach: an alert that was dismissed weighs less the next time, for those very words in that place.

A lesson is of one city, one rule, one phrase and the words on both sides of it. It halves the weight each time it is
learnt, fades with time, and is forgotten when an alert like it turns out real. It never silences danger: what alerts at
once of a threat, of self-harm or of an emergency goes on alerting (``VITAL``), for a dismissed card costs a click and a
missed one a life.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from core.errors import BadInput
from core.events import AlertKind

DOCUMENT: Final = "alert_lessons"
"""Under this name a city's lessons are kept."""
VITAL: Final[frozenset[AlertKind]] = frozenset({"threat", "self_harm", "emergency"})
VITAL_FLOOR: Final = 1.0
"""No lesson takes a vital finding below this (or below what it weighed anyway)."""
DEEPEST: Final = 3.0
"""Dismissals that count at most: an eighth of the weight is left."""
HALF_LIFE: Final = timedelta(days=90)
MOST: Final = 500
"""Lessons kept; the oldest goes first and is counted."""


class Heard(Protocol):
    """Of a finding, what a lesson goes by."""

    @property
    def kind(self) -> AlertKind: ...
    @property
    def rule(self) -> str: ...
    @property
    def phrase(self) -> str: ...
    @property
    def around(self) -> str: ...


class AlertLesson(msgspec.Struct, frozen=True, kw_only=True):
    """One phrase in its place that was a false alarm."""

    rule: str
    phrase: str
    """In one spelling."""
    around: str
    """The words on both sides, '_' between them."""
    times: float
    """Dismissals, faded as of ``at``."""
    at: datetime
    """When it was last learnt or brought up to date."""


class AlertLessons(msgspec.Struct, frozen=True, kw_only=True):
    """All lessons of a city. Each deed gives new ones; the old stay as they are."""

    lessons: tuple[AlertLesson, ...] = ()
    """The oldest first."""
    dropped: int = 0
    """How many were let go because there were too many."""

    def taught(self, kind: AlertKind, rule: str, phrase: str, around: str, weight: float) -> float:
        """What this find weighs after what was learnt."""
        lesson = self._of(rule, phrase, around)
        if lesson is None:
            return weight
        lower = weight * _share(lesson)
        return max(lower, min(weight, VITAL_FLOOR)) if kind in VITAL else lower

    def dismissed(self, findings: Iterable[Heard], at: datetime) -> AlertLessons:
        """An alert was a false alarm: these were its findings."""
        lessons = {_key(lesson): lesson for lesson in self._faded(at)}
        for finding in findings:
            key = (finding.rule, finding.phrase, finding.around)
            before = lessons.pop(key, None)
            times = min(DEEPEST, (before.times if before else 0.0) + 1)
            lessons[key] = AlertLesson(
                rule=finding.rule, phrase=finding.phrase, around=finding.around, times=times, at=at
            )
        kept = tuple(lessons.values())
        return AlertLessons(lessons=kept[-MOST:], dropped=self.dropped + max(0, len(kept) - MOST))

    def confirmed(self, findings: Iterable[Heard], at: datetime) -> AlertLessons:
        """An alert was real: what was learnt against its words is forgotten."""
        real = {(finding.rule, finding.phrase, finding.around) for finding in findings}
        kept = tuple(lesson for lesson in self._faded(at) if _key(lesson) not in real)
        return AlertLessons(lessons=kept, dropped=self.dropped)

    def reset(self, rule: str = "") -> AlertLessons:
        """Without those of one rule; '' = without any."""
        kept = tuple(lesson for lesson in self.lessons if rule and lesson.rule != rule)
        return AlertLessons(lessons=kept, dropped=self.dropped)

    def faded(self, at: datetime) -> AlertLessons:
        """Brought up to date; those that hardly count any more are gone. Once a day is enough."""
        return AlertLessons(lessons=tuple(self._faded(at)), dropped=self.dropped)

    def explain(self, finding: Heard) -> str:
        """Why this find weighs what it does, in Korean first; '' = nothing was learnt about it."""
        lesson = self._of(finding.rule, finding.phrase, finding.around)
        if lesson is None:
            return ""
        vital = finding.kind in VITAL
        share = round(100 * _share(lesson))
        floor = " (위급 낱말: 알림은 계속 뜹니다 / vital: it goes on alerting)" if vital else ""
        return (
            f"'{lesson.phrase}': 이 자리에서 오경보로 닫혀 무게가 {share}%입니다, "
            f"마지막 {lesson.at:%Y-%m-%d} / dismissed here before, weighs {share}%{floor}"
        )

    def _of(self, rule: str, phrase: str, around: str) -> AlertLesson | None:
        key = (rule, phrase, around)
        return next((lesson for lesson in self.lessons if _key(lesson) == key), None)

    def _faded(self, at: datetime) -> Iterable[AlertLesson]:
        for lesson in self.lessons:
            age = max(timedelta(0), at - lesson.at)
            times = lesson.times * 0.5 ** (age / HALF_LIFE)
            if times >= 0.1:
                yield msgspec.structs.replace(lesson, times=times, at=max(at, lesson.at))


NOTHING_TAUGHT: Final = AlertLessons()


def lessons_of(document: str | bytes) -> AlertLessons:
    """Lessons as they were kept (``msgspec.json.encode(lessons)``); '' = none. ``BadInput`` if they can't be read."""
    if not document:
        return NOTHING_TAUGHT
    try:
        return msgspec.json.decode(document, type=AlertLessons)
    except msgspec.MsgspecError as fault:
        raise BadInput(f"오경보 학습 기록을 읽을 수 없습니다: {fault} / the lessons cannot be read") from fault


def _share(lesson: AlertLesson) -> float:
    """Of the weight that is left."""
    return math.pow(0.5, min(lesson.times, DEEPEST))


def _key(lesson: AlertLesson) -> tuple[str, str, str]:
    return lesson.rule, lesson.phrase, lesson.around
