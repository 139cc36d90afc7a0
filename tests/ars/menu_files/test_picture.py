"""The picture of a menu: each screen drawn once, every way shown, and nothing on top of anything else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as xml

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ars.menu_files.menu_file import load, shipped
from ars.menu_files.outline import DEEPEST, Node, Tree, outline, own_screens
from ars.menu_files.picture import svg, tree
from ars.model import Choice, Digit, Language, Menu, Screen, Start
from tests.ars.small import small_menu

SVG = "{http://www.w3.org/2000/svg}"
DIGITS: tuple[Digit, ...] = ("1", "2", "3", "4")


@cache
def hanbit() -> Menu:
    file = shipped("hanbit")
    assert file is not None
    menu = load(file).menu
    assert menu is not None
    return menu


def nodes(trees: tuple[Tree, ...]) -> list[Node]:
    waiting = [root for part in trees for root in part.roots]
    for node in waiting:
        waiting += node.children
    return waiting


def printed(menu: Menu, language: Language = "ko") -> str:
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(tree(menu, language))
    return out.getvalue()


def web(ways: dict[int, list[int]]) -> Menu:
    """A menu whose screens lead to each other as told."""
    screens = {
        f"s{id}": Screen(
            title={"ko": f"화면 {id}"},
            choices=tuple(
                Choice(digit=digit, label={"ko": "가"}, go=f"s{to}") for digit, to in zip(DIGITS, goes, strict=False)
            ),
        )
        for id, goes in ways.items()
    }
    return Menu(id="web", title={"ko": "웹"}, phone="120", start=(Start(screen="s0"),), screens=screens)


def test_the_tree_in_the_terminal() -> None:
    lines = [line.rstrip() for line in printed(small_menu(version="")).splitlines()]
    assert lines == [
        "한빛시 작은 콜센터  small · 화면 8개",
        "├── 시작 · 평일 9시부터 18시까지 (day)",
        "│   └── 무엇을 도와드릴까요?  main",
        "│       ├── 1 민원서류  documents",
        "│       │   ├── 1 담당자와 통화  [연결]  (lunch 제외)",
        "│       │   ├── 1 순서가 되면 전화 받기  @callback  (lunch에만)",
        "│       │   └── 2 시청 오시는 길  office  [전화번호]  [지도]  [링크]",
        "│       ├── 2 불법 주차 신고  parking  [입력 4칸]  [사진]",
        "│       │   └── → 접수되었습니다  thanks",
        "│       ├── 3 대형 폐기물  waste  [유료]  [입력 3칸]  [문자]",
        "│       │   └── → ↩ 접수되었습니다  thanks",
        "│       ├── 8 자막 통화  @captions",
        "│       └── 9 언어 · Language  @language",
        "├── 시작 · 그 밖의 시간",
        "│   └── 지금은 상담 시간이 아닙니다  night",
        "│       ├── 1 당직실 연결  [연결 · 주차관리과]",
        "│       ├── 2 ↩ 민원서류 안내 · 민원서류  documents",
        "│       ├── 8 자막 통화  @captions",
        "│       └── 9 언어 · Language  @language",
        "└── 상담사가 보내는 화면",
        "    └── 상담이 도움이 되셨나요?  rate  [입력 1칸]",
        "        └── → 통화가 끝났습니다  @over",
    ]


def test_the_tree_in_english() -> None:
    text = printed(small_menu(), "en")
    assert "3 Bulky waste  waste  [paid]  [form of 3]  [text]" in text
    assert "Start · at all other times" in text
    assert not re.search("[가-힣]", text.replace("Language · 언어", ""))


@pytest.mark.parametrize("made", [small_menu, hanbit], ids=["small", "hanbit"])
def test_every_screen_is_drawn_exactly_once(made: Callable[[], Menu]) -> None:
    menu = made()
    drawn = [node.id for node in nodes(outline(menu)) if node.kind == "screen"]
    assert sorted(drawn) == sorted(own_screens(menu))


@given(
    st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 14), max_size=4)).map(lambda ways: {0: [1, 2]} | ways)
)
def test_any_web_of_screens_is_drawn_once_at_its_nearest_place(ways: dict[int, list[int]]) -> None:
    menu = web(ways)
    trees = outline(menu)
    drawn = [node for node in nodes(trees) if node.kind == "screen"]
    assert sorted(node.id for node in drawn) == sorted(menu.screens)
    for node in drawn:
        assert len(node.children) == len(menu.screens[node.id].choices)
    assert xml.fromstring(svg(menu)).tag == f"{SVG}svg"


def test_what_nobody_reaches_stands_apart() -> None:
    trees = outline(web({0: [1], 1: [], 2: [3], 3: []}))
    assert [(part.why, [root.id for root in part.roots]) for part in trees] == [
        ("start", ["s0"]),
        ("unreachable", ["s2"]),
    ]


def test_a_well_without_a_ground_is_drawn_to_a_depth() -> None:
    menu = web({id: [id + 1] for id in range(3000)} | {3000: []})
    assert sum(node.kind == "screen" for node in nodes(outline(menu))) == DEEPEST
    assert "s39" in svg(menu)
    assert "s39" in printed(menu)


def test_missing_names_are_drawn_with_a_question_mark() -> None:
    text = printed(web({0: [7]}))
    assert "1 ↩ 가 · s7?  s7" in text


def boxes(text: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of every card."""
    return [
        (float(r.get("x", 0)), float(r.get("y", 0)), float(r.get("x", 0)) + float(r.get("width", 0)),
         float(r.get("y", 0)) + float(r.get("height", 0)))
        for r in xml.fromstring(text).iter(f"{SVG}rect")
        if r.get("class") in ("card", "chip", "deed")
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("made", [small_menu, hanbit], ids=["small", "hanbit"])
def test_nothing_is_drawn_over_anything_else_or_outside(made: Callable[[], Menu], language: Language) -> None:
    menu = made()
    text = svg(menu, language)
    root = xml.fromstring(text)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    placed = sorted(boxes(text))
    assert len(placed) == len(nodes(outline(menu)))
    for number, (left, top, right, bottom) in enumerate(placed):
        assert left >= 0 and top >= 0 and right <= width and bottom <= height
        for other_left, other_top, other_right, other_bottom in placed[number + 1 :]:
            apart = other_left >= right or other_top >= bottom or other_bottom <= top or other_right <= left
            assert apart, (left, top, other_left, other_top)


def test_the_drawing_names_itself_for_who_cannot_see_it() -> None:
    root = xml.fromstring(svg(small_menu(), "en"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "t d"
    assert root.findtext(f"{SVG}title") == "Hanbit's small call centre"
    assert (
        root.findtext(f"{SVG}desc")
        == "Picture of the menu of Hanbit's small call centre: 8 screens, 2 levels at the deepest."
    )
    tips = [title.text for title in root.iter(f"{SVG}title")]
    assert "3 Bulky waste (waste) paid form of 3 text" in tips
    assert "2 About documents Documents (documents)" in tips


def test_links_lead_to_the_place_where_a_screen_is_drawn() -> None:
    root = xml.fromstring(svg(hanbit()))
    ids = {group.get("id") for group in root.iter(f"{SVG}g")}
    links = [link.get("href", "") for link in root.iter(f"{SVG}a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= ids


def test_words_can_not_break_the_drawing() -> None:
    evil = Screen(title={"ko": '<script>&"\x00\x1b\ud800]]>'})
    text = svg(small_menu(screens={**small_menu().screens, "main": evil}))
    assert "<script>" not in text
    root = xml.fromstring(text)
    assert any(title.text and '<script>&"]]>' in title.text for title in root.iter(f"{SVG}title"))


def test_dark_and_light_are_the_readers_choice() -> None:
    text = svg(small_menu())
    assert "@media(prefers-color-scheme:dark)" in text
    assert "Noto Sans KR" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
