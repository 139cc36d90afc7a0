"""Closed lists of sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput
from stt import grammar


def test_a_file(tmp_path: Path) -> None:
    """One a line, remarks left out, each once."""
    file = tmp_path / "menu.txt"
    file.write_text("네\n# 아니면\n아니요  괜찮아요 # 거절\n\n네\n", encoding="utf-8")
    assert grammar.read(file) == ("네", "아니요 괜찮아요")


@pytest.mark.parametrize(
    "content", [b"", b"# only a remark\n", b"\xff\xfe\x00", b"x\n" * 3 + b"\n".join(b"%d" % n for n in range(10_001))]
)
def test_a_useless_file(tmp_path: Path, content: bytes) -> None:
    """Empty, no text, too long."""
    (tmp_path / "menu.txt").write_bytes(content)
    with pytest.raises(BadInput, match=r"the grammar .*menu.txt"):
        grammar.read(tmp_path / "menu.txt")


def test_a_word_that_the_model_lacks_is_spelt_in_its_pieces() -> None:
    """Syllables; where it lacks these too, the word is named."""
    vocabulary = frozenset({"네", "돌", "_봄", "교실"})
    assert grammar.spelt(["네", "돌봄 교실"], vocabulary) == {"네": "네", "돌 _봄 교실": "돌봄 교실"}
    with pytest.raises(BadInput, match="does not know 1 words of the grammar: 아니요"):
        grammar.spelt(["네", "아니요"], vocabulary)


@pytest.mark.parametrize(
    ("heard", "which"),
    [
        (["네"], (0, 1)),
        (["[unk]", "네", "[unk]", "[unk]"], (1, 2)),
        (["네", "네"], (0, 0)),
        (["돌", "[unk]", "_봄"], (0, 0)),
        (["[unk]", "[unk]"], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_one_of_them_or_nothing(heard: list[str], which: tuple[int, int]) -> None:
    """Other speech around it, not in it."""
    assert grammar.one_of(heard, {"네": "네", "돌 _봄": "돌봄"}) == which
