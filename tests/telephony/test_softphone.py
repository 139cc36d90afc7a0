"""Two softphones on loopback: real SIP, real G.711 over RTP."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import time
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import EnvironmentFault, Refused
from telephony.softphone import Answering, CallOver, PhoneCall, Registrar, Softphone

pytestmark = pytest.mark.sip

Samples = npt.NDArray[np.float64]


def chirp(path: Path, low: float, high: float, seconds: float = 1.5, rate: int = 8000) -> Path:
    """A gliding tone: its shape tells where in a recording it lies."""
    t = np.arange(int(rate * seconds)) / rate
    tone = np.sin(2 * np.pi * (low * t + (high - low) * t**2 / (2 * seconds)))
    with wave.open(str(path), "wb") as clip:
        clip.setparams((1, 2, rate, 0, "NONE", ""))
        clip.writeframes((tone * 9000).astype("<i2").tobytes())
    return path


def samples(path: Path) -> Samples:
    with wave.open(str(path), "rb") as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), dtype="<i2").astype(np.float64)


def likeness(recorded: Samples, sent: Samples) -> float:
    """How well pieces of 0.2 s of the sent sound are found in the recording: median of their best correlations.

    In pieces, because a jitter buffer on a busy machine repeats or drops a frame now and then.
    """
    size = 1600
    energies = np.convolve(recorded**2, np.ones(size), mode="valid")
    found = []
    for piece in sent[: len(sent) // size * size].reshape(-1, size):
        products = np.correlate(recorded, piece, mode="valid")
        found.append(np.max(products / np.sqrt(np.maximum(energies, 1.0) * np.sum(piece**2))))
    return float(np.median(found))


@pytest.fixture
async def phones() -> AsyncIterator[tuple[Softphone, Softphone]]:
    async with Softphone(user="2101", answering=Answering(after_ms=100)) as agent, Softphone() as caller:
        yield agent, caller


def gone(pid: int, within_s: float) -> bool:
    """Whether a process that is not our child ends in time (a zombie has ended)."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


REGISTRAR = """#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
listen=udp:127.0.0.1:{port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "auth.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
request_route {{
    if (is_method("OPTIONS")) {{ sl_send_reply("200", "OK"); exit; }}
    if (!pv_www_authenticate("hanbit", "{password}", "0")) {{ www_challenge("hanbit", "1"); exit; }}
    save("location");
}}
"""


class Answered(asyncio.DatagramProtocol):
    """Notices that anything came back."""

    def __init__(self) -> None:
        self.yes = asyncio.Event()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.yes.set()


@pytest.fixture
async def kamailio(tmp_path: Path) -> AsyncIterator[Registrar]:
    """A registrar that asks for a password."""
    program = shutil.which("kamailio") or "/usr/sbin/kamailio"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "kamailio.cfg").write_text(REGISTRAR.format(port=port, password="four words"))
    process = await asyncio.create_subprocess_exec(
        program, "-DD", "-E", "-w", str(tmp_path), "-Y", str(tmp_path), "-f", str(tmp_path / "kamailio.cfg")
    )
    transport, answered = await asyncio.get_running_loop().create_datagram_endpoint(
        Answered, remote_addr=("127.0.0.1", port)
    )
    options = (
        "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKx\r\nFrom: <sip:t@t>;tag=1"
        "\r\nTo: <sip:x@x>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n"
    )
    async with asyncio.timeout(15):
        while not answered.yes.is_set():
            transport.sendto(options.encode())
            await asyncio.sleep(0.1)
    yield Registrar(uri=f"sip:127.0.0.1:{port}", user="2101", password="four words")
    transport.close()
    process.terminate()
    await process.wait()


async def joined(agent: Softphone, caller: Softphone, uri: str = "") -> tuple[PhoneCall, PhoneCall]:
    calling = await caller.dial(uri or agent.uri)
    called = await agent.next_call()
    await asyncio.gather(calling.answered(), called.answered())
    return calling, called


async def test_both_hear_what_the_other_says(phones: tuple[Softphone, Softphone], tmp_path: Path) -> None:
    up, down = chirp(tmp_path / "up.wav", 300, 1000), chirp(tmp_path / "down.wav", 2300, 1300)
    calling, called = await joined(*phones)
    await calling.record(tmp_path / "calling.wav")
    await called.record(tmp_path / "called.wav")
    assert all(await asyncio.gather(calling.say(up), called.say(down)))
    assert calling.heard and called.heard
    await called.until(lambda call: not call.hearing)
    ended = await calling.hang_up()
    assert (ended.status, ended.by_peer) == (200, False)
    assert (await called.over()).by_peer
    assert likeness(samples(tmp_path / "called.wav"), samples(up)) > 0.9
    assert likeness(samples(tmp_path / "calling.wav"), samples(down)) > 0.9
    assert likeness(samples(tmp_path / "called.wav"), samples(down)) < 0.4


async def test_over_tcp(phones: tuple[Softphone, Softphone]) -> None:
    agent, caller = phones
    calling, called = await joined(agent, caller, agent.uri + ";transport=tcp")
    assert called.incoming is not None and "SIP/2.0/TCP" in called.incoming.message
    await called.hang_up()
    assert (await calling.over()).by_peer


async def test_keys_by_rfc4733_and_info(phones: tuple[Softphone, Softphone]) -> None:
    calling, called = await joined(*phones)
    await calling.press("12*#")
    await called.until(lambda call: call.keys == "12*#")
    assert called.key_methods == {"rfc4733"}
    await called.press("9", "info")
    await calling.until(lambda call: call.keys == "9")
    assert calling.key_methods == {"info"}


async def test_who_is_on_hold_is_not_heard_but_hears_the_holders_music(
    phones: tuple[Softphone, Softphone], tmp_path: Path
) -> None:
    voice = chirp(tmp_path / "voice.wav", 400, 900, seconds=0.5)
    holding, held = await joined(*phones)
    await holding.hold()
    await held.until(lambda call: call.media == "held_by_peer")
    await held.say(voice)
    await holding.say(voice)
    await held.until(lambda call: call.heard)
    assert not holding.heard
    await holding.hold(False)
    await held.until(lambda call: call.media == "active")
    await held.say(voice)
    await holding.until(lambda call: call.heard)


async def test_barge_in_breaks_off_and_clips_queue(phones: tuple[Softphone, Softphone], tmp_path: Path) -> None:
    long, short = chirp(tmp_path / "long.wav", 300, 900, seconds=20), chirp(tmp_path / "short.wav", 300, 900, 0.2)
    calling, _ = await joined(*phones)
    first, second = await calling.play(long), await calling.play(short)
    await calling.until(lambda call: call.playing is not None and call.playing.clip == first)
    third, fourth = await calling.play(short, interrupt=True), await calling.play(short)
    assert [await calling.played(clip, 3) for clip in (first, second, third, fourth)] == [False, False, True, True]
    await calling.play(long)
    await calling.until(lambda call: call.playing is not None)
    await calling.silence()
    await calling.until(lambda call: call.playing is None)


async def test_noise_lies_under_the_speech(phones: tuple[Softphone, Softphone], tmp_path: Path) -> None:
    hum, voice = chirp(tmp_path / "hum.wav", 200, 200, seconds=0.5), chirp(tmp_path / "voice.wav", 900, 2000)
    calling, called = await joined(*phones)
    await called.record(tmp_path / "heard.wav")
    await calling.noise(hum)
    await called.until(lambda call: call.hearing)
    assert await calling.say(voice)
    assert called.hearing
    await calling.noise(None)
    await called.until(lambda call: not call.hearing)
    await called.record(None)
    heard = samples(tmp_path / "heard.wav")
    assert likeness(heard, samples(voice)) == pytest.approx(0.7, abs=0.1)  # as loud as the noise
    assert likeness(heard, samples(hum)) > 0.6


async def test_who_calls_is_told_in_headers(phones: tuple[Softphone, Softphone]) -> None:
    agent, caller = phones
    await caller.dial(
        agent.uri,
        from_uri='"홍길동" <sip:01000001234@127.0.0.1>',
        headers={"P-Asserted-Identity": "<sip:07000120001@127.0.0.1>", "Privacy": "id"},
    )
    called = await agent.next_call()
    assert called.incoming is not None
    assert called.incoming.from_uri == '"홍길동" <sip:01000001234@127.0.0.1>'
    assert "P-Asserted-Identity: <sip:07000120001@127.0.0.1>\r\n" in called.incoming.message
    assert "Privacy: id\r\n" in called.incoming.message


async def test_busy_ringing_and_cancel(phones: tuple[Softphone, Softphone]) -> None:
    agent, caller = phones
    await agent.answering(Answering(mode="refuse"))
    busy = await caller.dial(agent.uri)
    assert (await busy.over()).status == 486
    with pytest.raises(CallOver, match="486"):
        await busy.answered()
    await agent.answering(Answering(mode="ring"))
    await agent.next_call()
    ringing = await caller.dial(agent.uri)
    await ringing.until(lambda call: call.ringing)
    called = await agent.next_call()
    assert (await ringing.hang_up()).status == 487
    assert (await called.over()).by_peer
    again = await caller.dial(agent.uri)
    by_hand = await agent.next_call()
    await by_hand.answer()
    await again.answered()


async def test_slots_are_reused_without_harm(phones: tuple[Softphone, Softphone]) -> None:
    """Objects of dead calls are deleted two seconds later; the living call in the same slot must not notice."""
    agent, caller = phones
    for _ in range(6):
        calling, _ = await joined(agent, caller)
        await calling.hang_up()
    calling, called = await joined(agent, caller)
    await asyncio.sleep(2.5)
    assert calling.up and called.up


async def test_more_calls_than_lines_are_busy(phones: tuple[Softphone, Softphone]) -> None:
    _, caller = phones
    async with Softphone(lines=1, answering=Answering()) as one_line:
        first = await caller.dial(one_line.uri)
        await first.answered()
        second = await caller.dial(one_line.uri)
        assert (await second.over()).status == 486
        assert first.up


async def test_what_cannot_be_done_is_told(phones: tuple[Softphone, Softphone], tmp_path: Path) -> None:
    calling, _ = await joined(*phones)
    with pytest.raises(Refused, match="8 kHz"):
        await calling.play(chirp(tmp_path / "wide.wav", 300, 900, rate=16000))
    with pytest.raises(Refused, match=r"missing\.wav"):
        await calling.play(tmp_path / "missing.wav")
    with pytest.raises(Refused, match="nowhere"):
        await calling.record(tmp_path / "nowhere" / "at-all.wav")
    await calling.hang_up()
    with pytest.raises(Refused, match="no call 'out-1'"):
        await calling.press("1")


async def test_a_taken_port_is_told() -> None:
    async with Softphone() as phone:
        with pytest.raises(EnvironmentFault, match=str(phone.port)):
            async with Softphone(port=phone.port):
                pass


async def test_a_dead_phone_is_told(phones: tuple[Softphone, Softphone]) -> None:
    agent, caller = phones
    calling, _ = await joined(agent, caller)
    os.kill(caller.pid, 9)
    with pytest.raises(EnvironmentFault, match="died"):
        await calling.over()


async def test_registers_with_digest(kamailio: Registrar) -> None:
    async with Softphone(user=kamailio.user, registrar=kamailio) as phone:
        await phone.until(lambda: phone.registered > 0, 5)
        assert phone.registered == 200
    wrong = Registrar(uri=kamailio.uri, user=kamailio.user, password="guessed")
    async with Softphone(user=wrong.user, registrar=wrong) as phone:
        await phone.until(lambda: phone.registered > 0, 5)
        assert phone.registered == 401


async def test_it_goes_when_its_commander_is_killed() -> None:
    """SIGKILL leaves no time for manners: the end of stdin must be enough."""
    script = (
        "import asyncio, sys\n"
        "from telephony.softphone import Softphone\n"
        "async def main():\n"
        "    async with Softphone() as phone:\n"
        "        print(phone.pid, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    commander = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    assert commander.stdout is not None
    phone = int(await commander.stdout.readline())
    commander.kill()
    await commander.wait()
    assert await asyncio.to_thread(gone, phone, 5.0)
