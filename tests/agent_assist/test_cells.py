from __future__ import annotations

from datetime import date

import pytest

from agent_assist.knowledge import cells


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  두   칸\t띄움 ", "두 칸 띄움"),
        ("첫 줄\r\n 둘째 줄", "첫 줄\n둘째 줄"),
        ("첫 문단\n\n\n \n둘째", "첫 문단\n\n둘째"),
        ("- 가\n   - 나  다\n    마", "- 가\n   - 나 다\n마"),
        ("한빛&amp;amp;amp;수돗물", "한빛&수돗물"),
        ("<p>첫 문단</p><p>둘째<br/>줄</p>", "첫 문단\n\n둘째\n줄"),
        ("&amp;lt;ul&amp;gt;&amp;lt;li&amp;gt;가&amp;lt;/li&amp;gt;", "- 가"),
        ("<여권 신청서>를 냅니다", "<여권 신청서>를 냅니다"),
        ("<script>alert('가')</script>본문<style>p{}</style>", "본문"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;본문", "본문"),
        ("<script>닫히지 않음", ""),
        ("3 < 5 이고 7 > 2", "3 < 5 이고 7 > 2"),
        ("널\x00문자\x1b[0m", "널문자[0m"),
        ("여권", "여권"),
    ],
)
def test_text(cell: str, expected: str) -> None:
    assert cells.text(cell) == expected


def test_a_line_is_one_line() -> None:
    assert cells.line("여권\n발급<br>안내") == "여권 발급 안내"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("신분증 준비 / 방문 / 수령", ("신분증 준비", "방문", "수령")),
        ("신분증 준비\n방문", ("신분증 준비", "방문")),
        ("월/화/수 방문", ("월/화/수 방문",)),
        ("", ()),
    ],
)
def test_steps(cell: str, expected: tuple[str, ...]) -> None:
    assert cells.steps(cell) == expected


def test_keywords_are_kept_once_in_order() -> None:
    assert cells.keywords("등본; 등본  떼기 ;등본;;") == ("등본", "등본 떼기")


def test_lists_stay_lists() -> None:
    assert cells.steps(("신분증 / 사진", " 방문 ", "")) == ("신분증 / 사진", "방문")
    assert cells.keywords(("등본; 초본", "등본; 초본")) == ("등본; 초본",)
    assert cells.levels(("민원서류", "여권")) == ("민원서류", "여권")


def test_our_own_texts_are_taken_as_they_are() -> None:
    text = "  <b>굵게</b> &amp;\n\n\n    코드"
    assert cells.exact(text) == text
    assert cells.exact_line(" 가\r\n 나 ") == "가 나"
    assert cells.exact_steps("서울 / 부산\n") == ("서울 / 부산",)
    assert cells.exact_steps("접수 / 수령") == ("접수", "수령")
    assert cells.exact_keywords("가;나\n") == ("가;나",)
    assert cells.exact_keywords("가;나") == ("가", "나")


def test_levels() -> None:
    assert cells.levels(" 민원서류 > 여권 >") == ("민원서류", "여권")


def test_links_and_what_is_none() -> None:
    found, others = cells.links("여권 안내 <https://passport.example/a?b=1>\nhttps://city.example).\n문의는 창구로")
    assert [(link.title, link.url) for link in found] == [
        ("여권 안내", "https://passport.example/a?b=1"),
        ("https://city.example", "https://city.example"),
    ]
    assert others == "문의는 창구로"
    (link,) = cells.links("서울 http 안내 <https://wiki.example/서울_(도시)>")[0]
    assert (link.title, link.url) == ("서울 http 안내", "https://wiki.example/서울_(도시)")
    assert cells.links("javascript:alert(1)") == ((), "javascript:alert(1)")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026.1.31.", date(2026, 1, 31)),
        ("2026/01/31", date(2026, 1, 31)),
        ("2026년 1월 31일", date(2026, 1, 31)),
        ("20260131", date(2026, 1, 31)),
        ("2026-01-31 09:00:00", date(2026, 1, 31)),
        ("2026-02-31", None),
        ("작년", None),
        ("", None),
    ],
)
def test_day(cell: str, expected: date | None) -> None:
    assert cells.day(cell) == expected


def test_resident_numbers_are_seen() -> None:
    assert cells.has_resident_number("", "신청인 900101-1234567 님")
    assert cells.has_resident_number("9001011234567")
    assert not cells.has_resident_number("070-0055-1100", "접수 번호 202601-000123", "991301-1234567")


@pytest.mark.parametrize(
    "cell", ["<" * 200_000, "<p " * 60_000, "&amp;" * 50_000, "<script>" * 20_000, "<!--" * 50_000]
)
def test_hostile_cells_take_no_time(cell: str) -> None:
    cells.text(cell)
