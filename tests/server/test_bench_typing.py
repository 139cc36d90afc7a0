"""The search box's bench measures what it says, on a small database."""

from __future__ import annotations

from agent_assist.keyboard import latin
from server.bench.suggest import many
from server.bench.typing import _Slips, measured
from server.knowledge import sample_entries


def test_a_small_database_is_typed_into() -> None:
    entries = many(tuple(sample_entries())[:40], 40)
    figures = {figure.name: figure.value for figure in measured(entries, 0.05, 10)}
    assert figures["40: found, as it is written"] == 100
    assert figures["40: found, keyboard left off"] == 100
    assert figures["40: keystrokes"] > 200


def test_a_slip_is_one_key_and_the_same_in_every_run() -> None:
    title = "여권 재발급 신청"
    first = [_Slips().slipped(title) for _ in range(3)]
    assert len(set(first)) == 1
    slips = _Slips()
    for _ in range(50):
        assert abs(len(latin(slips.slipped(title))) - len(latin(title))) <= 1
