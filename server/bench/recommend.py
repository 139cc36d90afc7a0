"""Bench ``cards``: how often the right card comes, and how often a wrong one or one too early, beside plain BM25.

Questions with known answers: the shipped city's (``tests/fixtures``), and those of a real consultation database that is
not part of the product (``../shared/data``); what is not there is left out, with a note.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from agent_assist.assistant import Assistant
from agent_assist.knowledge.csv_import import read_csv
from agent_assist.korean import analyser
from core.store.entry import Entry
from server.bench.figures import Figure, Report
from server.bench.plain_bm25 import PlainBm25, threshold
from server.bench.stage import Stage
from server.knowledge import sample_entries

_ROOT: Final = Path(__file__).parents[2]
FIXTURES: Final = _ROOT / "tests" / "fixtures"
SHARED: Final = _ROOT.parent / "shared" / "data"

Ask = Callable[[str], Sequence[str]]
"""What was said -> ids of the cards, best first."""


class Question(msgspec.Struct, frozen=True):
    """Something said, and the entries that answer it; none: nothing may come."""

    answers: frozenset[str]
    said: str


class Turn(msgspec.Struct, frozen=True):
    """An utterance of a recorded call."""

    who: str
    text: str


class Dialogue(msgspec.Struct, frozen=True):
    """A call, and from which of its turns on a card is to be there."""

    answers: frozenset[str]
    turns: tuple[Turn, ...]
    from_turn: int


class Hits(msgspec.Struct, frozen=True):
    """Shares of the questions asked."""

    first: float
    three: float


async def measure(stage: Stage) -> Report:
    """All that can be measured on this machine."""
    figures: list[Figure] = []
    notes: list[str] = []
    for name, part in (("a real database", _real), ("the shipped city", _shipped)):
        stage.tell(name)
        found, note = await part()
        figures += found
        notes += [note] if note else []
    return Report(figures=tuple(figures), notes=tuple(notes))


async def _real() -> tuple[list[Figure], str]:
    queries, database = SHARED / "kb-queries", SHARED / "dasan-kb" / "seoul-120-text.csv"
    if not (queries.is_dir() and database.is_file()):
        return [], f"the questions for a real database are not there: {queries}"
    asked = _lines(queries / "queries.jsonl")
    spoken = [Question(_accepted(line), line["utterance"]) for line in asked]
    heard = [Question(_accepted(line), line["stt"]) for line in asked if line["stt"]]
    idle = [line["utterance"] for line in _lines(queries / "none.jsonl")]
    entries = read_csv(database.read_bytes()).entries
    async with _Loaded(entries) as assistant:
        ours = _ids(assistant)
        plain = await asyncio.to_thread(PlainBm25, entries, analyser())
        theirs = _plain(plain)
        bar = threshold(score for one in spoken for entry, score in plain.ask(one.said) if entry in one.answers)
        figures = [
            *_pair("utterances", hits(ours, spoken), hits(theirs, spoken), first=0.68, three=0.82),
            *_pair("with slips of recognition", hits(ours, heard), hits(theirs, heard), three=0.68),
            Figure(name="nothing to suggest: a card came", value=100 * shown(ours, idle), unit="%", bound=5),
            Figure(
                name="nothing to suggest: plain BM25, at its best threshold",
                value=100 * shown(lambda said: [entry for entry, score in plain.ask(said) if score >= bar], idle),
                unit="%",
            ),
            *await _calls(assistant, [_dialogue(line) for line in _lines(queries / "dialogues.jsonl")], theirs),
        ]
    return figures, f"a real database of {len(entries)} entries; {len(spoken)} utterances, {len(heard)} with slips"


async def _shipped() -> tuple[list[Figure], str]:
    file = FIXTURES / "queries_hanbit.tsv"
    if not file.is_file():
        return [], f"the questions for the shipped city are not there: {file}"
    lines = [line.split("\t") for line in file.read_text("utf-8").splitlines() if line]
    questions = [Question(frozenset(ids.split(",")) - {"0"}, said) for ids, said in lines]
    spoken = [one for one in questions if one.answers]
    entries = sample_entries()
    async with _Loaded(entries) as assistant:
        plain = _plain(PlainBm25(entries, analyser()))
        figures = [
            *_pair("한빛시, utterances", hits(_ids(assistant), spoken), hits(plain, spoken)),
            Figure(
                name="한빛시, nothing to suggest: a card came",
                value=100 * shown(_ids(assistant), [one.said for one in questions if not one.answers]),
                unit="%",
            ),
        ]
    return figures, ""


class _Loaded:
    """An assistant with a database, closed at the end."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._assistant = Assistant()

    async def __aenter__(self) -> Assistant:
        await self._assistant.load(self._entries)
        return self._assistant

    async def __aexit__(self, *_: object) -> None:
        self._assistant.close()


def hits(ask: Ask, questions: Sequence[Question]) -> Hits:
    """How often the first card, and one of the first three, is right."""
    found = [[entry in one.answers for entry in list(ask(one.said))[:3]] for one in questions]
    return Hits(first=sum(any(right[:1]) for right in found) / len(found), three=sum(map(any, found)) / len(found))


def shown(ask: Ask, said: Iterable[str]) -> float:
    """Which share of the utterances brought any card."""
    came = [bool(ask(one)) for one in said]
    return sum(came) / len(came)


async def _calls(assistant: Assistant, calls: Sequence[Dialogue], plain: Ask) -> list[Figure]:
    right = plainly = early = before = 0
    for number, call in enumerate(calls):
        conversation = assistant.conversation(f"call {number}")
        for at, turn in enumerate(call.turns):
            speaker = "agent" if turn.who == "agent" else "caller"
            await conversation.heard(speaker, f"{speaker}-{at}", turn.text)  # type: ignore[arg-type]
            if speaker == "caller" and at < call.from_turn:
                before += 1
                early += bool(conversation.cards)
            if at == call.from_turn:
                right += any(card.id in call.answers for card in conversation.cards)
                so_far = " ".join(turn.text for turn in call.turns[: at + 1] if turn.who == "caller")
                plainly += any(entry in call.answers for entry in plain(so_far))
    return [
        Figure(name="conversations, right card of three", value=right / len(calls), unit="", bound=0.80, at_least=True),
        Figure(name="conversations, right card of three: plain BM25", value=plainly / len(calls), unit=""),
        Figure(name="conversations, turns with a card too early", value=100 * early / before, unit="%", bound=15),
    ]


def _pair(
    name: str, ours: Hits, plain: Hits, *, first: float | None = None, three: float | None = None
) -> list[Figure]:
    """Ours with its bounds, and plain BM25 beside it."""
    return [
        Figure(name=f"{name}, first card right", value=ours.first, unit="", bound=first, at_least=True),
        Figure(name=f"{name}, first card right: plain BM25", value=plain.first, unit=""),
        Figure(name=f"{name}, right card of three", value=ours.three, unit="", bound=three, at_least=True),
        Figure(name=f"{name}, right card of three: plain BM25", value=plain.three, unit=""),
    ]


def _ids(assistant: Assistant) -> Ask:
    return lambda said: [card.id for card in assistant.suggest(said)]


def _plain(plain: PlainBm25) -> Ask:
    return lambda said: [entry for entry, _ in plain.ask(said)]


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _accepted(line: dict[str, Any]) -> frozenset[str]:
    return frozenset(map(str, line["accept"]))


def _dialogue(line: dict[str, Any]) -> Dialogue:
    turns = tuple(Turn(turn["who"], turn["text"]) for turn in line["turns"])
    return Dialogue(_accepted(line), turns, line["from_turn"])
