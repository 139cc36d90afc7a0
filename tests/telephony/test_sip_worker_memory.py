"""Reaches below pjsua2: they must give the same as its own slow ways."""

from __future__ import annotations

import subprocess
import sys

import pjsua2 as pj

from core.audio import FRAME_BYTES
from telephony.sip_worker_memory import fill_frame, frame_bytes

PCM = bytes(range(256)) + bytes(range(64))
LAYOUT = """
import pjsua2 as pj
from telephony.sip_worker_memory import call_slot, disarm, quieten
quieten()
endpoint = pj.Endpoint()
endpoint.libCreate()
config = pj.EpConfig()
config.logConfig.level = config.logConfig.consoleLevel = 0
endpoint.libInit(config)
endpoint.audDevManager().setNullDev()
transport = pj.TransportConfig()
transport.boundAddress = "127.0.0.1"
endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
endpoint.libStart()
account_config = pj.AccountConfig()
account_config.idUri = "sip:a@127.0.0.1"
account = pj.Account()
account.create(account_config)
call = pj.Call(account)
assert call_slot(call).value == call.getId() == -1
call.makeCall("sip:b@127.0.0.1:9", pj.CallOpParam(True))
assert call_slot(call).value == call.getId() >= 0 and call.isActive()
slot = call.getId()
disarm(call)
assert call.getId() == -1 and not call.isActive()
print("slot", slot, flush=True)
import os
os._exit(0)
"""


def test_a_frame_is_filled_and_read() -> None:
    frame = pj.MediaFrame()
    assert frame_bytes(frame) == b""
    assert len(PCM) == FRAME_BYTES
    fill_frame(frame, PCM)
    assert (frame.size, frame.type) == (FRAME_BYTES, pj.PJMEDIA_FRAME_TYPE_AUDIO)
    assert bytes(frame.buf) == PCM
    assert frame_bytes(frame) == PCM


def test_a_call_is_disarmed_where_pjsua2_keeps_its_slot() -> None:
    """In a process of its own: pjsua2 can be opened once."""
    done = subprocess.run([sys.executable, "-c", LAYOUT], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "slot 0\n", "and it is quiet from the first line"
