"""``python -m records.statistics`` renews ``docs/statistics.md``."""

from pathlib import Path

from records.statistics.reference import as_markdown

(Path(__file__).parents[2] / "docs" / "statistics.md").write_text(as_markdown(), "utf-8")
