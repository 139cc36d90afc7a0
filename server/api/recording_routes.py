"""The addresses of recordings. Roles come from the table that enforces them."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from msgspec.structs import replace

from records.routes import recordings as room
from server.api.records_routes import office
from server.api.routes import Answer, Given, Route

_NOBODY: Final = cast(room.RecordingsHouse, None)  # the table alone is looked at, nobody asks
_ROLES: Final = {f"{route.method} {route.path}": route.roles for route in room.recording_routes(_NOBODY)}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_HERS: Final = "An agent hears her own calls, a supervisor those of her team."
_GONE: Final = "There is no such recording (any more)."
_BROKEN: Final = "Its file was changed or cut off, or it or its key is gone (`unreadable`)."
_SOUND: Final = "audio/ogg"


def _route(method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer, **more: Any) -> Route:
    return office(method, path, name, summary, answer, _ROLES[f"{method} {path}"], forbidden=_HERS, **more)


def _with(route: Route, status: int, answer: Answer) -> Route:
    return replace(route, answers=dict(sorted({**route.answers, status: answer}.items())))


RECORDINGS: Final = (
    _route(
        "GET",
        "recordings",
        "Recordings",
        "The newest that she may hear, or those of a call.",
        Answer("A part of the list.", room.RecordingList),
        query=(
            Given("call", "Only that call's, the oldest first.", {"type": "string"}),
            Given("before", "Page on: only those that began before.", _MOMENT),
        ),
    ),
    _route(
        "GET",
        "recordings/{recording_id}",
        "Recording",
        "What a player shows: words with their times, silenced parts, evidence.",
        Answer("All but the sound.", room.RecordingShown),
        missing=_GONE,
    ),
    _route(
        "GET",
        "recordings/{recording_id}/peaks",
        "RecordingPeaks",
        "The waveform: a byte each of left, right, left ..., `peaks_per_second` times two a second.",
        Answer("0..255, square root of the loudest sample.", content="application/octet-stream"),
        missing=_GONE,
        refused=_BROKEN,
    ),
    _route(
        "POST",
        "recordings/{recording_id}/hear",
        "RecordingHear",
        "She hears it: noted in the audit log before this is answered.",
        Answer("Where the sound is, for her and for an hour.", room.Hearing),
        missing=_GONE,
    ),
    _with(
        _route(
            "GET",
            "recordings/{recording_id}/audio",
            "RecordingAudio",
            "The sound, Opus in Ogg or FLAC; ranges (RFC 9110 section 14) are answered with 206.",
            Answer("All of it.", content=_SOUND),
            query=(Given("hearing", "From the address that `hear` gave.", {"type": "string"}),),
            missing=_GONE,
            refused=_BROKEN,
        ),
        206,
        Answer("The range that was asked for.", content=_SOUND),
    ),
    _route(
        "POST",
        "recordings/{recording_id}/download",
        "RecordingDownload",
        "The sound as a file, for supervisors; noted with the reason before a byte is sent.",
        Answer("The file.", content=_SOUND),
        sends=room.Reason,
        missing=_GONE,
        refused=_BROKEN,
    ),
)
