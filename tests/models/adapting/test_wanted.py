"""Lists of words: what is taken, what is refused and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from core.errors import BadInput
from models.adapting.wanted import MOST, Wanted, guessed, listed, read_words


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("교통혁신정책과", "department"),
        ("스마트돌봄센터", "department"),
        ("한빛미래로", "street"),
        ("세종대로", "street"),
        ("은하수길", "street"),
        ("새솔동", "place"),
        ("김서연", "person"),
        ("남궁다솜", "other"),
        ("한빛사랑상품권", "other"),
        ("과", "other"),
    ],
)
def test_the_class_is_guessed_by_the_ending(word: str, kind: str) -> None:
    """Where the list does not say."""
    assert guessed(word) == kind


def test_lines() -> None:
    """Remarks and repetitions go, a class after a tab counts, decomposed Hangul is put together."""
    lines = [
        "\ufeff# 부서",
        "교통혁신정책과",
        "",
        "남궁다솜\tperson",
        "교통혁신정책과",
        "한빛 복지관",
        "\u1109\u1162\u1109\u1169\u11af로",
    ]
    found = listed(line.removeprefix("\ufeff") for line in lines)
    assert found.unusable == ()
    assert found.wanted == (
        Wanted(("교통혁신정책과",), "department"),
        Wanted(("남궁다솜",), "person"),
        Wanted(("한빛", "복지관"), "other"),
        Wanted(("새솔로",), "street"),
    )
    assert found.wanted[2].text == "한빛 복지관"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("제2팀", "write them as they are said"),
        ("IT지원과", "아이티"),
        ("道路과", "'道'"),
        ("도로과ㅋ", "'ㅋ'"),
        ("도로과\tstreets", "no class 'streets'"),
        ("가" * 41, "longer than 40"),
    ],
)
def test_lines_that_cannot_be_taken(line: str, says: str) -> None:
    """Each has its line and its reason; the others go on."""
    found = listed(["주차관리과", line])
    assert [name.text for name in found.wanted] == ["주차관리과"]
    assert found.unusable[0].line == 2
    assert says in found.unusable[0].reason


def test_a_million_lines_are_not_read() -> None:
    """The list ends at the limit, whatever comes behind."""
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for line in repeat("도로과", 1_000_000):
            read += 1
            yield line

    with pytest.raises(BadInput, match=f"more than {MOST} lines"):
        listed(lines())
    assert read == MOST + 1


def test_files(tmp_path: Path) -> None:
    """UTF-8 with or without its mark; anything else is one line of advice."""
    file = tmp_path / "words.txt"
    with pytest.raises(BadInput, match="No such file"):
        read_words(file)
    file.write_text("\ufeff도로과\n" + "가" * 100_000 + "\n", encoding="utf-8")
    assert [name.text for name in read_words(file).wanted] == ["도로과"]
    assert "longer than" in read_words(file).unusable[0].reason
    file.write_bytes("도로과\n".encode("cp949"))
    with pytest.raises(BadInput, match="save it as UTF-8"):
        read_words(file)
    file.write_text("# nothing\n")
    with pytest.raises(BadInput, match="it is empty"):
        read_words(file)
    file.write_text("1팀\n2팀\n")
    with pytest.raises(BadInput, match=r"no word of .* can be used; line 1: has digits"):
        read_words(file)
