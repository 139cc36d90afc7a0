"""What a bundle carries besides packages, and how it is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.bundle.pack import Bundle, copy_documents, in_words

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_no_link_of_the_guides_leads_nowhere(tmp_path: Path) -> None:
    """Pages keep their places to each other."""
    copy_documents(tmp_path)
    pages = list(tmp_path.rglob("*.md"))
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(pages) > 30 and len(links) > 100
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["README.md"]  # folders there would be imported


@pytest.mark.parametrize(
    ("debian", "says"),
    [
        (3, "41 packages, 3 Debian packages"),
        (0, "no Debian packages (none could be fetched)"),
        (None, "no Debian packages (left out)"),
    ],
)
def test_debian_packages_are_told(debian: int | None, says: str) -> None:
    bundle = Bundle(path=Path("x.tar"), size=1, wheels=41, models=(), debian=debian, tuned=False)
    assert says in in_words(bundle)
