"""``python -m core.config`` renews ``docs/configuration.md`` and ``docs/minwon.example.toml`` from the sections."""

from pathlib import Path

from core.config.reference import as_example, as_markdown

_DOCS = Path(__file__).parents[2] / "docs"

(_DOCS / "configuration.md").write_text(as_markdown(), "utf-8")
(_DOCS / "minwon.example.toml").write_text(as_example(), "utf-8")
