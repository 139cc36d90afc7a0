"""A recording client behind our front: it calls like any peer, and its sessions are heard, not answered.

The other ways to listen are in ``tests/sip/test_siprec.py``, ``tests/flows/test_recording_session.py`` and
``tests/flows/test_forked_calls.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import Config, FrontConfig, PeerConfig, SipConfig
from core.events import Party
from server.exchange.front import front_of, write
from server.exchange.kamailio import Kamailio
from telephony.contract import Identified
from telephony.sip import SipBridge
from tests.patience import until
from tests.sip.recording_client import AGENT_HZ, BADA, CALLER, CALLER_HZ, HANEUL, Recorder, RecordingClient
from tests.sip.sipp import HOST, free_port

pytestmark = [pytest.mark.sip, pytest.mark.slow]
SBC, TRUNK = "127.0.0.6", "127.0.0.7"
PEERS = (PeerConfig(name="sbc", networks=(f"{SBC}/32",), recorder=True),)


async def test_a_recording_session_through_the_front(tmp_path: Path) -> None:
    port = free_port()
    sip = SipConfig(port=0, rtp_port=0, workers=2, trunks=(f"{TRUNK}/32",), fronts=(HOST,))
    async with SipBridge(sip, run_dir=tmp_path / "run", peers=PEERS) as bridge:
        config = Config(sip=sip, peers=PEERS, front=FrontConfig(host=HOST, port=port))
        front = front_of(config, tmp_path / "front", workers=bridge.addresses)
        write(front)
        async with (
            Kamailio(front.folder / "kamailio.cfg", (HOST, port)),
            Recorder(bridge).at_work() as recorder,
            RecordingClient(f"{HOST}:{port}", host=SBC) as sbc,
            RecordingClient(f"{HOST}:{port}", host=TRUNK) as another,
        ):
            assert await another.record(CALLER, HANEUL) == 403, "not everybody may bring recordings"
            assert await sbc.record(CALLER, HANEUL) == 200
            session = await recorder.joined()
            assert (session.call.way, session.call.agent.name) == ("recording", "김하늘")
            await until(lambda: (session.tones("caller"), session.tones("agent")) == ({CALLER_HZ}, {AGENT_HZ}))
            assert await sbc.update(CALLER, BADA) == 200
            bada = Identified(speaker="agent", party=Party(number="2108", name="이바다"))
            await until(lambda: bada in session.signals)
            assert await sbc.ask("BYE") == 200
            assert (await recorder.over()).ended.by_peer
