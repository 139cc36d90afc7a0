from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_assist.assistant import Assistant
from agent_assist.heard import Heard
from core.config import AssistConfig
from core.events import Suggestion
from core.store.entry import Entry


@pytest.fixture(scope="module")
def loaded(hanbit: tuple[Entry, ...]) -> Iterator[Assistant]:
    assistant = Assistant()
    assistant.reload(hanbit)
    yield assistant
    assistant.close()


async def test_a_call(loaded: Assistant) -> None:
    call = loaded.conversation("c1")
    assert await call.heard("caller", "caller-1", "여보세요") is None
    cards = await call.heard("caller", "caller-2", "저기 등본 좀 떼려고 하는데요")
    assert cards is not None
    assert 1 <= len(cards) <= 3
    assert cards[0].title == "주민등록등본 발급"
    assert "등본" in cards[0].words[0]
    assert await call.heard("agent", "agent-1", "네 여권 말씀이신가요") is None
    assert await call.heard("caller", "caller-3", "네 감사합니다") is None
    assert call.cards == cards


async def test_another_topic_brings_other_cards(loaded: Assistant) -> None:
    call = loaded.conversation("c2")
    await call.heard("caller", "caller-1", "등본 떼려고요")
    cards = await call.heard("caller", "caller-2", "아 그리고 장롱을 버리려고 하는데요 대형 폐기물이요")
    assert cards is not None
    assert "대형 폐기물" in cards[0].title


async def test_what_was_said_before_helps(loaded: Assistant) -> None:
    call = loaded.conversation("c3")
    await call.heard("caller", "caller-1", "여권 때문에요")
    await call.heard("agent", "agent-1", "여권 어떤 일이세요")
    await call.heard("caller", "caller-2", "어제 여행 갔다가 잃어버렸어요")
    assert "여권 분실 신고와 재발급" in [card.title for card in call.cards]


async def test_a_card_that_is_held_stays(loaded: Assistant) -> None:
    call = loaded.conversation("c4")
    cards = await call.heard("caller", "caller-1", "등본 떼려고요")
    assert cards is not None
    call.used(cards[0].id, "pinned")
    after = await call.heard("caller", "caller-2", "아 그리고 장롱을 버리려고 하는데요 대형 폐기물이요")
    assert after is not None
    assert after[0].id == cards[0].id
    call.used(cards[0].id, "unpinned")


async def test_two_calls_know_nothing_of_each_other(loaded: Assistant) -> None:
    one, other = loaded.conversation("c5"), loaded.conversation("c6")
    await one.heard("caller", "caller-1", "등본 떼려고요")
    assert other.cards == ()


async def test_many_calls_at_once(loaded: Assistant) -> None:
    calls = [loaded.conversation(f"m{at}") for at in range(40)]
    answers = await asyncio.gather(*(call.heard("caller", "caller-1", "여권 재발급이요") for call in calls))
    assert len({answer[0].id for answer in answers if answer}) == 1
    assert all(answers)


async def test_a_late_answer_to_older_words_is_not_used(loaded: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    call = loaded.conversation("c7")
    gate = asyncio.Event()
    think = loaded.think

    async def slow_first(heard: Heard, earlier: Sequence[Heard]) -> list[Suggestion]:
        if "등본" in heard.text:
            await gate.wait()
        return await think(heard, earlier)

    monkeypatch.setattr(loaded, "think", slow_first)
    first = asyncio.create_task(call.heard("caller", "caller-1", "등본 떼려고요"))
    await asyncio.sleep(0)
    newest = await call.heard("caller", "caller-2", "장롱을 버리려고 하는데요 대형 폐기물이요")
    gate.set()
    assert await first is None
    assert call.cards == newest


async def test_the_event_loop_is_never_held_up(loaded: Assistant, no_blocking_calls: None) -> None:
    call = loaded.conversation("c8")
    assert await call.heard("caller", "caller-1", "등본 떼려고요")


async def test_before_a_database_is_loaded_there_is_silence() -> None:
    assistant = Assistant()
    try:
        assert not assistant.ready
        assert await assistant.conversation("c").heard("caller", "caller-1", "등본이요") is None
        assert assistant.suggest("등본이요") == []
        assert assistant.search("등본") == []
        assert assistant.entry("1") is None
    finally:
        assistant.close()


async def test_a_new_database_replaces_the_old_in_the_middle_of_a_call(few: tuple[Entry, ...]) -> None:
    assistant = Assistant(AssistConfig(bar=0.2))
    try:
        await assistant.load(few)
        call = assistant.conversation("c")
        await call.heard("caller", "caller-1", "여권을 잃어버렸어요")
        await assistant.load([Entry(id="9", title="여권 분실", keywords=("여권", "분실"))])
        assert assistant.entry("2") is None
        cards = await call.heard("caller", "caller-2", "그래서 여권 분실 신고를 하려고요")
        assert cards is not None
        assert "9" in [card.id for card in cards]
    finally:
        assistant.close()


async def test_no_earlier_utterances_are_remembered_beyond_the_setting(few: tuple[Entry, ...]) -> None:
    assistant = Assistant(AssistConfig(bar=0.2, context_turns=0))
    try:
        await assistant.load(few)
        call = assistant.conversation("c")
        for at in range(50):
            await call.heard("agent", f"agent-{at}", "여권이요")
        assert await call.heard("caller", "caller-1", "네 그거요") is None
    finally:
        assistant.close()


@pytest.mark.parametrize(
    "text", ["", " ", "😀" * 500, "ㅋㅋㅋㅋ", "가" * 100_000, "\u1100\u1161", "<script>", "a" * 5000, "\0"]
)
def test_odd_words_do_no_harm(loaded: Assistant, text: str) -> None:
    assert isinstance(loaded.suggest(text), list)
    assert isinstance(loaded.search(text), list)


@pytest.mark.parametrize(
    "text", ["ㄷㅡㅇㅂㅗㄴ", "등ㅂㅗㄴ 떼려고요", "👨‍👩‍👧‍👦 등본 👍🏽", "등본 " * 30_000, "\ud7b0\ud7cb", "\u3164" * 99]
)
def test_half_composed_words_and_giant_ones_are_answered(loaded: Assistant, text: str) -> None:
    assert isinstance(loaded.suggest(text), list)


def test_letters_from_a_mac_are_the_same_letters(loaded: Assistant) -> None:
    said = "저기 등본 좀 떼려고 하는데요"
    assert loaded.suggest(unicodedata.normalize("NFD", said)) == loaded.suggest(said) != []


async def test_a_partial_raises_a_card_only_when_it_is_stable(loaded: Assistant) -> None:
    call = loaded.conversation("p1")
    assert await call.partial("caller", "caller-1", "저기") is None
    assert await call.partial("caller", "caller-1", "저기 주민등록등본 발급을 받고 싶은데") is None
    assert await call.partial("caller", "caller-1", "저기 주민등록등본 발급을 받고 싶은데") is None  # nothing new
    cards = await call.partial("caller", "caller-1", "저기 주민등록등본 발급을 받고 싶은데요 어디서")
    assert cards is not None
    (card,) = cards
    assert card.tentative
    assert card.title == "주민등록등본 발급"
    assert await call.partial("caller", "caller-1", "저기 주민등록등본 발급을 받고 싶은데요 어디서 하나요") is None
    confirmed = await call.heard("caller", "caller-1", "저기 주민등록등본 발급을 받고 싶은데요 어디서 하나요")
    assert confirmed is not None
    assert confirmed[0].id == card.id
    assert not any(card.tentative for card in confirmed)


async def test_a_final_takes_back_what_its_partials_promised(loaded: Assistant) -> None:
    call = loaded.conversation("p2")
    for text in (
        "여권 재발급을 받고 싶은데요",
        "여권 재발급을 받고 싶은데요 어디서",
        "여권 재발급을 받고 싶은데요 어디서 하",
    ):
        await call.partial("caller", "caller-1", text)
    assert call.cards
    assert await call.heard("caller", "caller-1", "아니에요 됐어요") == ()


async def test_a_partial_after_its_final_is_too_late(loaded: Assistant) -> None:
    call = loaded.conversation("p3")
    await call.heard("caller", "caller-1", "네 네")
    for _ in range(3):
        assert await call.partial("caller", "caller-1", "여권 재발급을 받고 싶은데요 어디서 하나요") is None
    assert await call.partial("agent", "agent-1", "여권 재발급이요") is None
    assert call.cards == ()


async def test_an_utterance_knows_its_terms_and_how_sure_it_was(loaded: Assistant) -> None:
    call = loaded.conversation("t1")
    await call.heard("caller", "caller-1", "여권이요")
    assert call.best_score("caller-1") == max((card.score for card in call.cards), default=0.0)
    await call.heard("caller", "caller-2", "분실 신고는 어디서 하는 건가요")
    assert call.terms("caller-2")[:2] == ("n분실", "n신고")
    assert "n여권" in call.terms("caller-2")
    assert call.best_score("caller-2") > 0.45
    assert call.terms("caller-9") == ()
    assert call.best_score("caller-9") == 0.0


async def test_a_call_forgets_its_oldest_utterances(loaded: Assistant) -> None:
    call = loaded.conversation("t2")
    for at in range(70):
        await call.heard("caller", f"caller-{at}", "여권이요")
    assert call.terms("caller-0") == ()
    assert call.terms("caller-69") == ("n여권",)


async def test_a_dismissed_card_goes_and_stays_away(loaded: Assistant) -> None:
    call = loaded.conversation("u1")
    cards = await call.heard("caller", "caller-1", "등본 떼려고 하는데요 어떻게 하나요")
    assert cards
    after = call.used(cards[0].id, "dismissed")
    assert after is not None
    assert cards[0].id not in [card.id for card in after]
    again = await call.heard("caller", "caller-2", "등본 떼려고 하는데요 어떻게 하나요")
    assert cards[0].id not in [card.id for card in again or call.cards]
    assert call.used("nothing", "dismissed") is None


async def test_a_pinned_card_stays_until_it_is_let_go(loaded: Assistant) -> None:
    call = loaded.conversation("u2")
    (first, *_) = await call.heard("caller", "caller-1", "등본 떼려고 하는데요 어떻게 하나요") or ()
    assert call.used(first.id, "pinned") is None
    await call.heard("caller", "caller-2", "아 그리고 장롱을 버리려고 하는데요 대형 폐기물이요")
    assert call.cards[0].id == first.id
    call.used(first.id, "unpinned")
    await call.heard("caller", "caller-3", "그리고 여권을 잃어버렸는데 재발급은 어디서 하나요")
    assert first.id not in [card.id for card in call.cards]


async def test_what_agents_taught_changes_the_order(hanbit: tuple[Entry, ...]) -> None:
    class Taught:
        def bonus(self, terms: Sequence[str]) -> Mapping[str, float]:
            return {wanted: 1.0, cards[0].id: -1.0} if "n여권" in terms else {}

    plain = Assistant()
    plain.reload(hanbit)
    cards = plain.suggest("여권을 새로 만들려고 하는데 얼마나 걸려요")
    wanted = cards[1].id
    learnt = Assistant(taught=Taught())
    learnt.reload(hanbit)
    now = learnt.suggest("여권을 새로 만들려고 하는데 얼마나 걸려요")
    assert now[0].id == wanted
    assert now[0].why in {"learnt", "keyword"}
    plain.close()
    learnt.close()


def test_expired_entries_are_never_suggested(hanbit: tuple[Entry, ...]) -> None:
    day = date(2026, 3, 1)
    assistant = Assistant(today=lambda: day)
    assistant.reload([replace(entry, expires=date(2026, 2, 28)) for entry in hanbit])
    assert assistant.suggest("등본 떼려고 하는데요 어떻게 하나요") == []
    assert assistant.search("등본")
    assistant.close()


WORDS = [
    "저기",
    "여권",
    "재발급을",
    "등본",
    "발급을",
    "받고",
    "싶은데요",
    "어디서",
    "장롱을",
    "버리려고",
    "하나요",
    "네",
    "대형",
    "폐기물",
]
SPOKEN = st.lists(st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), st.booleans()), max_size=4)


@given(SPOKEN)
@settings(max_examples=25)
async def test_nothing_flickers_while_somebody_speaks(loaded: Assistant, spoken: list[tuple[list[str], bool]]) -> None:
    """Partials grow word by word and their last word is sometimes heard otherwise; the agent holds the first card."""
    call = loaded.conversation("f1")
    for number, (words, otherwise) in enumerate(spoken):
        gone: set[str] = set()
        held = call.cards[0].id if call.cards else ""
        call.used(held, "pinned")
        for at in range(1, len(words) + 1):
            before = [card.id for card in call.cards]
            heard = words[:at] + ["거기"] * (otherwise and at % 2)
            changed = await call.partial("caller", f"caller-{number}", " ".join(heard))
            after = [card.id for card in call.cards]
            assert (changed is not None) == (before != after)
            gone |= set(before) - set(after)
            assert not gone & set(after)
            assert len(set(after) - set(before)) <= 1
            assert not held or after[0] == held
        await call.heard("caller", f"caller-{number}", " ".join(words))
        assert not any(card.tentative for card in call.cards)
        assert not held or call.cards[0].id == held
        call.used(held, "unpinned")


async def test_the_card_in_her_hand_stays_and_the_one_before_may_go(loaded: Assistant) -> None:
    call = loaded.conversation("c7")
    first = await call.heard("caller", "caller-1", "등본 떼려고요")
    assert first is not None
    call.used(first[0].id, "opened")
    second = await call.heard("caller", "caller-2", "아 그리고 장롱을 버리려고 하는데요 대형 폐기물이요")
    assert second is not None
    new = next(card.id for card in second if "폐기물" in card.title)
    call.used(new, "accepted")
    third = await call.heard("caller", "caller-3", "그리고 여권을 잃어버렸는데 재발급은 어떻게 받아요")
    assert third is not None
    ids = [card.id for card in third]
    assert new in ids
    assert first[0].id not in ids


async def test_an_address_that_is_told_is_no_question(loaded: Assistant) -> None:
    for told in ("송천동 해안도로 10번지예요", "12가 3456이요", "중앙동 시민로 이십삼 길 십오예요"):
        assert loaded.suggest(told) == [], told


@pytest.mark.parametrize(
    "words",
    [
        "i would like to renew my passport please",
        "where do i pay the parking fine for my car",
        "a b c d w w w dot hanbit dot go dot k r",
        "我 想 更 换 护 照",
        "パスポート を 更新 し たい の です が",
        "tôi muốn gia hạn hộ chiếu",
        "я хочу продлить паспорт",
    ],
)
def test_words_of_another_language_bring_no_cards(loaded: Assistant, words: str) -> None:
    """Neither a title in Latin letters nor single letters are a reason."""
    assert loaded.suggest(words) == []
