"""The model card: what a model is good for, first of all on people, and every figure with how it was got. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from models.training.train import Trained

_SMOKE: Final = "A smoke build: it shows that the chain holds and is good for nothing else"
_DEMONSTRATION: Final = (
    "Demonstration model for synthetic callers (espeak-ng voices); it does not understand people: fetch a real model"
)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was measured."""

    what: str
    """'heldout.txt, held-out voices, G.711'."""
    value: str
    """'CER 1.2 %, 92 % of 200 sentences exact'."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a model does, as ``server.measuring`` found it."""

    people: tuple[Figure, ...] = ()
    """On recordings of real people; () = there were none here."""
    rows: tuple[Figure, ...] = ()
    """On synthetic callers, and speed and size."""


Measure = Callable[[Path, bool], Figures]
"""(model folder, quickly) -> its figures."""


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """How a model came about."""

    name: str
    plan: str
    """'for 2 cores'."""
    trained: Trained
    words: int
    """In its lexicon."""
    held_out: bool
    """A measuring build: some voices were kept from it."""
    smoke: bool
    steps: tuple[str, ...]
    """A line for each step: what it did, how long it took."""


def label_sentence(smoke: bool) -> str:
    """What stands on the shelf."""
    return _SMOKE if smoke else _DEMONSTRATION


def card(build: Build, figures: Figures, sizes: dict[str, int]) -> str:
    """The whole CARD.md; ``sizes`` are bytes of the model's files."""
    people = _table(figures.people) if figures.people else _NOT_MEASURED
    voices = (
        "Figures of held-out voices are honest: ten voice variants were kept from this build."
        if build.held_out
        else "This build has heard every voice variant: figures of held-out voices are honest only in a sister build,"
        " made with `--hold-out-voices`."
    )
    lines = [
        f"# {build.name}",
        "",
        "**On real people's speech:**",
        "",
        *people,
        "",
        f"{label_sentence(build.smoke)}.",
        "",
        "## Measured on synthetic callers",
        "",
        *_table(figures.rows),
        "",
        voices,
        "",
        "## How it was made",
        "",
        f"`minwon models train`, {build.plan}: {build.trained.hours:g} h of synthetic speech, {build.trained.steps:,}"
        f" steps; {100 * build.trained.accuracy:.1f} % of the frames of sentences that it did not learn are named right"
        + (f", {100 * build.trained.accuracy_held_out:.1f} % in voices that it never heard" if build.held_out else "")
        + f". {build.words:,} words.",
        "",
        *(f"* {step}" for step in build.steps),
        "",
        "Text, rules of pronunciation and network are this project's own. The training speech was spoken by espeak-ng"
        " (GPL-3.0); a program's licence does not cover its output.",
        "",
        "## Files",
        "",
        *_table([Figure(what=f"`{name}`", value=f"{size / 1e6:.2f} MB") for name, size in sorted(sizes.items())]),
        "",
        f"{sum(sizes.values()) / 1e6:.1f} MB in all.",
    ]
    return "\n".join(lines) + "\n"


_NOT_MEASURED: Final = (
    "not measured here (no recordings of people at hand). Models trained on one synthesiser alone read next to nothing"
    " of people: 92 of 100 characters are wrong.",
)


def _table(rows: Sequence[Figure]) -> list[str]:
    return ["| what | figure |", "|---|---|", *(f"| {row.what} | {row.value} |" for row in rows)]
