"""Who hears whom: the table of the module, and what must be true of every scene."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import SupervisionMode
from telephony.mixing import Hearing, Party, Scene, hearings

PARTIES: tuple[Party, ...] = get_args(Party)
SOUNDS = {"prompt", "music", "ringing", "reminder"}


def scene(there: str, **facts: object) -> Scene:
    """By first letters: 'cats' = all four."""
    return Scene(there=frozenset(party for party in PARTIES if party[0] in there), **facts)  # type: ignore[arg-type]


def told(pairs: str) -> set[Hearing]:
    """'agent>caller music>third' as pairs."""
    return {tuple(pair.split(">")) for pair in pairs.split()}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (scene("c"), ""),
        (scene("c", on_hold=True), ""),
        (scene("c", prompted=frozenset({"caller"})), "prompt>caller"),
        (scene("c", place_open=True), "ringing>caller"),
        (scene("ca"), "caller>agent agent>caller"),
        (scene("ca", prompted=frozenset({"agent"})), "caller>agent agent>caller prompt>agent"),
        (scene("ca", on_hold=True), "music>caller reminder>agent"),
        (scene("ca", on_hold=True, third_rings=True), "music>caller ringing>agent"),
        (scene("ca", on_hold=True, prompted=frozenset({"caller"})), "prompt>caller reminder>agent"),
        (scene("cat", on_hold=True), "music>caller agent>third third>agent"),
        (scene("cat"), "caller>agent caller>third agent>caller agent>third third>caller third>agent"),
        (scene("ca", holding=frozenset({"agent"})), "music>caller"),
        (scene("ca", holding=frozenset({"caller"})), "music>agent"),
        (scene("cat", holding=frozenset({"agent"})), "caller>third third>caller"),
        (scene("cat", on_hold=True, holding=frozenset({"agent"})), "music>caller music>third"),
        (scene("cas"), "caller>agent agent>caller caller>supervisor agent>supervisor"),
        (
            scene("cas", supervision="whisper"),
            "caller>agent agent>caller caller>supervisor agent>supervisor supervisor>agent",
        ),
        (
            scene("cas", supervision="barge"),
            "caller>agent agent>caller caller>supervisor agent>supervisor supervisor>agent supervisor>caller",
        ),
        (
            scene("cats", on_hold=True, supervision="barge"),
            "music>caller agent>third third>agent caller>supervisor agent>supervisor third>supervisor "
            "supervisor>agent supervisor>third",
        ),
        (scene("cs", place_open=True), "ringing>caller caller>supervisor"),
        (scene("cas", on_hold=True, supervision="whisper"),
         "music>caller supervisor>agent caller>supervisor agent>supervisor"),
        (scene("cas", holding=frozenset({"caller", "agent"})), "music>supervisor"),
    ],
)  # fmt: skip
def test_the_table(given: Scene, expected: str) -> None:
    assert hearings(given) == told(expected)


SCENES = st.builds(
    Scene,
    there=st.frozensets(st.sampled_from(PARTIES)),
    on_hold=st.booleans(),
    holding=st.frozensets(st.sampled_from(PARTIES)),
    third_rings=st.booleans(),
    place_open=st.booleans(),
    supervision=st.sampled_from(get_args(SupervisionMode)),
    prompted=st.frozensets(st.sampled_from(PARTIES)),
)


@given(SCENES)
def test_nobody_hears_herself_and_only_who_is_there_hears(some: Scene) -> None:
    for source, hearer in hearings(some):
        assert source != hearer
        assert hearer in some.there - some.holding
        assert source in SOUNDS or source in some.there - some.holding


@given(SCENES)
def test_a_supervisor_is_heard_by_whom_she_means_alone(some: Scene) -> None:
    heard_by = {hearer for source, hearer in hearings(some) if source == "supervisor"}
    allowed = {"listen": set(), "whisper": {"agent"}, "barge": {"caller", "agent", "third"}}[some.supervision]
    assert heard_by <= allowed


@given(SCENES)
def test_a_caller_on_hold_hears_no_voice_and_is_heard_by_the_supervisor_alone(some: Scene) -> None:
    if some.on_hold and some.there & {"agent", "third"}:
        for source, hearer in hearings(some):
            assert hearer != "caller" or source in SOUNDS
            assert source != "caller" or hearer == "supervisor"


@given(SCENES)
def test_nobody_is_alone_with_silence(some: Scene) -> None:
    hearing = {hearer for _, hearer in hearings(some)}
    for party in some.there - some.holding:
        left_to_the_node = party == "caller" and not some.there & {"agent", "third"}
        assert party in hearing or left_to_the_node


@given(SCENES)
def test_of_prompt_music_and_tones_a_party_hears_one(some: Scene) -> None:
    for party in some.there:
        assert len([source for source, hearer in hearings(some) if hearer == party and source in SOUNDS]) <= 1
