"""Calls by phones that are not ours: SIPp and baresip place calls that are transcribed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from core.audio import SILENCE
from core.g711 import encode
from telephony.softphone import Answering, Softphone
from tests.builds import BUILDS
from tests.flows.conftest import SpokenFile
from tests.flows.node_process import NodeProcess

pytestmark = [pytest.mark.sip, pytest.mark.slow]

SENTENCE = "대형 폐기물 스티커는 어디에서 사나요"
SIPP_CALL = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a caller who speaks">
  <send retrans="500"><![CDATA[
    INVITE sip:120@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:01000000002@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:120@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:01000000002@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=caller 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [rtpstream_audio_port] RTP/AVP 8
    a=rtpmap:8 PCMA/8000
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rtd="true"/>
  <send><![CDATA[
    ACK sip:120@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:01000000002@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:120@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0
  ]]></send>
  <nop><action><exec rtp_stream="@SPEECH@,1,8,PCMA/8000"/></action></nop>
  <pause milliseconds="9000"/>
  <send retrans="500"><![CDATA[
    BYE sip:120@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:01000000002@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:120@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 2 BYE
    Max-Forwards: 70
    Content-Length: 0
  ]]></send>
  <recv response="200"/>
</scenario>
"""


@pytest.fixture(params=BUILDS, autouse=True)
def build(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The node's SIP workers are of this build."""
    monkeypatch.setenv("MINWON_SIP_BUILD", request.param)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def program(*words: str, cwd: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another program, ended with the context."""
    with (cwd / f"{words[0]}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=cwd, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 5)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_call_by_sipp_is_transcribed(
    tmp_path: Path, site: Callable[[str], Path], spoken_file: SpokenFile
) -> None:
    with wave.open(str(spoken_file(SENTENCE))) as speech:
        pcm = SILENCE * 100 + speech.readframes(speech.getnframes()) + SILENCE * 50
    (tmp_path / "speech.al").write_bytes(encode("alaw", np.frombuffer(pcm, "<i2")))
    scenario = tmp_path / "call.xml"
    scenario.write_text(SIPP_CALL.replace("@SPEECH@", str(tmp_path / "speech.al")), "utf-8")
    async with Softphone(user="2107", answering=Answering()) as agent, NodeProcess(site(agent.uri), tmp_path) as node:
        sipp = ("sipp", node.sip[0], "-sf", str(scenario), "-m", "1", "-nostdin", "-i", "127.0.0.1", "-timeout", "30s")
        async with program(*sipp, "-p", str(free_port()), cwd=tmp_path) as process:
            final = await node.line("TranscriptFinal")
            assert final["speaker"] == "caller"
            assert "폐기물" in final["text"]
            assert (await node.line("CallEnded"))["reason"] == "caller_hung_up"
            assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_call_by_baresip_is_transcribed(
    tmp_path: Path, site: Callable[[str], Path], spoken_file: SpokenFile
) -> None:
    speech = tmp_path / "baresip.wav"
    with wave.open(str(spoken_file(SENTENCE))) as source, wave.open(str(speech), "wb") as file:
        file.setparams(source.getparams())
        file.writeframes(SILENCE * 150 + source.readframes(source.getnframes()) + SILENCE * 400)
    folder = tmp_path / "baresip"
    folder.mkdir()
    (folder / "accounts").write_text("<sip:01000000003@127.0.0.1>;regint=0;audio_codecs=PCMU/8000/1\n")
    (folder / "config").write_text(
        f"""
sip_listen 127.0.0.1:{free_port()}
audio_source aufile,{speech}
audio_player aufile,{tmp_path / "heard.wav"}
audio_srate 8000
audio_channels 1
rtp_ports 20000-29999
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module stdio.so
module_app account.so
module_app menu.so
"""
    )
    async with Softphone(user="2107", answering=Answering()) as agent, NodeProcess(site(agent.uri), tmp_path) as node:
        baresip = ("baresip", "-f", str(folder), "-e", f"/dial sip:120@{node.sip[0]}", "-t", "30")
        async with program(*baresip, cwd=tmp_path):
            final = await node.line("TranscriptFinal")
            assert final["speaker"] == "caller"
            assert "폐기물" in final["text"]
            assert (await node.line("CallStarted"))["caller"]["number"] == "01000000003"
        assert (await node.line("CallEnded"))["reason"] == "caller_hung_up"
