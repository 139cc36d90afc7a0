"""What the scripted people say: ``dialogues.toml``, read once into frozen structs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

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
    """Begins before the other has finished, who then falls silent."""


class Dialogue(_Table, frozen=True, kw_only=True):
    """One call."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
    caller: str
    """The caller's number as the exchange tells it; it can't exist (010-0xxx-xxxx)."""
    name: str = ""
    """Display name, '' = none is sent."""
    anonymous: bool = False
    """The caller withholds the number."""
    voice: str = ""
    """espeak-ng variant of the caller's voice."""
    pitch: Pitch = 50
    speed: Speed = 160
    noise: Kind = "none"
    """What is heard behind the caller."""
    expects: tuple[str, ...] = ()
    """Ids of consultation entries of which the call should bring up at least one."""
    turns: Annotated[tuple[Turn, ...], Meta(min_length=1)]

    @property
    def caller_voice(self) -> Voice:
        """How the caller sounds."""
        return Voice(variant=self.voice, pitch=self.pitch, speed=self.speed)


class AgentVoice(_Table, frozen=True, kw_only=True):
    """How the agents sound; the second agent takes the second."""

    voice: str
    pitch: Pitch = 50
    speed: Speed = 160


class Script(_Table, frozen=True, kw_only=True):
    """The whole file."""

    agent: AgentVoice
    dialogue: Annotated[tuple[Dialogue, ...], Meta(min_length=1)]

    def find(self, name: str) -> Dialogue:
        """A dialogue by its id. Raises ``BadInput`` with those that there are."""
        for dialogue in self.dialogue:
            if dialogue.id == name:
                return dialogue
        raise BadInput(f"there is no dialogue '{name}'; there are: {', '.join(d.id for d in self.dialogue)}")


def load(path: Path = SHIPPED) -> Script:
    """Read and check a script. Raises ``BadInput`` that names the place."""
    try:
        script = msgspec.toml.decode(path.read_bytes(), type=Script)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise BadInput(f"{path.name}: {error}") from error
    ids = [dialogue.id for dialogue in script.dialogue]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise BadInput(f"{path.name}: more than one dialogue is called {', '.join(sorted(twice))}")
    return script
