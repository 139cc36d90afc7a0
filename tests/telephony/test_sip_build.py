"""Which build of pjsua2 a SIP process gets, and how much it carries."""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Config, SipConfig
from core.config.check import check
from core.errors import ConfigError, EnvironmentFault
from telephony import sip_build
from telephony.sip_build import Build, Wanted, calls_a_worker, chosen, environment, rtp_ports, tuned_in

WHEEL = Build(kind="wheel", version="2.15.1.post1", legs=4, rtp_ports=100, aborts=True)
TUNED = Build(kind="tuned", version="2.17", legs=512, rtp_ports=1200, aborts=False, folder="/opt/tuned")


@pytest.mark.parametrize(
    ("here", "wanted", "gets"),
    [
        ((TUNED, WHEEL), "best", TUNED),
        ((WHEEL,), "best", WHEEL),
        ((TUNED,), "best", TUNED),
        ((TUNED, WHEEL), "wheel", WHEEL),
        ((TUNED, WHEEL), "tuned", TUNED),
    ],
)
def test_the_best_that_is_here_or_the_one_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, here: tuple[Build, ...], wanted: Wanted, gets: Build
) -> None:
    monkeypatch.setattr(sip_build, "installed", lambda: here)
    assert chosen(wanted) == gets


@pytest.mark.parametrize(
    ("here", "wanted", "advice"),
    [
        ((WHEEL,), "tuned", "`make pjsua2`"),
        ((TUNED,), "wheel", "pip install pjsua2-python"),
        ((), "best", "`make pjsua2`"),
    ],
)
def test_one_that_is_not_here_is_told_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch, here: tuple[Build, ...], wanted: Wanted, advice: str
) -> None:
    monkeypatch.setattr(sip_build, "installed", lambda: here)
    with pytest.raises(EnvironmentFault, match=advice):
        chosen(wanted)


def test_a_tuned_build_is_one_only_for_the_python_that_it_was_made_for(tmp_path: Path) -> None:
    assert tuned_in(tmp_path) is None
    about = tmp_path / "pjsua2-2.17.dist-info" / "METADATA"
    about.parent.mkdir()
    about.write_text("Metadata-Version: 2.1\nName: pjsua2\nVersion: 2.17\n", "utf-8")
    (tmp_path / "_pjsua2.cpython-39-x86_64-linux-gnu.so").touch()
    assert tuned_in(tmp_path) is None
    (tmp_path / f"_pjsua2{EXTENSION_SUFFIXES[0]}").touch()
    found = tuned_in(tmp_path)
    assert found is not None and (found.name, found.folder, found.aborts) == ("tuned 2.17", str(tmp_path), False)


def test_a_process_sees_the_build_that_is_meant_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(sip_build.TUNED_FOLDER), "/mine"]))
    assert environment(WHEEL)["PYTHONPATH"] == "/mine"
    assert environment(TUNED)["PYTHONPATH"] == os.pathsep.join(["/opt/tuned", "/mine"])
    assert environment(TUNED)["PATH"] == os.environ["PATH"]
    assert str(sip_build.TUNED_FOLDER).startswith(sys.prefix)


def test_a_port_range_is_a_capacity() -> None:
    assert calls_a_worker(TUNED, 1200) == 256
    assert calls_a_worker(TUNED, 400) == 100
    assert calls_a_worker(TUNED, 8) == calls_a_worker(WHEEL, 8) == calls_a_worker(WHEEL, 100) == 2


@given(
    wanted=st.sampled_from([0, 8, 100, 400, 1200]),
    first=st.integers(0, 32767).map(lambda half: 2 * half),
    workers=st.integers(1, 64),
    build=st.sampled_from([WHEEL, TUNED]),
)
def test_what_the_configuration_lets_pass_leaves_ports_for_every_worker(
    wanted: int, first: int, workers: int, build: Build
) -> None:
    try:
        check(Config(sip=SipConfig(rtp_port=first, rtp_ports=wanted, workers=workers, port=0)))
    except ConfigError:  # told before anything is opened
        return
    ports = rtp_ports(wanted, first, workers, build)
    assert ports % 2 == 0
    assert ports >= min(100, wanted or 100)
    assert first + workers * ports <= 65536 or not first
