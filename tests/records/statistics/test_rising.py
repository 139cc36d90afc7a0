"""What rises: surely, not merely much; the house's own growth, weekdays that scatter and small numbers are no news."""

from __future__ import annotations

import random

from records.statistics.rising import LEAST, Rising, rising, scatter

Counts = dict[str, int]


def drawn(dice: random.Random, means: dict[str, float], wild: float = 1.0) -> tuple[Counts, int]:
    """A window: each topic's count around its mean; ``wild`` = times Poisson's variance."""
    counts = {topic: max(0, round(dice.gauss(mean, (wild * mean) ** 0.5))) for topic, mean in means.items()}
    return counts, sum(counts.values())


USUAL = {f"topic-{at}": 20.0 + 8 * at for at in range(60)}


def told(now: Counts, past: list[tuple[Counts, int]]) -> list[str]:
    return [each.topic for each in rising(now, sum(now.values()), past)]


def test_a_topic_that_doubles_is_found_among_sixty_and_nothing_else() -> None:
    found = []
    for seed in range(30):
        dice = random.Random(seed)
        past = [drawn(dice, USUAL, 3.0) for _ in range(8)]
        now, _ = drawn(dice, {**USUAL, "topic-20": 2.2 * USUAL["topic-20"]}, 3.0)
        found.append(told(now, past))
    assert all("topic-20" in each for each in found)
    assert sum(len(each) - 1 for each in found) <= 1


def test_nothing_rises_on_usual_days_nor_when_the_whole_house_has_more() -> None:
    false = 0
    for seed in range(40):
        dice = random.Random(seed)
        past = [drawn(dice, USUAL, 2.0) for _ in range(8)]
        busy, _ = drawn(dice, {topic: 1.6 * mean for topic, mean in USUAL.items()}, 2.0)
        false += len(told(busy, past))
    assert false <= 2


def test_small_numbers_are_no_news_and_new_topics_are() -> None:
    past = [(dict(USUAL), 10_000)] * 8  # type: ignore[arg-type]
    few = {**{topic: int(mean) for topic, mean in USUAL.items()}, "new": LEAST - 1}
    assert told(few, past) == []
    assert told({**few, "new": 40}, past) == ["new"]
    (found,) = rising({**few, "new": 40}, 15_000, past)
    assert isinstance(found, Rising)
    assert found.count == 40
    assert found.growth > 10


def test_nobody_knows_what_is_usual_after_one_week() -> None:
    assert rising({"a": 500}, 500, [({"a": 10}, 500)]) == []
    assert rising({}, 0, [({"a": 10}, 500)] * 8) == []


def test_a_category_that_rises_by_one_under_it_is_told_once() -> None:
    past = [({"교통": 200, "교통>버스": 100, "교통>주차": 100, "세금": 300}, 500)] * 8
    now = {"교통": 360, "교통>버스": 258, "교통>주차": 102, "세금": 300}
    assert [each.topic for each in rising(now, 660, past)] == ["교통>버스"]
    both = {"교통": 400, "교통>버스": 200, "교통>주차": 200, "세금": 300}
    assert "교통" in [each.topic for each in rising(both, 700, past)]


def test_scatter_is_told_from_frequent_topics() -> None:
    dice = random.Random(1)
    assert scatter([drawn(dice, USUAL) for _ in range(8)]) < 1.5
    assert 2.5 < scatter([drawn(dice, USUAL, 4.0) for _ in range(8)]) < 6
    assert scatter([({"rare": 1}, 10), ({"rare": 0}, 10)]) == 1.0
