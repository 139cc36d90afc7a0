"""Bench ``learning``: a month of simulated use, then other sentences of later callers: hits without and with what was
learnt, also about entries that nobody used, and whether small talk stays silent."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from agent_assist.assistant import Assistant
from agent_assist.korean import analyser
from agent_assist.learning.ab_report import AbReport, Past, Ranker, Row, compared
from agent_assist.learning.lessons import Lessons
from agent_assist.learning.proposals import EntryTerms, Use, entry_terms, proposals
from core.store.entry import Entry
from core.store.knowledge import Synonym
from server.bench.figures import Figure, Report
from server.bench.simulated_use import EARLIER, LATER, SMALL_TALK, Agents, Callers
from server.bench.stage import Stage
from server.knowledge import sample_entries

CALLS: Final = 2_000
"""Calls that teach."""
QUESTIONS: Final = 1_200
"""Questions of later calls, about entries that were used."""
UNTAUGHT: Final = 600
"""Questions about entries that nobody asked for before."""
_SEED: Final = 5
_BEGIN: Final = datetime(2026, 10, 1, 9, tzinfo=UTC)
_APART: Final = timedelta(minutes=20)
_MAY_FALL: Final = 0.01
_EVERY: Final = 5
"""One entry in so many is never asked for in the calls that teach."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    learnt: AbReport
    """Entries that were used: without lessons, with lessons."""
    with_synonyms: AbReport
    """The same: without lessons, with lessons and every proposed synonym in force, none weeded out."""
    untaught: AbReport
    """Entries that were not used, and small talk: without, with lessons."""
    lessons: int
    proposed: int


class Switch:
    """What was learnt, or nothing: the same database without and with it."""

    def __init__(self, lessons: Lessons) -> None:
        self._lessons = lessons
        self._on = True

    def bonus(self, terms: Sequence[str]) -> Mapping[str, float]:
        """As ``agent_assist.assistant.Taught``."""
        return self._lessons.bonus(terms) if self._on else {}

    def ranker(self, assistant: Assistant, *, on: bool) -> Ranker:
        """The cards for a question by itself."""

        def ranked(text: str) -> list[str]:
            self._on = on
            return [card.id for card in assistant.suggest(text)]

        return ranked


async def measure(stage: Stage) -> Report:
    """In a process of its own: it computes all the time."""
    stage.tell(f"{CALLS} calls")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = await asyncio.get_running_loop().run_in_executor(pool, measured, CALLS, QUESTIONS, UNTAUGHT)
    taught, untaught = found.learnt.rows[0], found.untaught.rows[0]
    synonyms = found.with_synonyms.rows[0]
    return Report(
        figures=(
            *_figures("later questions", taught),
            Figure(name="... and proposed synonyms: hit@1", value=synonyms.hit1.after, unit="", at_least=True),
            Figure(name="... and proposed synonyms: hit@3", value=synonyms.hit3.after, unit="", at_least=True),
            Figure(name="entries nobody used: hit@1 before", value=untaught.hit1.before, unit=""),
            _no_fall("entries nobody used: hit@1", untaught.hit1.before, untaught.hit1.after),
            _no_fall("entries nobody used: hit@3", untaught.hit3.before, untaught.hit3.after),
            Figure(
                name="small talk that brought a card",
                value=100 * found.untaught.idle_after,
                unit="%",
                bound=100 * found.untaught.idle_before,
            ),
            Figure(name="lessons", value=found.lessons, unit=""),
            Figure(name="synonyms proposed", value=found.proposed, unit=""),
        ),
        notes=(
            f"{CALLS} simulated calls taught, {taught.questions} questions of later ones in other sentences measure",
            f"difference hit@1 {_interval(taught.hit1.low, taught.hit1.high)}, "
            f"hit@3 {_interval(taught.hit3.low, taught.hit3.high)} (95 %, paired)",
            f"with synonyms: hit@3 {_interval(synonyms.hit3.low, synonyms.hit3.high)}",
        ),
    )


def _figures(name: str, row: Row) -> tuple[Figure, ...]:
    return (
        Figure(name=f"{name}: hit@1 before", value=row.hit1.before, unit=""),
        Figure(name=f"{name}: hit@1 after", value=row.hit1.after, unit="", bound=row.hit1.before, at_least=True),
        Figure(name=f"{name}: hit@3 before", value=row.hit3.before, unit=""),
        Figure(name=f"{name}: hit@3 after", value=row.hit3.after, unit="", bound=row.hit3.before, at_least=True),
        Figure(name=f"{name}: MRR before", value=row.mrr.before, unit=""),
        Figure(name=f"{name}: MRR after", value=row.mrr.after, unit="", bound=row.mrr.before, at_least=True),
    )


def _no_fall(name: str, before: float, after: float) -> Figure:
    return Figure(name=f"{name} after", value=after, unit="", bound=round(before - _MAY_FALL, 4), at_least=True)


def _interval(low: float, high: float) -> str:
    return f"{100 * low:+.1f} to {100 * high:+.1f} points"


def measured(calls: int, questions: int, untaught: int) -> Measured:
    """Use, then measure. Runs in the process of its own."""
    return asyncio.run(_measured(calls, questions, untaught))


async def _measured(calls: int, questions: int, untaught: int) -> Measured:
    entries = sample_entries()
    callers = Callers(entries, analyser(), _SEED)
    used = [entry for place, entry in enumerate(callers.entries) if place % _EVERY]
    others = [entry for place, entry in enumerate(callers.entries) if not place % _EVERY]
    lessons = Lessons()
    taught = Switch(lessons)
    assistant, widened = Assistant(taught=taught), Assistant(taught=lessons)
    await assistant.load(entries)
    proposed = await _use(assistant, lessons, callers, used, calls)
    await widened.load(entries, [msgspec.structs.replace(synonym, state="in_force") for synonym in proposed])
    later = _past(callers, used, questions, "later")
    unused = [*_past(callers, others, untaught, "unused"), *_small_talk()]
    without, with_lessons = taught.ranker(assistant, on=False), taught.ranker(assistant, on=True)
    found = Measured(
        learnt=compared(later, without, with_lessons),
        with_synonyms=compared(later, without, taught.ranker(widened, on=True)),
        untaught=compared(unused, without, with_lessons),
        lessons=len(lessons),
        proposed=len(proposed),
    )
    assistant.close()
    widened.close()
    return found


async def _use(
    assistant: Assistant, lessons: Lessons, callers: Callers, about: Sequence[Entry], calls: int
) -> tuple[Synonym, ...]:
    """Callers ask, agents answer with the cards that are there by then, and what they do is learnt at once."""
    agents = Agents(about, _SEED)
    known: dict[str, EntryTerms] = {}
    uses: list[Use] = []
    at = _BEGIN
    for number in range(calls):
        call_id, at = f"call-{number}", at + _APART
        asked = callers.ask(about, EARLIER)
        conversation = assistant.conversation(call_id)
        await conversation.heard("caller", "caller-1", asked.text)
        terms = conversation.terms("caller-1")
        agent_id, deeds = agents.answer(asked, [card.id for card in conversation.cards])
        for entry_id, deed in deeds:
            lessons.used(entry_id, deed, terms, at, call_id=call_id, agent_id=agent_id)
            if deed != "opened" and (entry := assistant.entry(entry_id)) is not None:
                of_entry = known.get(entry_id) or entry_terms(entry, analyser())
                known[entry_id] = of_entry
                uses.append(
                    Use(call_id=call_id, agent_id=agent_id, said=terms, entry=of_entry, accepted=deed == "accepted")
                )
    return proposals(reversed(uses), (), at)


def _past(callers: Callers, about: Sequence[Entry], count: int, name: str) -> list[Past]:
    asked = [callers.ask(about, LATER) for _ in range(count)]
    return [
        Past(call_id=f"{name}-{at}", at=_BEGIN, text=question.text, accepted=question.entry_id)
        for at, question in enumerate(asked)
    ]


def _small_talk() -> list[Past]:
    return [Past(call_id=f"talk-{at}", at=_BEGIN, text=text) for at, text in enumerate(SMALL_TALK)]
