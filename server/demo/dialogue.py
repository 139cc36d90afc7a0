"""What the scripted people say: ``dialogues.toml``, read once into frozen structs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from core.errors import BadInput
from core.events import Speaker
from server.demo.noise import Kind
from server.demo.voice import Voice

SHIPPED: Final = Path(__file__).with_name("dialogues.toml")

Pitch = Annotated[int, Meta(ge=0, le=99)]
Speed = Annotated[int, Meta(ge=80, le=450)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Turn(_Table, frozen=True, kw_only=True):
    """One utterance."""

    speaker: Speaker
    text: Annotated[str, Meta(min_length=1)]
    pause: Annotated[float, Meta(ge=0, le=30)] = 0.6
    """Seconds of silence after the turn before, or after the call was joined."""
    barge_in: bool = False
    """Begins ``pause`` seconds before the other's end instead, over the last words."""


class Step(_Table, frozen=True, kw_only=True):
    """Something that the caller does with the menu, by finger or by key; one of the four."""

    tap: str = ""
    """A button of the page: a digit, 0 # *, '@captions' ..."""
    key: str = ""
    """A key of the telephone."""
    form: dict[str, str] = {}
    """The form on the page, filled in and sent."""
    write: str = ""
    """Words to the agent, on the captions screen."""
    pause: Annotated[float, Meta(ge=0, le=30)] = 1.2
    """Seconds of looking and thinking before it."""

    def __post_init__(self) -> None:
        """One thing at a time."""
        if sum(map(bool, (self.tap, self.key, self.form, self.write))) != 1:
            raise ValueError("a step is one of tap, key, form and write")


class Act(_Table, frozen=True, kw_only=True):
    """What happens on the caller's page while the two talk."""

    after: Annotated[int, Meta(ge=1)]
    """After so many turns."""
    push: Literal["", "card", "contact", "screen", "place", "text"] = ""
    """The agent puts this into the caller's hand, or sends it as a text message ..."""
    id: str = ""
    """... an entry of the consultation database, a screen or a place of the menu."""
    step: Step | None = None
    """Or the caller does something."""


class Dialogue(_Table, frozen=True, kw_only=True):
    """One call."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
    title: str
    """What it is about."""
    caller: Annotated[str, Meta(pattern=r"^(010-0\d{3}-\d{4})?$")] = ""
    """The caller's number as the exchange tells it; it can't exist. '' for anonymous callers."""
    anonymous: bool = False
    """The caller withholds the number."""
    voice: str = ""
    """espeak-ng variant of the caller's voice."""
    pitch: Pitch = 50
    speed: Speed = 160
    noise: Kind = "none"
    """What is heard behind the caller."""
    snr_db: Annotated[float, Meta(ge=5, le=60)] = 24.0
    """How far the noise lies below the voice."""
    phone: bool = False
    """The caller opens the link of the text message."""
    menu: tuple[Step, ...] = (Step(key="0"),)
    """What the caller does until an agent is called; the last step calls her."""
    acts: tuple[Act, ...] = ()
    """What happens on the page during the talk."""
    expects: tuple[int, ...] = ()
    """Numbers (번호) of consultation entries that should be suggested."""
    turns: Annotated[tuple[Turn, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Somebody calls: from a number, or hiding it."""
        if bool(self.caller) is self.anonymous:
            raise ValueError(f"dialogue '{self.id}' must have either a caller's number or anonymous = true")
        steps = (*self.menu, *(act.step for act in self.acts if act.step))
        if not self.phone and any(not step.key for step in steps):
            raise ValueError(f"dialogue '{self.id}' taps without phone = true")

    @property
    def caller_voice(self) -> Voice:
        """How the caller sounds."""
        return Voice(variant=self.voice, pitch=self.pitch, speed=self.speed)


class AgentVoice(_Table, frozen=True, kw_only=True):
    """How the agents sound; no caller has their voice."""

    voice: str
    pitch: Pitch = 50
    speed: Speed = 160


class Script(_Table, frozen=True, kw_only=True):
    """The whole file."""

    agent: AgentVoice
    dialogues: Annotated[tuple[Dialogue, ...], Meta(min_length=1)]

    @property
    def agent_voice(self) -> Voice:
        """How the agents sound."""
        return Voice(variant=self.agent.voice, pitch=self.agent.pitch, speed=self.agent.speed)

    def find(self, name: str) -> Dialogue:
        """A dialogue by its id. Raises ``BadInput`` with those that there are."""
        for dialogue in self.dialogues:
            if dialogue.id == name:
                return dialogue
        raise BadInput(f"there is no dialogue '{name}'; there are: {', '.join(d.id for d in self.dialogues)}")


def load(path: Path = SHIPPED) -> Script:
    """Read and check a script. Raises ``BadInput`` that names the place."""
    try:
        script = msgspec.toml.decode(path.read_bytes(), type=Script)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise BadInput(f"{path.name}: {error}") from error
    ids = [dialogue.id for dialogue in script.dialogues]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise BadInput(f"{path.name}: more than one dialogue is called {', '.join(sorted(twice))}")
    return script
