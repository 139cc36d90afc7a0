"""What is wrong with the node, as alerts."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from server.house_troubles import troubles_of
from stt.decode_pool import PoolState
from telephony.contract import WorkerState

WORKER = WorkerState(
    name="sip0", address="", alive=True, calls=0, capacity=1, restarts=0, bad_messages=0, refused=0, frames_dropped=0
)
POOL = PoolState(
    model="m",
    engine="vosk",
    workers=(),
    wanted=1,
    crashes=0,
    recycled=0,
    replays=0,
    given_up=0,
    lag_s=0.0,
)


def found(**given: Any) -> dict[str, str]:
    well: dict[str, Any] = {"workers": [WORKER], "pools": {}, "lag_s": 3.0, "saving": True, "recording": True}
    return {key: row.detail for key, row in troubles_of(**{**well, "texting": True, **given}).items()}


def test_all_is_well() -> None:
    assert found() == {}


def test_each_trouble_by_its_name() -> None:
    assert found(workers=[WORKER, replace(WORKER, name="sip1", alive=False)]) == {"sip_lost sip1": "sip1"}
    assert found(pools={"ko": POOL}) == {"engine_down ko": "ko"}
    assert found(pools={"ko": replace(POOL, workers=("w",), lag_s=4.0)}) == {"engine_lag ko": "ko"}  # type: ignore[arg-type]
    assert found(pools={"ko": replace(POOL, workers=("w",), lag_s=2.0)}) == {}  # type: ignore[arg-type]
    assert set(found(saving=False, recording=False, texting=False)) == {"not_saved ", "not_recorded ", "texts_down "}
