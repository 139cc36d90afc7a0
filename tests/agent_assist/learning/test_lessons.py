from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.learning import lessons as lessons_module
from agent_assist.learning.lessons import CEILING, HALF_LIFE_DAYS, Lessons
from core.events import CardDeed
from core.store.knowledge import Lesson

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
DEEDS: tuple[CardDeed, ...] = get_args(CardDeed)


def taught(*calls: tuple[str, CardDeed, str], agents: bool = False) -> Lessons:
    """Entry, deed, words: a call each."""
    lessons = Lessons()
    for at, (entry_id, deed, words) in enumerate(calls):
        terms = [f"n{word}" for word in words.split()]
        agent = "kim" if agents else f"agent-{at}"
        lessons.used(entry_id, deed, terms, AT + timedelta(minutes=at), call_id=f"call-{at}", agent_id=agent)
    return lessons


def bonus(lessons: Lessons, words: str, at: datetime | None = None) -> dict[str, float]:
    return dict(lessons.bonus([f"n{word}" for word in words.split()], at))


def test_nothing_learnt_no_bonus() -> None:
    assert bonus(Lessons(), "등본") == {}
    assert bonus(taught(("1", "accepted", "등본")), "") == {}
    assert bonus(taught(("1", "accepted", "등본")), "여권") == {}


def test_what_was_used_with_a_word_comes_up_with_it() -> None:
    assert bonus(taught(("1", "accepted", "등본 발급")), "등본")["1"] > 0


def test_deeds_in_their_order() -> None:
    gained = {deed: bonus(taught(("1", deed, "등본")), "등본").get("1", 0.0) for deed in DEEDS}
    assert gained["dismissed"] < 0 == gained["unpinned"] < gained["opened"] < gained["pinned"] < gained["accepted"]
    assert gained["accepted"] == gained["sent"]


def test_more_calls_more_bonus_but_never_more_than_one() -> None:
    one = bonus(taught(("1", "accepted", "등본")), "등본")["1"]
    three = bonus(taught(*[("1", "accepted", "등본")] * 3), "등본")["1"]
    many = bonus(taught(*[("1", "accepted", "등본 초본 발급 창구")] * 100), "등본 초본 발급 창구")["1"]
    assert one < three < many <= 1.0
    worst = bonus(taught(*[("1", "dismissed", "등본 초본 발급 창구")] * 100), "등본 초본 발급 창구")["1"]
    assert -1.0 <= worst < 0


def test_a_word_that_goes_with_everything_teaches_nothing_much() -> None:
    words = ["등본", "여권", "장롱", "수도", "버스"] * 3
    lessons = taught(*[(str(at % 5), "accepted", f"신청 {word}") for at, word in enumerate(words)])
    assert bonus(lessons, "신청")["0"] < bonus(lessons, "등본")["0"] / 3
    both = bonus(lessons, "신청 여권")
    assert max(both, key=lambda entry: both[entry]) == "1"


def test_a_question_in_unheard_words_is_about_something_else() -> None:
    lessons = taught(*[("1", "accepted", "등본 신청")] * 3)
    assert bonus(lessons, "신청 드론 허가 촬영")["1"] < bonus(lessons, "신청")["1"] / 8


def test_half_is_gone_after_a_half_life() -> None:
    lessons = taught(*[("1", "accepted", "등본")] * 4)
    (before,) = [each for each in lessons.explain("1") if each.word == "등본"]
    lessons.used("2", "opened", ["n여권"], before.at + timedelta(days=HALF_LIFE_DAYS))
    (after,) = [each for each in lessons.explain("1") if each.word == "등본"]
    assert after.gain == pytest.approx(before.gain / 2, abs=0.02)
    assert bonus(lessons, "등본", AT + timedelta(days=3000)).get("1", 0.0) == 0


def test_gains_have_a_ceiling() -> None:
    lessons = taught(*[("1", "accepted", "등본")] * 50)
    assert max(each.gain for each in lessons.explain("1")) <= CEILING


def test_the_deeds_of_one_call_count_once() -> None:
    once, often = Lessons(), Lessons()
    once.used("1", "accepted", ["n등본"], AT, call_id="c", agent_id="kim")
    for deed in ("opened", "accepted", "sent", "accepted", "opened"):
        often.used("1", deed, ["n등본"], AT, call_id="c", agent_id="kim")  # type: ignore[arg-type]
    assert bonus(once, "등본") == bonus(often, "등본")
    assert [each.times for each in often.explain("1")] == [1, 1]


def test_opened_and_put_away_is_put_away() -> None:
    lessons = Lessons()
    lessons.used("1", "opened", ["n등본"], AT, call_id="c")
    lessons.used("1", "dismissed", ["n등본"], AT, call_id="c")
    assert bonus(lessons, "등본")["1"] < 0


def test_a_pin_taken_out_again_was_only_a_look() -> None:
    lessons = Lessons()
    lessons.used("1", "pinned", ["n등본"], AT, call_id="c")
    lessons.used("1", "unpinned", [], AT, call_id="c")
    assert bonus(lessons, "등본") == bonus(taught(("1", "opened", "등본")), "등본")


def test_later_words_of_the_call_are_learnt_too() -> None:
    lessons = Lessons()
    lessons.used("1", "opened", ["n등본"], AT, call_id="c")
    lessons.used("1", "accepted", ["n세대원"], AT, call_id="c")
    assert bonus(lessons, "등본")["1"] == bonus(lessons, "세대원")["1"]


def test_one_agent_alone_turns_little() -> None:
    alone = bonus(taught(*[("1", "accepted", "등본")] * 30, agents=True), "등본")["1"]
    together = bonus(taught(*[("1", "accepted", "등본")] * 5), "등본")["1"]
    assert alone < together


def test_the_next_day_she_counts_anew() -> None:
    lessons = Lessons()
    for day in range(2):
        lessons.used("1", "accepted", ["n등본"], AT + timedelta(days=day), call_id=f"c{day}", agent_id="kim")
    assert next(each for each in lessons.explain("1") if each.term).gain > 1.9


def test_numbers_and_masks_are_never_learnt() -> None:
    lessons = Lessons()
    for call in ("a", "b", "c"):
        lessons.used("1", "accepted", ["n등본", "n공일공", "n1234", "n******", "w일이"], AT, call_id=call)
    assert {each.term for each in lessons.explain("1")} == {"", "n등본"}
    assert {lesson.term for lesson in lessons.changed()} == {"", "n등본"}


def test_changes_are_told_once_and_come_back_the_same() -> None:
    lessons = taught(("1", "accepted", "등본"), ("1", "accepted", "등본"), ("2", "dismissed", "여권"))
    written = lessons.changed()
    assert {(each.entry_id, each.term, each.times) for each in written} == {
        ("1", "", 2),
        ("1", "n등본", 2),
        ("2", "", 1),
    }
    assert lessons.changed() == []
    again = Lessons(written)
    assert bonus(again, "등본")["1"] == pytest.approx(bonus(lessons, "등본")["1"], abs=0.01)
    again.used("1", "accepted", ["n등본"], AT + timedelta(hours=1), call_id="later")
    assert {(each.term, each.times) for each in again.changed()} == {("", 3), ("n등본", 3)}


def test_a_word_that_only_one_call_had_is_not_written_down() -> None:
    lessons = taught(("1", "accepted", "홍길동"))
    assert {each.term for each in lessons.changed()} == {""}
    lessons.used("1", "accepted", ["n홍길동"], AT, call_id="other")
    assert {each.term for each in lessons.changed()} == {"", "n홍길동"}


def test_what_is_learnt_can_be_taken_back() -> None:
    lessons = taught(*[("1", "accepted", "등본"), ("2", "accepted", "여권")] * 2)
    lessons.changed()
    assert lessons.reset("1") == 2
    assert bonus(lessons, "등본") == {}
    assert bonus(lessons, "여권")["2"] > 0
    assert {(each.entry_id, each.term, each.gain) for each in lessons.changed()} == {
        ("1", "", 0.0),
        ("1", "n등본", 0.0),
    }
    assert lessons.reset() == 2
    assert len(lessons) == 0
    assert lessons.explain("2") == ()


def test_forgotten_for_want_of_room_and_learnt_again_the_store_hears_of_it() -> None:
    lessons = Lessons([Lesson(entry_id="a", term="", gain=0.1, times=3, at=AT)], limit=1)
    lessons.used("b", "accepted", [], AT, call_id="1")
    lessons.used("a", "opened", [], AT, call_id="2")
    assert {(each.entry_id, each.gain) for each in lessons.changed()} == {("a", 0.0), ("b", 1.0)}


def test_taken_back_and_learnt_again_before_it_was_stored() -> None:
    lessons = taught(*[("1", "accepted", "등본")] * 2)
    lessons.changed()
    lessons.reset()
    for call in ("x", "y"):
        lessons.used("1", "accepted", ["n등본"], AT, call_id=call)
    assert {(each.term, each.times) for each in lessons.changed()} == {("", 2), ("n등본", 2)}


def test_explained_in_both_languages_the_entry_first() -> None:
    lessons = taught(*[("1", "accepted", "등본 발급")] * 3, ("2", "accepted", "발급"))
    entry, strongest, other = lessons.explain("1")
    assert (entry.term, strongest.word, other.word) == ("", "등본", "발급")
    assert "등본" in strongest.korean
    assert "3건" in strongest.korean
    assert "learnt from 3 calls" in strongest.english
    assert strongest.bonus > other.bonus > 0
    assert lessons.entries() == ("1", "2")
    assert lessons.explain("none") == ()


def test_the_weakest_are_forgotten_and_counted() -> None:
    old = [Lesson(entry_id="old", term=f"n옛말{chr(0xAC00 + at)}", gain=0.1, times=2, at=AT) for at in range(20)]
    strong = [Lesson(entry_id="good", term="n등본", gain=5, times=9, at=AT)]
    lessons = Lessons([*strong, *old], limit=22)
    lessons.used("1", "accepted", ["n여권", "n사진", "n분실"], AT, call_id="c")
    assert len(lessons) == 22
    assert lessons.forgotten == 3
    assert lessons.explain("good")
    assert len(lessons.explain("old")) == 17
    assert len([each for each in lessons.changed() if each.gain == 0]) == 3


def test_remembered_calls_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons_module, "CALLS_LIMIT", 2)
    lessons = Lessons()
    for call in ("a", "b", "c", "a"):
        lessons.used("1", "accepted", ["n등본"], AT, call_id=call)
    assert lessons.explain("1")[0].times == 4


def test_threads_may_ask_while_another_learns() -> None:
    lessons = Lessons(limit=200)
    faults: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(300):
                lessons.bonus(["n등본", "n여권"])
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for at in range(600):
        lessons.used(str(at), "accepted", ["n등본", f"n말{chr(0xAC00 + at)}"], AT, call_id=str(at))
    for thread in threads:
        thread.join()
    assert faults == []


deeds = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from(DEEDS),
    st.lists(st.sampled_from(["n등본", "n여권", "v떼", "n123"]), max_size=3),
    st.integers(-100, 100),
    st.sampled_from(["", "c1", "c2"]),
    st.sampled_from(["", "kim", "lee"]),
)


@given(st.lists(deeds, max_size=40), st.integers(3, 30))
def test_whatever_agents_do_bonuses_are_bounded_and_the_store_stays_right(
    done: list[tuple[str, CardDeed, list[str], int, str, str]], limit: int
) -> None:
    lessons = Lessons(limit=limit)
    store: dict[tuple[str, str], Lesson] = {}
    for at, (entry_id, deed, terms, day, call_id, agent_id) in enumerate(done):
        lessons.used(entry_id, deed, terms, AT + timedelta(days=day), call_id=call_id, agent_id=agent_id)
        assert len(lessons) <= limit
        if at % 3 == 0:
            for lesson in lessons.changed():
                store.pop((lesson.entry_id, lesson.term), None)
                if lesson.gain:
                    store[lesson.entry_id, lesson.term] = lesson
    for lesson in lessons.changed():
        store.pop((lesson.entry_id, lesson.term), None)
        if lesson.gain:
            store[lesson.entry_id, lesson.term] = lesson
    kept = {(each.entry_id, each.term): each for entry in "ab" for each in lessons.explain(entry)}
    assert set(store) <= set(kept)
    assert all(store[key].times == kept[key].times for key in store)
    found = lessons.bonus(["n등본", "n여권", "v떼"])
    assert all(-1 <= worth <= 1 and worth for worth in found.values())
