from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge import cells
from agent_assist.knowledge.html_text import has_tags, markdown
from agent_assist.knowledge.markdown import html as rendered


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>신분증</li><li>사진</li></ul>", "- 신분증\n- 사진"),
        ("<ol><li>접수<li>수령</ol>끝", "1. 접수\n2. 수령\n\n끝"),
        ("<ul><li>가<ul><li>나</li></ul></li><li>다</li></ul>", "- 가\n   - 나\n- 다"),
        (
            "<table><tr><th>구분</th><th>수수료</th></tr><tr><td>창구</td><td>400원|통</td></tr></table>",
            "| 구분 | 수수료 |\n| --- | --- |\n| 창구 | 400원\\|통 |",
        ),
        ("<table><tr><td>한 칸짜리<br>배치</td></tr></table>뒤", "한 칸짜리\n배치\n\n뒤"),
        (
            "<table><tr><td>가<table><tr><td>안</td></tr></table></td><td>나</td></tr></table>",
            "| 가 안 | 나 |\n| --- | --- |",
        ),
        ("<table><tr><td>가<td>나<tr><td>다", "| 가 | 나 |\n| --- | --- |\n| 다 | |"),
        ('<a href="https://city.example/a">여권 안내</a> 참고', "[여권 안내](<https://city.example/a>) 참고"),
        ('<a href="https://city.example">https://city.example</a>', "https://city.example"),
        ('<td><a href="https://city.example"><img src=x></a></td>', "https://city.example"),
        ('<a href="javascript:alert(1)">누르세요</a>', "누르세요"),
        ('<img src=x onerror="alert(1)" alt="약도">', "약도"),
        ("<!-- 숨김 <b> -->보임<!-- 닫지 않음", "보임<!-- 닫지 않음"),
        ("<o:p></o:p><span lang=EN-US style='mso'>본문</span>", "본문"),
        ("<div>가</div><div>나<br>다<br><br>라</div>", "가\n나\n다\n\n라"),
    ],
)
def test_what_remains_of_html(html: str, expected: str) -> None:
    assert cells.text(html) == expected


@pytest.mark.parametrize("text", ["<여권 신청서>", "3 < 5 > 2", "<ABC주식회사>", "a<b", "<>"])
def test_what_is_no_html_stays(text: str) -> None:
    assert not has_tags(text)
    assert cells.text(text) == text


TAGS = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td>", "</td>", "<ul>", "</ul>", "<li>", "<p>", "<br>", "<a>", "</a>"]
)


@given(st.lists(TAGS | st.text("가나다|-", min_size=1, max_size=4), max_size=30))
def test_no_word_is_lost_whatever_is_left_open(parts: list[str]) -> None:
    words = "".join(part for part in parts if not part.startswith("<"))
    shown = markdown("".join(parts))
    assert sorted(char for char in words if char in "가나다") == sorted(char for char in shown if char in "가나다")
    assert not has_tags(shown)


def test_what_comes_out_is_read_as_markdown() -> None:
    html = "<p>첫<br>둘째</p><ol><li>접수</li></ol><a href='https://a.kr/(가)_b'>안내 [1]</a>"
    shown = rendered(cells.text(html + "<table><tr><td>가</td><td>나|다</td></tr></table><b>1 < 2</b>"))
    for part in ("첫<br>", "<li>접수</li>", ">안내 [1]</a>", "<th>나|다</th>", "1 &lt; 2"):
        assert part in shown
    assert "https://a.kr/(%EA%B0%80)_b" in shown


@pytest.mark.parametrize(
    "html", ["<table>" * 30_000, "<td>" * 30_000, "<ul>" * 30_000 + "<li>가" * 1000, "<a " * 60_000]
)
def test_hostile_html_takes_no_time(html: str) -> None:
    markdown(html)
