"""Bench ``masking``: personal numbers that are hidden, numbers that must stay, utterances a second; beside a plain
regular expression over written digits, the floor.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from server.bench.figures import Figure, Report
from server.bench.numbers_said import FORMS, Harmless, Told, harmless, told
from server.bench.speech import sentences
from server.bench.stage import Stage
from stt.contract import Hypothesis
from stt.masking import PARTIAL_DIGITS, Mask, runs
from stt.text import Finishing

EACH: Final = 500
"""Numbers of every kind in every form, and harmless utterances of every sort."""
RECALL: Final = 99.0
FALSE: Final = 0.5
PER_SECOND: Final = 20_000
TURN_S: Final = 4.0
ROUNDS: Final = 20

_FLOOR: Final = re.compile(
    r"\d{6}-?[1-8]\d{6}|\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}|\d\d-\d\d-\d{6}-\d\d|[MS]\d{8}|[MS]\d{3}[A-Z]\d{4}|"
    r"\d{3,6}-\d{2,6}-\d{5,6}"
)
"""What anybody would write first."""

Masking = Callable[[Sequence[str]], list[str]]
"""One leg's utterances in order, as they may leave."""


class Tally(msgspec.Struct):
    """So many of so many."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        self.hits += hit
        self.of += 1

    @property
    def percent(self) -> float:
        return 100 * self.hits / self.of


async def measure(stage: Stage) -> Report:
    """All in one process, on one core."""
    stage.tell("personal numbers")
    numbers = list(told(EACH))
    stage.tell("harmless numbers")
    others = list(harmless(EACH))
    ours, floor = recall(numbers, finished), recall(numbers, by_floor)
    false, false_floor = false_alarms(others, finished), false_alarms(others, by_floor)
    stage.tell("speed")
    talk, figures = sentences(), [number.utterances[0] for number in numbers] + [other.text for other in others]
    return Report(
        figures=(
            *(Figure(name=f"recall, {name}", value=ours[name], unit="%", bound=RECALL, at_least=True) for name in ours),
            *(Figure(name=f"recall of the floor, {form}", value=floor[form], unit="%") for form in FORMS),
            Figure(name="recall of the floor, all", value=floor["all"], unit="%"),
            Figure(name="recall, partials", value=partial_recall(numbers), unit="%", bound=RECALL, at_least=True),
            *(Figure(name=f"hidden by mistake, {name}", value=false[name], unit="%", bound=FALSE) for name in false),
            Figure(name="hidden by mistake by the floor, all", value=false_floor["all"], unit="%"),
            Figure(name="masking, talk", value=per_second(talk), unit="/s", bound=PER_SECOND, at_least=True),
            Figure(name="masking, every utterance with a number", value=per_second(figures), unit="/s"),
            Figure(name="masking and numerals to digits, talk", value=finished_per_second(talk), unit="/s"),
        ),
        notes=(
            f"{len(numbers)} personal and {len(others)} harmless numbers, made up by a seed",
            "hidden: of the number no more is left than was told before anybody could know, at most two digits",
            "floor: one regular expression over written digits",
        ),
    )


def recall(numbers: Iterable[Told], mask: Masking) -> dict[str, float]:
    """Percent that was hidden, by kind, by form and of all."""
    tallies: dict[str, Tally] = {}
    for number in numbers:
        hidden = readable(mask(number.utterances)) <= number.may_stay + 2
        for name in (number.kind, number.form, "all"):
            tallies.setdefault(name, Tally()).add(hidden)
    return {name: tally.percent for name, tally in tallies.items()}


def false_alarms(others: Iterable[Harmless], mask: Masking) -> dict[str, float]:
    """Percent in which something was hidden, by sort and of all."""
    tallies: dict[str, Tally] = {}
    for other in others:
        hidden = any("가림" in text for text in mask((other.text,)))
        for name in (other.sort, "all"):
            tallies.setdefault(name, Tally()).add(hidden)
    return {name: tally.percent for name, tally in tallies.items()}


def partial_recall(numbers: Iterable[Told]) -> float:
    """Percent of numbers, told in one utterance, of which no partial shows so many digits as finals may not."""
    tally = Tally()
    for number in numbers:
        if len(number.utterances) == 1:
            words, finishing = number.utterances[0].split(" "), Finishing()
            shown = (finishing.partial(" ".join(words[:end]), 0) for end in range(1, len(words) + 1))
            tally.add(all(readable([partial]) < PARTIAL_DIGITS for partial in shown))
    return tally.percent


def readable(texts: Sequence[str]) -> int:
    """Digits that can still be read."""
    return sum(len(run.digits) for text in texts for run in runs(text))


def finished(utterances: Sequence[str]) -> list[str]:
    """As they leave the room."""
    finishing = Finishing()
    return [
        finishing.final(Hypothesis(text=text, words=(), final=True), at * TURN_S, (at + 1) * TURN_S - 1).text
        for at, text in enumerate(utterances)
    ]


def by_floor(utterances: Sequence[str]) -> list[str]:
    """As a plain regular expression leaves them."""
    return [_FLOOR.sub("[가림]", text) for text in utterances]


def per_second(texts: Sequence[str]) -> float:
    """Finals that one leg's mask sees in a second of one core."""
    mask = Mask()
    began = time.process_time()
    for _ in range(ROUNDS):
        for at, text in enumerate(texts):
            mask.final(text, at * TURN_S, (at + 1) * TURN_S - 1)
    return ROUNDS * len(texts) / (time.process_time() - began)


def finished_per_second(texts: Sequence[str]) -> float:
    """The same with numbers written as digits."""
    began = time.process_time()
    for _ in range(ROUNDS):
        finished(texts)
    return ROUNDS * len(texts) / (time.process_time() - began)
