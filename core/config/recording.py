"""Recordings of calls."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from core.config.section import Section


class RecordingConfig(Section, frozen=True, kw_only=True):
    """Recordings of calls, encrypted at rest."""

    start: Literal["off", "always", "consent", "agent"] = "off"
    """When a call is recorded: 'always' = from the first word with the agent on; 'consent' = when the caller has
    pressed 1 for it; 'agent' = when the agent or a supervisor starts it; 'off' = never."""
    notice: bool = True
    """Tell the caller, before anything else, that the call is recorded ('always'). The law wants it told; switch it off
    only where the exchange tells it already."""
    never_queues: Annotated[tuple[str, ...], Meta(examples=[["counselling"]])] = ()
    """Queues of the menu whose calls are never recorded."""
    never_numbers: Annotated[tuple[str, ...], Meta(examples=[["1393"]])] = ()
    """Called numbers whose calls are never recorded."""
    observed: bool = False
    """Record also calls that we only listen to (SIPREC, forks), with 'always': the exchange must have told so."""
    pause: bool = True
    """Agents may pause and resume the recording of their calls."""
    asides: bool = False
    """Record also what agent and third party say while the caller is on hold: she has not heard it, nor been told."""
    own: bool = True
    """Agents may hear the recordings of their own calls; supervisors hear all of their team."""
    codec: Literal["opus", "flac"] = "opus"
    """'opus' = about 15 MB and 30 s of CPU an hour of talk; 'flac' = the line's sound bit by bit, two to four times as
    much room, and 1 s."""
    finishers: Annotated[int, Meta(ge=1, le=16)] = 1
    """Calls whose files are made at a time, after the call. One is enough for about 100 calls at a time with 'opus'."""
    folder: Annotated[str, Meta(examples=["/srv/minwon/recordings"])] = ""
    """Where recordings lie, relative to this file; '' = `recordings` in the home folder. Better a disk of its own."""
    floor_mb: Annotated[int, Meta(ge=50)] = 2000
    """With less room than this on that disk no recording is begun, and those that run are stopped, with an alarm."""
    quota_gb: Annotated[float, Meta(ge=0)] = 0.0
    """All recordings together take no more than this; 0 = no limit but `floor_mb`."""
