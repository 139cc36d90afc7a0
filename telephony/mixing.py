"""Who hears whom in a call of up to four parties: one pure rule, asked again whenever anything changes.

| the call        | caller hears        | agent hears          | third hears    | supervisor hears |
|-----------------|---------------------|----------------------|----------------|------------------|
| caller alone    | what is said to her | -                    | -              | caller           |
| ... place open  | ringing             | -                    | -              | caller           |
| pair            | agent               | caller               | -              | both             |
| pair, on hold   | music               | a tone now and then  | -              | both             |
| ... third rings | music               | ringing              | -              | both             |
| consultation    | music               | third                | agent          | all              |
| conference      | agent, third        | caller, third        | caller, agent  | all              |

A supervisor who whispers is heard by the agent too, one who barges in by all who are not on hold. A party whose own
phone holds us (RFC 3264) neither speaks nor hears; where nobody is left to be heard, there is music. A prompt is heard
by the party that it is for, beside the voices. Nobody hears herself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

import msgspec

from core.events import SupervisionMode

Party = Literal["caller", "agent", "third", "supervisor"]
Sound = Literal["prompt", "music", "ringing", "reminder"]
Hearing = tuple[Party | Sound, Party]
"""(what is heard, who hears it)."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides who hears whom."""

    there: frozenset[Party]
    """Whose voice can pass both ways: answered, with media, not being let go."""
    on_hold: bool = False
    """The desk has put the caller on hold; means nothing while she is alone with us."""
    holding: frozenset[Party] = frozenset()
    """Whose phone holds us."""
    third_rings: bool = False
    place_open: bool = False
    """The agent went, and the phone of a third who shall have her place still rings."""
    supervision: SupervisionMode = "listen"
    prompted: frozenset[Party] = frozenset()
    """To whom something is said just now."""


def hearings(scene: Scene) -> frozenset[Hearing]:
    """Who hears whom and what."""
    voices = frozenset(_voices(scene))
    return voices | frozenset(_sounds(scene, {hearer for _, hearer in voices}))


def _voices(scene: Scene) -> Iterator[Hearing]:
    listening = scene.there - scene.holding
    talking = listening - {"supervisor"}
    apart = {"caller"} if _is_held(scene) else set()
    together = talking - apart
    for speaker in together:
        for hearer in together - {speaker}:
            yield speaker, hearer
    if "supervisor" not in listening:
        return
    for speaker in talking:
        yield speaker, "supervisor"
    match scene.supervision:
        case "whisper":
            heard_by = together & {"agent"}
        case "barge":
            heard_by = together
        case _:
            heard_by = frozenset()
    for hearer in heard_by:
        yield "supervisor", hearer


def _sounds(scene: Scene, not_alone: Collection[Party]) -> Iterator[Hearing]:
    for party in scene.there - scene.holding:
        if party in scene.prompted:
            yield "prompt", party
        elif party not in not_alone:
            yield from ((sound, party) for sound in _instead_of_voices(scene, party))


def _instead_of_voices(scene: Scene, party: Party) -> Iterator[Sound]:
    """What a party hears whom nobody speaks to."""
    if party == "caller" and scene.place_open:
        yield "ringing"
    elif party == "caller" and not scene.there & {"agent", "third"}:
        return  # alone with us: what she hears is the node's to say
    elif party == "agent" and not scene.holding - {"supervisor"}:
        yield "ringing" if scene.third_rings else "reminder"
    else:
        yield "music"


def _is_held(scene: Scene) -> bool:
    return scene.on_hold and bool(scene.there & {"agent", "third"})
