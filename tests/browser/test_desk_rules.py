"""The page's rules without a page: numbers, marks, chips, steps, where cards lie. Run where they live, in a browser."""

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


async def call(page: Page, module: str, name: str, *given: Any) -> Any:
    """A function of one of the page's modules."""
    return await page.evaluate(
        "async ([module, name, given]) => (await import(`/desk/static/${module}`))[name](...given)",
        [module, name, given],
    )


async def test_numbers_and_clocks(page: Page) -> None:
    for number, wanted in NUMBERS.items():
        assert await call(page, "format.js", "grouped", number) == wanted
    for seconds, wanted in CLOCKS.items():
        assert await call(page, "format.js", "clock", seconds) == wanted


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


async def test_what_was_said_becomes_chips(page: Page) -> None:
    """Newest first; the same value once; a correction in the place of what it corrects."""

    def heard(seq: int, *values: tuple[str, str]) -> dict[str, Any]:
        told = [{"kind": kind, "value": value, "spoken": "", "start": 0, "end": 0} for kind, value in values]
        return {"seq": seq, "utterance": f"caller-{seq}", "values": told}

    async def chips(*events: dict[str, Any]) -> list[tuple[str, str]]:
        kept: list[dict[str, Any]] = []
        for event in events:
            kept = await call(page, "chips.js", "chipsAfter", kept, event)
        return [(chip["id"], chip["value"]) for chip in kept]

    phone, other = ("phone", "010-1234-5678"), ("phone", "02-120")
    assert await chips(heard(1, phone, ("date", "2026-11-26"))) == [("1.1", "2026-11-26"), ("1.0", "010-1234-5678")]
    assert await chips(heard(1, phone), heard(2, other), heard(3, phone)) == [("1.0", phone[1]), ("2.0", other[1])]
    assert await chips(heard(1, phone), heard(2, ("phone", "010-1234-5679"))) == [("1.0", "010-1234-5679")]
    street, home = ("address", "새빛로 12길 34"), ("address", "새빛로 12길 34, 101동 803호")
    assert await chips(heard(1, street), heard(2, home)) == [("1.0", home[1])]
    assert await chips(heard(1, home), heard(2, street)) == [("1.0", home[1])]
    assert await chips(heard(1, ("money", "1000")), heard(2, ("money", "1001"))) == [("2.0", "1001"), ("1.0", "1000")]
    assert await chips(heard(1, phone, other), heard(1, other)) == [("1.1", other[1])], "told again, it is told anew"
    many = [heard(number, ("count", str(number))) for number in range(1, 20)]
    assert len(await chips(*many)) == 12


async def test_every_key_is_given_once_and_kept(page: Page) -> None:
    wrong = await page.evaluate(
        """async () => {
          const { NO_PLACES, placesAfter } = await import('/desk/static/chips.js');
          let seed = 3;
          const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
          const wrong = [];
          for (let round = 0; round < 200; round += 1) {
            let places = NO_PLACES, forms = [], chips = [], next = 0;
            for (let step = 0; step < 30; step += 1) {
              if (random(3) === 0) forms = [...forms, `f${next++}`].slice(-12);
              else chips = [{ id: `c${next++}` }, ...chips].slice(0, 12);
              const before = places;
              places = placesAfter(places, forms, chips);
              const given = places.filter(Boolean);
              const say = why => wrong.push([why, before, places]);
              if (places.length !== 9 || new Set(given).size !== given.length) say('once');
              if (before.some((id, at) => id && forms.includes(id) && places[at] !== id)) say('a form keeps its key');
              const moved = before.filter((id, at) => id && places.includes(id) && places[at] !== id);
              if (moved.length) say('moved');
              const withKey = chips.filter(chip => given.includes(chip.id));
              if (withKey.length && withKey[0] !== chips[0]) say('the newest chip has one before all others');
            }
          }
          return wrong.slice(0, 3);
        }"""
    )
    assert wrong == []


async def test_steps_of_a_procedure(page: Page) -> None:
    procedure = {
        "steps": [
            {"step": "warned", "needs": []},
            {"step": "warned_again", "needs": ["warned"]},
            {"step": "ended", "needs": ["warned_again"]},
            {"step": "dismissed", "needs": []},
        ]
    }
    for taken, wanted in (
        ([], "next later later possible"),
        (["warned"], "taken next later possible"),
        (["warned", "warned_again"], "taken taken possible possible"),
    ):
        steps = await call(page, "alerts.js", "stepsOf", procedure, taken)
        assert " ".join(step["state"] for step in steps) == wanted
    alerts = [
        {"alert_id": "1", "kind": "abuse", "state": "raised"},
        {"alert_id": "2", "kind": "emergency", "state": "handling"},
        {"alert_id": "3", "kind": "abuse", "state": "closed"},
        {"alert_id": "4", "kind": "abuse", "state": "raised"},
    ]
    assert [alert["alert_id"] for alert in await call(page, "alerts.js", "inOrder", alerts, "")] == ["2", "4", "1"]
    assert [alert["alert_id"] for alert in await call(page, "alerts.js", "inOrder", alerts, "1")] == ["1", "2", "4"]


async def test_found_pieces_are_marked_wherever_they_stand(page: Page) -> None:
    pieces = await call(page, "marks.js", "found", "긴급 여권(재)발급", ["권(재)", "급"])
    assert (
        "".join(f"[{one['text']}]" if one["kind"] == "marked" else one["text"] for one in pieces)
        == "긴[급] 여[권(재)]발[급]"
    )
    assert await call(page, "marks.js", "found", "여권", []) == [{"kind": "plain", "text": "여권"}]
