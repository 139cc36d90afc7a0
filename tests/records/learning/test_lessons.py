"""What confirmed records teach: counts that add up, are taken back, and make the next draft better."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from core.store.contacts import Guess, RecordLesson
from records.learning.lessons import Lessons, features, lessons_of

WASTE = (Guess("생활>폐기물", 0.7), Guess("교통>주차", 0.2))


def test_without_a_lesson_it_is_what_was_drafted() -> None:
    assert Lessons().guess("category", WASTE, features(["쓰레기"], ["7"])) == WASTE


def test_a_guess_that_is_always_corrected_gives_way() -> None:
    lessons = Lessons()
    for _ in range(5):
        lessons.add(lessons_of("category", "환경>악취", WASTE, ["w:냄새"]))
    first, *_ = lessons.guess("category", WASTE, ["w:냄새"])
    assert first.value == "환경>악취"


def test_one_correction_does_not_overturn_what_was_right_a_hundred_times() -> None:
    lessons = Lessons()
    for _ in range(100):
        lessons.add(lessons_of("category", "생활>폐기물", WASTE, ["w:쓰레기"]))
    lessons.add(lessons_of("category", "환경>악취", WASTE, ["w:냄새"]))
    assert lessons.guess("category", WASTE, ["w:쓰레기"])[0].value == "생활>폐기물"


def test_the_first_lesson_is_no_answer_to_whatever_comes_without_a_draft() -> None:
    """The only label that anybody has named yet would else be every contact's."""
    lessons = Lessons()
    lessons.add(lessons_of("department", "자원순환과", (), ["w:장롱", "w:문의"]))
    assert lessons.guess("department", (), ["w:여권", "w:문의"])[0].value == ""
    for _ in range(20):
        lessons.add(lessons_of("department", "자원순환과", (), ["w:장롱", "w:문의"]))
        lessons.add(lessons_of("department", "민원여권과", (), ["w:여권", "w:문의"]))
    assert lessons.guess("department", (), ["w:여권", "w:문의"])[0].value == "민원여권과"


def test_words_tell_apart_what_the_draft_cannot() -> None:
    lessons = Lessons()
    for _ in range(10):
        lessons.add(lessons_of("category", "환경>악취", WASTE, ["w:냄새", "w:음식물"]))
        lessons.add(lessons_of("category", "생활>폐기물", WASTE, ["w:봉투", "w:음식물"]))
    assert lessons.guess("category", WASTE, ["w:냄새"])[0].value == "환경>악취"
    assert lessons.guess("category", WASTE, ["w:봉투"])[0].value == "생활>폐기물"


def test_what_is_taken_back_leaves_no_trace() -> None:
    lessons = Lessons()
    taught = lessons_of("category", "환경>악취", WASTE, ["w:냄새"])
    lessons.add(taught)
    lessons.add(lessons_of("category", "환경>악취", WASTE, ["w:냄새"], times=-1))
    assert lessons.guess("category", WASTE, ["w:냄새"]) == WASTE
    assert lessons.told("category") == []


def test_what_was_learnt_can_be_looked_at() -> None:
    lessons = Lessons()
    for word in ("냄새", "냄새", "음식물"):
        lessons.add(lessons_of("category", "환경>악취", WASTE, [f"w:{word}"]))
    (told,) = lessons.told("category")
    assert (told.label, told.times) == ("환경>악취", 3)
    assert told.features[:2] == (("g:생활>폐기물", 3), ("w:냄새", 2))
    assert lessons_of("category", "", WASTE, ["w:x"]) == []


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC"), st.sets(st.sampled_from("xyz"))), max_size=30),
    st.sets(st.sampled_from("xyzw")),
)
def test_guesses_are_shares_in_order(taught: list[tuple[str, str, set[str]]], seen: set[str]) -> None:
    lessons = Lessons()
    for draft, label, words in taught:
        lessons.add(lessons_of("category", label, [Guess(draft, 0.6)], features(sorted(words), [])))
    found = lessons.guess("category", [Guess("A", 0.6), Guess("B", 0.3)], features(sorted(seen), []))
    assert found
    assert sum(guess.sure for guess in found) <= 1.01
    assert [guess.sure for guess in found] == sorted((guess.sure for guess in found), reverse=True)


def test_after_corrections_more_drafts_are_right_of_contacts_that_nobody_has_seen() -> None:
    """A city whose office names things otherwise than its database: the draft confuses a third of the topics."""
    dice = random.Random(8)
    topics = [f"분류{number}" for number in range(24)]
    vocabulary = {topic: [f"{topic}낱말{number}" for number in range(8)] for topic in topics}
    wrong = {topic: topics[(number + 1) % 24] for number, topic in enumerate(topics) if number % 3 == 0}

    def contact() -> tuple[str, tuple[Guess, ...], tuple[str, ...]]:
        topic = dice.choice(topics)
        drafted = wrong.get(topic, topic) if dice.random() < 0.9 else dice.choice(topics)
        words = [*dice.sample(vocabulary[topic], 3), *(f"흔한말{dice.randrange(10)}" for _ in range(4))]
        return topic, (Guess(drafted, 0.7),), features(words, [])

    held_out = [contact() for _ in range(300)]

    def right(lessons: Lessons) -> float:
        return (
            sum(lessons.guess("category", drafted, seen)[0].value == topic for topic, drafted, seen in held_out) / 300
        )

    lessons = Lessons()
    shares = [right(lessons)]
    for _ in range(3):
        for topic, drafted, seen in (contact() for _ in range(100)):
            lessons.add(lessons_of("category", topic, drafted, seen))
        shares.append(right(lessons))
    assert shares[0] < 0.7
    assert shares[1] > shares[0] + 0.1
    assert shares[3] > 0.9


def test_the_store_and_the_memory_count_alike() -> None:
    kept = [RecordLesson(kind="result", label="visit", feature="", times=3)]
    lessons = Lessons(kept)
    lessons.replace(kept)
    assert lessons.told("result")[0].times == 3
