"""Whatever an entry's text holds, the page gets paragraphs, lists, tables, links and plain words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.desk_body import Element, Node, shown, tree


def drawn(nodes: tuple[Node, ...]) -> str:
    """A tree in brackets."""
    return "".join(
        node if isinstance(node, str) else f"[{node.tag}{'=' + node.href if node.href else ''} {drawn(node.children)}]"
        for node in nodes
    )


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("가\n\n나", "[p 가][p 나]"),
        ("- 가\n- **나**", "[ul [li 가][li [strong 나]]]"),
        ("1. 가\n2. 나", "[ol [li 가][li 나]]"),
        ("# 제목", "[h4 제목]"),
        ("[시청](https://hanbit.example/a)", "[p [a=https://hanbit.example/a 시청]]"),
        ("| 가 | 나 |\n| - | - |\n| 1 | 2 |", "[table [tr [th 가][th 나]][tr [td 1][td 2]]]"),
        ("", ""),
    ],
)
def test_markdown(markdown: str, wanted: str) -> None:
    assert drawn(shown(markdown)) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="JaVaScRiPt:alert(1)">x</a>', "x"),
        ('<a href="data:text/html,x">x</a>', "x"),
        ('<a href="/signout">x</a>', "x"),
        ('<a href="tel:119" onclick="x()">119</a>', "[a=tel:119 119]"),
        ('<p onclick="x()" style="x">a</p>', "[p a]"),
        ("<script>alert(1)</script>b", "b"),
        ("<style>p{}</style>b", "b"),
        ("<img src=x onerror=alert(1)>c", "c"),
        ("<iframe src=x>d</iframe>", "d"),
        ("<p>a<b>b</p>c", "[p a[strong b]]c"),
        ("</p></li>", ""),
        ("&lt;script&gt;", "<script>"),
        ("<p>a<br>b</p><hr>", "[p a[br ]b][hr ]"),
    ],
)
def test_only_harmless_tags_are_taken(html: str, wanted: str) -> None:
    assert drawn(tree(html)) == wanted


def test_a_thousand_tags_in_each_other_are_cut() -> None:
    assert "x" in drawn(tree("<blockquote>" * 1000 + "x" + "</blockquote>" * 1000))


def test_a_giant_text_comes_as_it_is() -> None:
    assert all(isinstance(node, Element) and node.tag == "p" for node in shown("가나다 " * 60_000))


@given(st.text(max_size=200))
def test_any_text_can_be_shown_and_sent(text: str) -> None:
    for nodes in (shown(text), tree(text)):
        sent: Any = msgspec.json.decode(msgspec.json.encode(nodes))
        assert isinstance(sent, list)
