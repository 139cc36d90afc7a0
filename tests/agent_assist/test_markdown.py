"""Markdown: what entries need is shown, nothing that could run is."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent_assist.knowledge.markdown import html, is_harmless, plain
from core.errors import BadInput

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "s"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a"),
}


class Elements(HTMLParser):
    """The tags and attributes of a page, as a browser finds them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(page: str) -> None:
    """Only the tags that we know, with nothing but harmless attributes."""
    for tag, attributes in Elements(page).found:
        assert tag in TAGS, page
        allowed = {"a": {"href", "title", "rel", "target"}, "ol": {"start"}}.get(tag, set())
        assert set(attributes) <= allowed, page
        if tag == "a":
            assert attributes["rel"] == "noopener noreferrer nofollow"
            assert attributes["target"] == "_blank"
            if "href" in attributes:
                assert re.match(r"(https?://|tel:)", attributes["href"] or "", re.IGNORECASE), page


def test_what_entries_need_is_shown() -> None:
    page = html(
        "# 여권\n\n**굵게** *기울임* ~~지움~~ `코드`\n다음 줄\n\n- 하나\n- 둘\n\n3. 셋\n\n> 인용\n\n"
        "| 종류 | 수수료 |\n|---|---|\n| 10년 | 53,000원 |\n\n"
        "[외교부](https://www.passport.go.kr 'x') [전화](tel:02-120)"
    )
    harmless(page)
    for part in (
        "<h1>여권</h1>",
        "<strong>굵게</strong> <em>기울임</em> <s>지움</s> <code>코드</code><br>",
        "<ul>\n<li>하나</li>",
        '<ol start="3">',
        "<blockquote>",
        "<td>53,000원</td>",
        'href="https://www.passport.go.kr" title="x"',
        'href="tel:02-120"',
        'rel="noopener noreferrer nofollow"',
        'target="_blank"',
    ):
        assert part in page, part


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.kr/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<style>*{background:url('javascript:alert(1)')}</style>",
    "<math><mtext></p><style><img src onerror=alert(1)></style>",
    "<!--><script>alert(1)</script>-->",
    "<form action=//evil.kr><input name=q autofocus onfocus=alert(1)>",
    "<base href=//evil.kr><meta http-equiv=refresh content=0>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:" + "///etc/passwd)",
    "[x](//evil.kr)",
    "[x](/admin/delete)",
    "[x](https:evil)",
    "<javascript:alert(1)>",
    "![x](https://evil.kr/pixel.png)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x](https://a.kr \"\" onmouseover=alert(1)\")",
    "[x](https://a.kr '\"><script>alert(1)</script>')",
    "[x](https://a.kr/\"onmouseover=alert(1))",
    "`</code><script>alert(1)</script>`",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "``` \" onload=alert(1)\nx\n```",
    "| <script>alert(1)</script> |\n|---|\n| <b onclick=x> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_could_run_is_left(attack: str) -> None:
    for text in (attack, f"- a\n  > {attack}", f"**{attack}**", attack.replace("<", "＜<")):
        page = html(text)
        harmless(page)
        assert "<script" not in page.lower()
        assert "<img" not in page.lower()


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*ATTACKS, "*", "\n", "[", "](", ">", "`", "|", "<", '"']), max_size=8).map("".join)
)
@example("[a](https://a.kr\\@evil)")
def test_any_text_is_harmless_and_has_a_plain_form(text: str) -> None:
    harmless(html(text))
    assert plain(text) == plain(text).strip()


def test_what_is_no_html_is_shown_as_it_was_written() -> None:
    assert "&lt;b&gt;이름&lt;/b&gt; 3 &lt; 5 &amp; 6" in html("<b>이름</b> 3 < 5 & 6")
    assert plain("<b>이름</b> 3 < 5 & 6") == "<b>이름</b> 3 < 5 & 6"


def test_plain_text_keeps_the_words_and_drops_the_marks() -> None:
    text = plain(
        "# 여권 **재발급**\n\n첫 줄\n둘째 줄\n\n- 신청서\n- 사진\n  1. 앞\n  2. 뒤\n\n5. 다섯\n\n"
        "| 종류 | 값 |\n|-|-|\n| 10년 | 53,000원 |\n\n"
        "[외교부](https://www.passport.go.kr), <https://a.kr/>, [02-120](tel:02-120)\n\n> 인용 `코드`\n\n```\na  b\n```"
    )
    assert text.split("\n") == [
        "여권 재발급",
        "첫 줄",
        "둘째 줄",
        "- 신청서",
        "- 사진",
        "  1. 앞",
        "  2. 뒤",
        "5. 다섯",
        "종류 | 값",
        "10년 | 53,000원",
        "외교부 (https://www.passport.go.kr), https://a.kr/, 02-120",
        "인용 코드",
        "a  b",
    ]
    assert plain("") == ""
    assert plain("- \n- 둘") == "-\n- 둘"


@pytest.mark.parametrize("convert", [html, plain])
def test_a_text_that_is_too_long_is_refused(convert: object) -> None:
    with pytest.raises(BadInput, match="200,000자") as refused:
        convert("가" * 200_001)  # type: ignore[operator]
    assert refused.value.code == "too_long"


@pytest.mark.parametrize("piece", [">", "> ", "- ", "[", "*", "_a_", "`", "![", "<", "&#", "|", "\\", "(", "\n"])
def test_deep_nesting_is_no_harm(piece: str) -> None:
    harmless(html(piece * (20_000 // len(piece))))


def test_addresses() -> None:
    for good in ("https://a.kr", "HTTP://a.kr/x?y=1#z", "tel:02-120", "https://한글.kr/경로"):
        assert is_harmless(good), good
    for bad in (
        "",
        "a",
        "//a.kr",
        "/x",
        "javascript:alert(1)",
        "https:",
        "http:///x",
        "ftp://a.kr",
        "https://[",
        "mailto:a@b.kr",
    ):
        assert not is_harmless(bad), bad
