"""The page's rules without a page: numbers, marks, bodies, and where cards lie. Run where they live, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VISIT_RULES = (Path(__file__).parent / "visit_rules.js").read_text("utf-8")

NUMBERS = {
    "01002841009": "010-0284-1009",
    "0212345678": "02-1234-5678",
    "021234567": "02-123-4567",
    "+821002841009": "010-0284-1009",
    "15881234": "1588-1234",
    "050212345678": "0502-1234-5678",
    "2107": "2107",
    "": "",
}
CLOCKS = {0: "0:00", 67.9: "1:07", 3671: "1:01:11", -3: "0:00"}
BODY = "가\n나\n\n- 다\n- 라\n1. 마"
BLOCKS = [
    {"kind": "p", "lines": ["가", "나"]},
    {"kind": "ul", "lines": ["다", "라"]},
    {"kind": "ol", "lines": ["마"]},
]


async def call(page: Page, module: str, name: str, *given: Any) -> Any:
    """A function of one of the page's modules."""
    return await page.evaluate(
        "async ([module, name, given]) => (await import(`/desk/static/${module}`))[name](...given)",
        [module, name, given],
    )


async def test_numbers_clocks_and_bodies(page: Page) -> None:
    for number, wanted in NUMBERS.items():
        assert await call(page, "format.js", "grouped", number) == wanted
    for seconds, wanted in CLOCKS.items():
        assert await call(page, "format.js", "clock", seconds) == wanted
    assert await call(page, "body.js", "blocks", BODY) == BLOCKS
    assert await call(page, "body.js", "blocks", "") == []


async def test_marks_and_hidden_numbers(page: Page) -> None:
    signs = {"plain": "{}", "marked": "[{}]", "masked": "<{}>"}
    cases: list[tuple[str, list[str], list[str], str]] = [
        ("장롱이랑 대형 폐기물", ["장롱", "대형폐기물"], [], "[장롱]이랑 [대형 폐기물]"),
        ("이 길이 이상해요", ["이"], [], "[이] 길이 [이]상해요"),
        ("a.c abc", ["a.c"], [], "[a.c] abc"),
        ("번호는 ******-*******이고 카드는 ****-****", ["번호"], ["resident_number", "card"],
         "[번호]는 <resident_number>이고 카드는 <card>"),
        ("다 말했어요", [], ["account"], "다 말했어요<account>"),
        ("010-****-1234", [], [], "<other>"),
        ("별표 * 하나", [], [], "별표 * 하나"),
    ]  # fmt: skip
    for text, words, masked, wanted in cases:
        pieces = await call(page, "marks.js", "pieces", text, words, masked)
        assert "".join(signs[piece["kind"]].format(piece["text"]) for piece in pieces) == wanted


async def test_arranging_cards(page: Page) -> None:
    """Every set of suggestions after every other, with and without an opened card."""
    sets = [["a", "b", "c"], ["b", "a"], ["d", "e", "f"], ["a"], [], ["c", "d", "a"]]
    wrong = await page.evaluate(
        """async sets => {
          const { NO_CARDS, arrange, opened } = await import('/desk/static/arrange.js');
          const cards = ids => ids.map(id => ({ id, words: [] }));
          const wrong = [];
          for (const first of sets) for (const second of sets) for (const third of sets)
          for (const pin of [-1, 0, 1, 2]) {
            let desk = arrange(NO_CARDS, cards(first));
            if (first[pin]) desk = opened(desk, first[pin]);
            for (const next of [second, third]) {
              const before = desk;
              desk = arrange(desk, cards(next));
              const ids = desk.shown.map(c => c.id);
              const say = why => wrong.push([why, before.shown.map(c => c.id), before.open, next, ids, desk.open]);
              if (ids.length > 3 || new Set(ids).size !== ids.length) say('count');
              if (before.pinned && desk.open !== before.open) say('open');
              const place = before.shown.findIndex(c => c.id === desk.open);
              if (before.pinned && ids.indexOf(desk.open) > place) say('moved');
              if (!before.pinned && next.length && desk.open !== next[0]) say('best');
              if (!before.pinned && ids.length !== next.length) say('missing');
              if (!before.pinned && before.shown[0]?.id === next[0] && next.length === before.shown.length
                  && [...ids].sort().join() === before.shown.map(c => c.id).sort().join()
                  && ids.join() !== before.shown.map(c => c.id).join()) say('flicker');
            }
          }
          return wrong;
        }""",
        sets,
    )
    assert wrong == []


async def test_what_the_desk_knows_of_a_visit(page: Page) -> None:
    """Any order of events: nothing given is lost, keys are unique, a page is open only after it was opened."""
    assert await page.evaluate(VISIT_RULES) == []


async def test_only_web_addresses_of_a_message_become_links(page: Page) -> None:
    link = "http://a.example/v/1"
    for text, links, wanted in (
        (f"누르세요 {link} 예", [link], ["누르세요 ", f"[{link}]", " 예"]),
        (f"{link}{link}", [link], [f"[{link}]", f"[{link}]"]),
        ("javascript:alert(1)", ["javascript:alert(1)"], ["javascript:alert(1)"]),
        ("", [link], []),
        ("안내", ["", "https://b.example"], ["안내"]),
    ):
        pieces = await call(page, "outbox.js", "pieces", text, links)
        assert [f"[{piece['piece']}]" if piece["link"] else piece["piece"] for piece in pieces] == wanted
