from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.gaps.clusters import EXAMPLES, GAPS_LIMIT, Cluster, clusters
from agent_assist.korean import Analyser, analyser
from core.store.knowledge import Gap
from tests.fakes.misheard import misheard

WORDINGS = Path(__file__).parents[2] / "fixtures" / "gap_wordings.tsv"
AT = datetime(2026, 11, 26, 9, tzinfo=UTC)


def gap(number: int, text: str, call: str = "") -> Gap:
    return Gap(gap_id=str(number), call_id=call or f"call-{number}", text=text, at=AT + timedelta(minutes=number))


def wordings() -> list[tuple[str, str]]:
    """Topic (each single one its own) and what was said."""
    lines = [line.split("\t") for line in WORDINGS.read_text("utf-8").splitlines()]
    return [(topic if topic != "single" else f"single-{at}", said) for at, (topic, said) in enumerate(lines)]


def bcubed(found: Sequence[Cluster], truth: dict[str, str]) -> tuple[float, float]:
    """Precision and recall of the company that each gap is in (Bagga and Baldwin, 1998)."""
    company = {gap_id: set(cluster.gap_ids) for cluster in found for gap_id in cluster.gap_ids}
    right: dict[str, set[str]] = defaultdict(set)
    for gap_id, topic in truth.items():
        right[topic].add(gap_id)
    shared = {gap_id: len(company[gap_id] & right[topic]) for gap_id, topic in truth.items()}
    precision = sum(shared[each] / len(company[each]) for each in truth) / len(truth)
    recall = sum(shared[each] / len(right[topic]) for each, topic in truth.items()) / len(truth)
    return precision, recall


@pytest.mark.parametrize(("slips", "level"), [(False, 0.9), (True, 0.7)])
def test_gaps_about_the_same_come_together(slips: bool, level: float, language: Analyser) -> None:
    said = wordings()
    gaps = [gap(at, misheard(text, at) if slips else text) for at, (_, text) in enumerate(said)]
    precision, recall = bcubed(clusters(gaps, language), {str(at): topic for at, (topic, _) in enumerate(said)})
    print(f"\nslips of recognition {slips}: B-cubed precision {precision:.2f}, recall {recall:.2f}")
    assert precision >= level
    assert recall >= level


def test_a_cluster_tells_what_it_is_about(language: Analyser) -> None:
    gaps = [
        gap(1, "공원에서 드론 날려도 되나요"),
        gap(2, "드론을 띄우려면 허가를 받아야 하나요", "same"),
        gap(3, "드론 촬영하려고 하는데 신고해야 되나요", "same"),
        gap(4, "스마트폰 교육이 무료인가요"),
    ]
    first, second = clusters(gaps, language)
    assert first.words[0] == "드론"
    assert (first.size, first.calls) == (3, 2)
    assert first.gap_ids == ("3", "2", "1")
    assert set(first.examples) == {each.text for each in gaps[:3]}
    assert (first.first, first.last) == (gaps[0].at, gaps[2].at)
    assert second.size == 1
    assert clusters(gaps, language, least=2) == (first,)


def test_the_same_words_twice_are_one_example(language: Analyser) -> None:
    (only,) = clusters([gap(at, "드론 날려도 되나요") for at in range(20)], language)
    assert only.size == 20
    assert only.examples == ("드론 날려도 되나요",)


def test_examples_are_few(language: Analyser) -> None:
    texts = [f"드론 {word} 되나요" for word in ("날려도", "띄워도", "찍어도", "빌려도", "팔아도", "사도", "고쳐도")]
    found = clusters([gap(at, text) for at, text in enumerate(texts)], language)
    assert max(len(each.examples) for each in found) == EXAMPLES


def test_the_order_of_the_gaps_makes_no_difference(language: Analyser) -> None:
    gaps = [gap(at, text) for at, (_, text) in enumerate(wordings())]
    shuffled = random.Random(3).sample(gaps, len(gaps))
    assert clusters(gaps, language) == clusters(shuffled, language)


def test_none_of_none(language: Analyser) -> None:
    assert clusters([], language) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_gap_is_in_one_cluster_whatever_was_said(texts: list[str]) -> None:
    found = clusters([gap(at, text) for at, text in enumerate(texts)], analyser())
    assert sorted(gap_id for each in found for gap_id in each.gap_ids) == sorted(map(str, range(len(texts))))


def test_two_thousand_take_seconds_and_older_ones_are_left_out(language: Analyser) -> None:
    said = wordings()
    gaps = [gap(at, misheard(said[at % len(said)][1], at)) for at in range(GAPS_LIMIT + 50)]
    began = time.perf_counter()
    found = clusters(gaps, language)
    assert time.perf_counter() - began < 3
    assert sum(each.size for each in found) == GAPS_LIMIT
    assert min(each.first for each in found) == gaps[50].at
