"""The page of definitions is written from the figures, and lies there as it is written."""

from __future__ import annotations

from pathlib import Path

from records.statistics.measures import MEASURES
from records.statistics.reference import as_markdown

PAGE = Path(__file__).parents[3] / "docs" / "statistics.md"


def test_the_page_is_as_the_figures_are() -> None:
    assert PAGE.read_text("utf-8") == as_markdown(), "run: python -m records.statistics"


def test_every_figure_stands_on_it_once() -> None:
    page = as_markdown()
    assert all(page.count(f"\n| `{measure.id}` | ") == 1 for measure in MEASURES)
    assert "(`settled` - `again`) ÷ `settled`" in page
