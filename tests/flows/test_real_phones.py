"""Calls by phones that are not ours: SIPp and baresip place calls that are transcribed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from core.audio import SILENCE
from core.g711 import encode
from telephony.softphone import Answering, Softphone
from tests.builds import BUILDS
from tests.flows.conftest import SpokenFile, small_site
from tests.flows.node_process import NodeProcess
from tests.sip.sipp import free_port

pytestmark = [pytest.mark.sip, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

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
  <pause milliseconds="7000"/>
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


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=BUILDS)
async def node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, password_hash: str
) -> AsyncIterator[NodeProcess]:
    """With SIP workers of this build, and an agent who answers: one for both phones."""
    home = tmp_path_factory.mktemp("node")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINWON_SIP_BUILD", request.param)
        async with (
            Softphone(user="2107", answering=Answering()) as agent,
            NodeProcess(small_site(home, agent.uri, password_hash), home) as one,
        ):
            yield one


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


async def test_a_call_by_sipp_is_transcribed(node: NodeProcess, tmp_path: Path, spoken_file: SpokenFile) -> None:
    with wave.open(str(spoken_file(SENTENCE))) as speech:
        pcm = SILENCE * 100 + speech.readframes(speech.getnframes()) + SILENCE * 50
    (tmp_path / "speech.al").write_bytes(encode("alaw", np.frombuffer(pcm, "<i2")))
    scenario = tmp_path / "call.xml"
    scenario.write_text(SIPP_CALL.replace("@SPEECH@", str(tmp_path / "speech.al")), "utf-8")
    sipp = ("sipp", node.sip[0], "-sf", str(scenario), "-m", "1", "-nostdin", "-i", "127.0.0.1", "-timeout", "30s")
    async with program(*sipp, "-p", str(free_port()), cwd=tmp_path) as process:
        call_id = await transcribed(node, "01000000002")
        assert await asyncio.wait_for(process.wait(), 20) == 0
    await hung_up(node, call_id)


async def test_a_call_by_baresip_is_transcribed(node: NodeProcess, tmp_path: Path, spoken_file: SpokenFile) -> None:
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
    baresip = ("baresip", "-f", str(folder), "-e", f"/dial sip:120@{node.sip[0]}", "-t", "30")
    async with program(*baresip, cwd=tmp_path):
        call_id = await transcribed(node, "01000000003")
    await hung_up(node, call_id)


async def transcribed(node: NodeProcess, number: str) -> str:
    """That caller's call."""
    started = await node.line("CallStarted", lambda line: line["caller"]["number"] == number)

    final = await node.line("TranscriptFinal", lambda line: line["call_id"] == started["call_id"])
    assert final["speaker"] == "caller"
    assert "폐기물" in final["text"]
    return str(started["call_id"])


async def hung_up(node: NodeProcess, call_id: str) -> None:
    """The caller ended it."""
    assert (await node.line("CallEnded", lambda line: line["call_id"] == call_id))["reason"] == "caller_hung_up"
