"""The tuned model's card: on whom it was tuned, and every figure before and after. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from models.training.people import expect
from models.training.people.clean import Report
from models.training.people.options import Options


def card(options: Options, learnt: Report, figures: Sequence[str]) -> str:
    """The whole CARD.md; ``learnt`` tells of the recordings that were learnt from."""
    hours = learnt.kept_s / 3600
    lines = [
        f"# {options.name}",
        "",
        "**On people it never heard before, over G.711 (spaces left out, numbers as spoken):**",
        "",
        *figures,
        "",
        f"{expect.expectation(hours).capitalize()}.",
        "",
        "## How it was made",
        "",
        f"`minwon models tune` of {options.base.name} on {hours:.2f} h of recordings, {options.copies} copies of each,"
        f" {options.recipe.steps:,} steps, network {options.recipe.times} times as wide."
        + (f" Domain text: {options.text.name}." if options.text else ""),
        "",
        *(f"* {line.strip()}" for line in learnt.lines()),
        "",
        "The recordings' licence and the consent of those who speak in them decide where this model may be used.",
    ]
    return "\n".join(lines) + "\n"
