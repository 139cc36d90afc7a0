"""What a machine can do: figures that ship with their origin, or those that `minwon bench` left on this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from core.errors import BadInput

FOLDER: Final = Path(__file__).parent / "profiles"
Figure = Annotated[float, Meta(gt=0)]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one core of a machine, or of one process."""

    name: str
    origin: str
    """Who measured it, on what."""
    sip_core_a_call: Figure
    """Of a core, a bridged call with both legs tapped."""
    calls_a_worker: Annotated[int, Meta(ge=1)]
    worker_mb: Figure
    leg_mb: Figure
    rtp_ports_a_call: Annotated[int, Meta(ge=2)] = 4
    speech_calls_a_core: Figure
    """Calls of two legs whose words come in time: gate, decoding, suggestions, desks."""
    decode_worker_mb: Figure
    node_mb: Figure
    node_mb_a_call: Figure
    words_kb_a_minute: Figure
    """In the database, a minute of talk."""
    call_kb: Figure
    """In the database, a call without its words."""


def shipped(name: str) -> Profile:
    """A profile of ours, or a file of that form. ``BadInput`` names those that there are."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Profile)
    except OSError:
        names = ", ".join(sorted(each.stem for each in FOLDER.glob("*.toml")))
        raise BadInput(f"there is no profile '{name}'; there are: {names}, or a file NAME.toml") from None
    except msgspec.MsgspecError as fault:
        raise BadInput(f"{path}: {fault}") from None


def measured(base: Profile, results: Path) -> Profile:
    """``base`` with what the benches of this machine found. ``BadInput`` if there is nothing of use in the folder."""
    found: dict[str, Any] = {}
    machine = ""
    for bench, fields in _FIGURES.items():
        figures, where, cores = _figures(results / f"{bench}.json")
        machine = machine or where
        for name, field in fields.items():
            fitting = [key for key in figures if key.endswith(name)]
            # The benches measure both builds of pjsua2: the figure of the profile's own comes first.
            fitting.sort(key=lambda key: not key.startswith(base.name))
            value = figures[fitting[0]] if fitting else 0.0
            if field == "speech_calls_a_core":
                value = value / cores if cores else 0.0
            if value:
                value *= _SCALE.get(field, 1.0)
                found[field] = _LESS_FLATTERING.get(field, max)(value, found.get(field, value))
    if not found:
        raise BadInput(
            f"no figures of use in {results}: run `minwon bench capacity`, `streams`, `calls` and `memory` first"
        )
    told = ", ".join(sorted(found))
    return msgspec.structs.replace(
        base, **found, origin=f"{told}: measured on this machine ({machine}); the rest: {base.origin}"
    )


_FIGURES: Final[Mapping[str, Mapping[str, str]]] = {
    "capacity": {"calls at once inside the bounds": "speech_calls_a_core"},
    "streams": {
        "calls with this model, both legs": "speech_calls_a_core",
        "largest decode worker there": "decode_worker_mb",
    },
    "calls": {"CPU a call": "sip_core_a_call"},
    "memory": {"node without a call": "node_mb", "largest decode worker": "decode_worker_mb"},
}
"""Which figure of which bench is which field. Calls are of all cores of the machine that the bench ran on."""
_LESS_FLATTERING: Final[Mapping[str, Callable[[float, float], float]]] = {"speech_calls_a_core": min}
"""Where two benches tell the same. ``streams`` may have measured a heavier model, but only its decoding."""
_SCALE: Final[Mapping[str, float]] = {"sip_core_a_call": 0.01}
"""The benches say percent of a core."""


class _Result(msgspec.Struct, frozen=True):
    machine: dict[str, Any] = {}
    figures: list[dict[str, Any]] = []


def _read(path: Path) -> _Result:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Result)
    except (OSError, msgspec.MsgspecError):
        return _Result()


def _figures(path: Path) -> tuple[dict[str, float], str, float]:
    """What a bench found, on which machine, and on how many cores."""
    result = _read(path)
    values = {str(figure.get("name", "")): figure.get("value") for figure in result.figures}
    cores = result.machine.get("cores", 0)
    where = f"{result.machine.get('cpu', '')}, {cores or '?'} cores" if result.figures else ""
    return (
        {name: float(value) for name, value in values.items() if isinstance(value, int | float)},
        where,
        float(cores) if isinstance(cores, int | float) else 0.0,
    )
