"""The script: the shipped one is whole, a broken one is refused in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import pytest

from ars.effects import ToQueue
from ars.inputs import Key, Tap
from ars.menu import step
from ars.menu_files.menu_file import find, menu_of
from ars.menu_files.menu_file import load as load_menu
from ars.state import begin
from core.errors import BadInput
from server.demo.dialogue import Dialogue, load
from server.knowledge import sample_entries

HANBIT: Final = menu_of(load_menu(find("hanbit")), "hanbit.toml")
OPEN: Final = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))

ONE = """
[agent]
voice = "f3"
[[dialogues]]
id = "one"
title = "하나"
caller = "010-0123-0000"
turns = [{ speaker = "caller", text = "네." }]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "dialogues.toml"
    path.write_text(text)
    return path


def test_the_shipped_script() -> None:
    script = load()
    assert len(script.dialogues) >= 10
    assert any(dialogue.anonymous for dialogue in script.dialogues)
    assert any(turn.barge_in for dialogue in script.dialogues for turn in dialogue.turns)
    assert {dialogue.noise for dialogue in script.dialogues} == {"none", "office", "street", "babble"}
    for dialogue in script.dialogues:
        assert {turn.speaker for turn in dialogue.turns} == {"caller", "agent"}, dialogue.id
        assert dialogue.caller_voice.variant != script.agent_voice.variant, f"{dialogue.id} sounds like the agent"
    first = script.dialogues[0]
    assert first.turns[0].pause < 1, "the first words of the demo come at once"


def test_what_the_shipped_script_expects_exists() -> None:
    known = {entry.id for entry in sample_entries()}
    expected = {str(number) for dialogue in load().dialogues for number in dialogue.expects}
    assert expected and expected <= known


@pytest.mark.parametrize("dialogue", load().dialogues, ids=lambda dialogue: dialogue.id)
def test_the_way_through_the_shipped_menu_leads_to_an_agent(dialogue: Dialogue) -> None:
    state, effects = begin("v", HANBIT, OPEN, has_number=True), ()
    moment = OPEN
    for step_ in dialogue.menu:
        moment += dt.timedelta(seconds=2)
        event = Key(step_.key) if step_.key else Tap(state.number, step_.tap)
        before = state
        state, effects = step(state, event, moment)
        assert state.number > before.number, f"{step_} does nothing on {before.here.id}"
    assert any(isinstance(effect, ToQueue) for effect in effects)
    entries = {entry.id for entry in sample_entries()}
    there = {
        "card": entries,
        "contact": entries,
        "text": entries,
        "screen": set(HANBIT.pushable),
        "place": set(HANBIT.places),
    }
    assert all(act.id in there[act.push] for act in dialogue.acts if act.push)


def test_defaults_and_find(tmp_path: Path) -> None:
    script = load(write(tmp_path, ONE))
    dialogue = script.find("one")
    assert (dialogue.noise, dialogue.turns[0].pause, dialogue.turns[0].barge_in) == ("none", 0.6, False)
    with pytest.raises(BadInput, match="no dialogue 'two'; there are: one"):
        script.find("two")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('speaker = "caller"', 'speaker = "robot"', "speaker"),
        ('title = "하나"', 'titel = "하나"', "titel"),
        ("010-0123-0000", "010-5123-0000", "caller"),
        ('caller = "010-0123-0000"', "anonymous = false", "anonymous"),
        ("[agent]", "[agent", "dialogues.toml"),
        ('voice = "f3"', 'voice = "f3"\npitch = 120', "pitch"),
        ("turns = [{", "turns = []\nx = [{", "turns"),
        ("turns = [{", 'menu = [{ tap = "1" }]\nturns = [{', "taps without phone"),
        ("turns = [{", 'menu = [{ key = "1", tap = "2" }]\nturns = [{', "one of tap"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        load(write(tmp_path, ONE.replace(old, new)))


def test_the_same_id_twice(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="more than one dialogue is called one"):
        load(write(tmp_path, ONE + ONE[ONE.index("[[dialogues]]") :]))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.toml"):
        load(tmp_path / "gone.toml")
