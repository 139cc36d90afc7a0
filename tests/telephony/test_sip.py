"""The bridge's own part: one worker's settings out of the configuration, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import RegisterConfig, SipConfig
from core.errors import EnvironmentFault
from telephony.sip import SipBridge, worker_settings
from tests.telephony.test_sip_build import TUNED, WHEEL


def test_each_worker_has_its_own_ports_and_user(tmp_path: Path) -> None:
    register = RegisterConfig(registrar="sip:pbx", user="120", users=("2001", "2002"), password="p")
    config = SipConfig(port=5070, rtp_port=16000, workers=3, register=register)
    made = [worker_settings(config, number, tmp_path, build=WHEEL) for number in range(3)]
    assert [one.port for one in made] == [5070, 5071, 5072]
    assert [one.rtp_port for one in made] == [16000, 16100, 16200]
    assert [one.register.user for one in made if one.register] == ["2001", "2002", "120"]
    assert [one.register.auth_user for one in made if one.register] == ["2001", "2002", "120"]
    assert len({one.socket for one in made}) == 3


def test_port_0_is_any_for_all(tmp_path: Path) -> None:
    config = SipConfig(port=0, rtp_port=0)
    made = [worker_settings(config, number, tmp_path, build=WHEEL) for number in range(2)]
    assert {one.port for one in made} == {one.rtp_port for one in made} == {0}


def test_a_tuned_worker_has_ports_for_its_legs_and_is_known_by_its_build(tmp_path: Path) -> None:
    made = [worker_settings(SipConfig(), number, tmp_path, build=TUNED) for number in range(3)]
    assert [one.rtp_port for one in made] == [16000, 17200, 18400]
    assert {one.rtp_ports for one in made} == {1200}
    assert {one.build for one in made} == {"tuned 2.17"}


async def test_a_folder_too_deep_for_sockets_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="too long for Unix sockets"):
        await SipBridge(SipConfig(), run_dir=tmp_path / ("deep" * 25)).__aenter__()
