"""A city's plan: the documented example, and how it answers to its inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from server.sizing.plan import DAY, Demand, day_shares, levels, plan
from server.sizing.plot import draw
from server.sizing.profile import FOLDER, measured, shipped
from server.sizing.show import table

TUNED = shipped("tuned")
CITY = Demand()


def test_a_city_of_twenty_thousand_calls() -> None:
    """The example of docs/operations.md."""
    of = plan(CITY, TUNED)
    assert (of.agents, of.staff, of.lines) == (144, 206, 162)
    assert of.meets.level > 0.8 and of.meets.occupancy <= 0.88
    assert of.sites.cores == 11 and of.sites.workers == 2
    assert of.hours[9].agents == of.agents == max(hour.agents for hour in of.hours)


def test_the_wheel_needs_a_worker_for_two_calls() -> None:
    of = plan(CITY, shipped("wheel"))
    assert of.sites.workers == 81 and of.sites.memory_mb > plan(CITY, TUNED).sites.memory_mb


@pytest.mark.parametrize(
    ("change", "what", "way"),
    [
        ({"calls_a_day": 40_000}, "agents", 1),
        ({"talk_s": 300}, "lines", 1),
        ({"self_service": 0.3}, "agents", -1),
        ({"shrinkage": 0.4}, "staff", 1),
        ({"blocking": 0.05}, "lines", -1),
        ({"occupancy": 0.99}, "agents", -1),
        ({"menu_s": 120}, "lines", 1),
    ],
)
def test_each_input_counts(change: dict[str, float], what: str, way: int) -> None:
    before, after = plan(CITY, TUNED), plan(msgspec.structs.replace(CITY, **change), TUNED)
    assert (getattr(after, what) - getattr(before, what)) * way > 0


@given(st.floats(1 / 24, 0.99))
def test_the_hours_make_a_day(busy: float) -> None:
    shares = day_shares(busy)
    assert sum(shares) == pytest.approx(1.0, abs=0.01)
    assert max(shares) == shares[DAY.index(max(DAY))] == pytest.approx(busy)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"busy_share": 12}, "--busy-share"),
        ({"busy_share": 0.01}, "1/24"),
        ({"level": 80}, "--level"),
        ({"shrinkage": 1.0}, "--shrinkage"),
        ({"talk_s": 0}, "--talk"),
        ({"calls_a_day": -5}, "--calls"),
        ({"wrap_up_s": -1}, "--wrap-up"),
        ({"occupancy": 0}, "occupancy"),
        ({"keep_days": -1}, "--keep-days"),
    ],
)
def test_nonsense_names_its_option(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        plan(msgspec.structs.replace(CITY, **change), TUNED)


def test_a_tiny_city() -> None:
    of = plan(msgspec.structs.replace(CITY, calls_a_day=3), TUNED)
    assert of.agents >= 1 and of.lines >= 1 and of.sites.workers == 2 and of.sites.cores == 2


def test_table_and_plot_hold_the_answer() -> None:
    of = plan(CITY, TUNED)
    assert table(of).row_count == 13
    picture = draw(of)
    ElementTree.fromstring(picture)
    assert "144 agents" in picture and TUNED.origin in picture
    around = levels(of)
    assert any(agents == 144 for agents, _ in around)
    assert [level for _, level in around] == sorted(level for _, level in around)


def test_json() -> None:
    assert b'"agents":144' in msgspec.json.encode(plan(CITY, TUNED))


def test_profiles_ship_with_their_origin() -> None:
    for name in ("tuned", "wheel"):
        assert "measured" in shipped(name).origin
    with pytest.raises(BadInput, match="tuned, wheel"):
        shipped("nothing")


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    own = (FOLDER / "tuned.toml").read_text("utf-8").replace("speech_calls_a_core = 19.0", "speech_calls_a_core = 5.0")
    file.write_text(own, "utf-8")
    assert shipped(str(file)).speech_calls_a_core == 5.0
    file.write_text("name = 1")
    with pytest.raises(BadInput, match=r"ours\.toml"):
        shipped(str(file))


def test_figures_of_this_machine(tmp_path: Path) -> None:
    def result(bench: str, **figures: float) -> None:
        rows = [{"name": name, "value": value} for name, value in figures.items()]
        machine = {"cpu": "Test", "cores": 4}
        (tmp_path / f"{bench}.json").write_bytes(msgspec.json.encode({"machine": machine, "figures": rows}))

    with pytest.raises(BadInput, match="minwon bench"):
        measured(TUNED, tmp_path)
    result("capacity", **{"calls at once inside the bounds": 80})
    result("calls", **{"wheel 2.15: CPU a call": 1.7, "tuned 2.17: CPU a call": 0.5})
    (tmp_path / "memory.json").write_text("broken")
    own = measured(TUNED, tmp_path)
    assert (own.speech_calls_a_core, own.sip_core_a_call) == (20.0, 0.005)
    assert "Test, 4 cores" in own.origin and own.node_mb == TUNED.node_mb
    result("streams", **{"calls with this model, both legs": 40, "largest decode worker there": 900})
    slower = measured(TUNED, tmp_path)
    assert (slower.speech_calls_a_core, slower.decode_worker_mb) == (10.0, 900), "a heavier model was measured there"
