"""Orders about prompts, with a call that has ears but no legs. (Real ones: tests/sip/test_prompts.py.)"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from core.events import Speaker
from telephony import wire
from telephony.prompts_folder import Clip
from telephony.sip_worker_call import WorkerCall
from telephony.sip_worker_loop import Loop
from telephony.sip_worker_prompter import Prompter
from telephony.sip_worker_prompts import PromptShelf, Take

MENU, FEES = b"\1\0" * 160, b"\2\0" * 160


class Ear:
    """What ``telephony.sip_worker_call.Side`` is to the prompter."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker: Speaker = speaker
        self.prompt = 0
        self.hears: Clip = b""
        self.ends: Callable[[], None] = lambda: None


class DeskCall:
    """What ``WorkerCall`` is to it."""

    call_id = "c"

    def __init__(self) -> None:
        self.ears: dict[Speaker, Ear] = {"caller": Ear("caller")}

    def side(self, speaker: Speaker) -> Ear | None:
        return self.ears.get(speaker)

    def await_prompt(self, side: Ear, number: int) -> None:
        side.prompt, side.hears = number, b""

    def say(self, side: Ear, clip: Clip, loop: bool, done: Callable[[], None]) -> None:
        side.hears, side.ends = clip, done

    def hush(self, side: Ear) -> None:
        side.prompt, side.hears = 0, b""


class LateShelf(PromptShelf):
    """Reads when the test says so; names are there at once."""

    def __init__(self) -> None:
        super().__init__({"menu": MENU, "empty": b""}, Path("/nowhere"), lambda job: None)
        self.reading: list[Take] = []

    def fetch(self, prompt: str, take: Take) -> None:
        if prompt.startswith("/"):
            self.reading.append(take)
        else:
            super().fetch(prompt, take)


class Desk:
    def __init__(self) -> None:
        self.call, self.shelf = DeskCall(), LateShelf()
        self.told: list[wire.Message] = []
        self.notes: list[tuple[str, dict[str, str | int | float]]] = []
        self.jobs: list[Callable[[], None]] = []
        loop = cast(Loop, self)
        self._prompter = Prompter(
            self.shelf,
            loop,
            lambda call, work: work(),
            self.told.append,
            lambda level, event, **f: self.noted(event, f),
        )

    def post(self, job: Callable[[], None]) -> None:
        self.jobs.append(job)

    def noted(self, event: str, fields: dict[str, str | int | float]) -> None:
        self.notes.append((event, fields))

    def play(self, prompt: str, number: int, to: Speaker = "caller") -> None:
        order = wire.Play(call="c", prompt=prompt, loop=False, to=to, number=number)
        self._prompter.play(cast(WorkerCall, self.call), order)

    def stop(self, to: Speaker = "caller") -> None:
        self._prompter.stop(cast(WorkerCall, self.call), to)

    @property
    def ear(self) -> Ear:
        return self.call.ears["caller"]


def test_said_and_its_end_told() -> None:
    desk = Desk()
    desk.play("menu", 1)
    assert desk.ear.hears == MENU and desk.told == []
    desk.ear.ends()  # on the clock thread
    assert desk.told == [] and len(desk.jobs) == 1
    desk.jobs[0]()
    assert desk.told == [wire.PromptOver(call="c", to="caller", number=1)] and desk.ear.prompt == 0


@pytest.mark.parametrize("what", ["replaced", "stopped"])
def test_an_end_that_comes_too_late_is_nobodys(what: str) -> None:
    desk = Desk()
    desk.play("menu", 1)
    desk.ear.ends()
    if what == "replaced":
        desk.play("menu", 2)
    else:
        desk.stop()
    desk.jobs[0]()
    assert desk.told == [] and desk.ear.hears == (MENU if what == "replaced" else b"")


def test_the_one_before_stops_while_a_file_is_read_and_a_newer_order_wins() -> None:
    desk = Desk()
    desk.play("menu", 1)
    desk.play("/fees.wav", 2)
    assert desk.ear.hears == b""
    desk.play("/other.wav", 3)
    first, second = desk.shelf.reading
    second(FEES, "")
    first(MENU, "")
    assert desk.ear.hears == FEES and desk.told == []


@pytest.mark.parametrize(("clip", "why"), [(b"", "cannot be read"), (b"", "")])
def test_what_cannot_be_said_is_over_at_once(clip: bytes, why: str) -> None:
    desk = Desk()
    desk.play("/folder/fees.wav", 1)
    desk.shelf.reading[0](clip, why)
    assert desk.told == [wire.PromptOver(call="c", to="caller", number=1)]
    expected = [("prompt.missing", {"prompt": "fees.wav", "why": why, "call_id": "c"})] if why else []
    assert desk.notes == expected


def test_nothing_for_an_agent_who_has_gone() -> None:
    desk = Desk()
    desk.play("menu", 1, to="agent")
    desk.stop("agent")
    assert desk.told == [] and desk.ear.hears == b""
