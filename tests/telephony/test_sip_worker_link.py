"""Both ends of the wire, over a real Unix socket."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import BadInput, EnvironmentFault
from telephony import sip_channel, wire
from telephony.sip_channel import Channel
from telephony.sip_worker_link import LIMIT, Link
from telephony.sip_worker_media import KEPT, VoiceBox, VoiceTrack

SETTINGS = wire.Settings(
    name="sip0", socket="", prompts="", host="127.0.0.1", public_address="", port=0, transports=("udp",),
    codecs=("PCMA",), rtp_port=0, rtp_ports=100, hotline=(), peers=(), register=None, no_audio_s=5.0,
    no_audio_end_s=60.0, session_expires_s=0, retry_after_s=10, caller_id="sip:1@h",
)  # fmt: skip


def hello(protocol: int = wire.PROTOCOL) -> wire.Hello:
    return wire.Hello(
        protocol=protocol, address="127.0.0.1:5060", capacity=2, build="test", settings=SETTINGS, draining=False
    )


class WorkerEnd:
    """What a worker does with its link, and notes of what it was told."""

    def __init__(self, path: Path, protocol: int = wire.PROTOCOL) -> None:
        self.box = VoiceBox(threading.Event())
        self.said: list[wire.FromNode] = []
        self.gone = threading.Event()
        self.link = Link(
            path,
            self.box,
            came=lambda: self.link.greet(hello(protocol)),
            said=self.said.append,
            gone=self.gone.set,
        )
        self.link.start()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "w.sock"


@pytest.fixture
def worker(path: Path) -> WorkerEnd:
    return WorkerEnd(path)


async def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not what():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.01)


async def test_greeting_orders_news_and_voices(worker: WorkerEnd, path: Path) -> None:
    channel = await Channel.open(path)
    assert channel.hello == hello() and channel.pid > 0
    channel.send(wire.Answer(call="c"))
    await until(lambda: worker.said == [wire.Answer(call="c")])
    track = VoiceTrack("c", 0, time.monotonic())
    worker.box.add(track)
    worker.link.send(wire.Answered(call="c"))
    track.put(b"\1" * 320)
    worker.box.wake.set()
    messages = channel.messages()
    assert await anext(messages) == wire.Answered(call="c")
    audio = await anext(messages)
    assert isinstance(audio, wire.Audio) and audio.frames[0][3] == b"\1" * 320
    await channel.close()
    await until(worker.gone.is_set)
    assert not worker.box.listening


async def test_the_next_node_is_served_and_gets_no_old_news(worker: WorkerEnd, path: Path) -> None:
    first = await Channel.open(path)
    await first.close()
    await until(worker.gone.is_set)
    worker.link.send(wire.Answered(call="lost"))
    second = await Channel.open(path)
    worker.link.send(wire.Answered(call="new"))
    assert await anext(second.messages()) == wire.Answered(call="new")
    await second.close()


async def test_one_node_at_a_time(worker: WorkerEnd, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sip_channel, "GREETING_S", 0.3)
    first = await Channel.open(path)
    with pytest.raises(EnvironmentFault, match="another minwon node"):
        await Channel.open(path)
    await first.close()


async def test_another_version_is_told(path: Path) -> None:
    WorkerEnd(path, protocol=99)
    with pytest.raises(BadInput, match="of another version"):
        await Channel.open(path)


async def test_nobody_there(path: Path) -> None:
    with pytest.raises(OSError):
        await Channel.open(path)


async def test_a_node_that_does_not_read_blocks_nobody(worker: WorkerEnd, path: Path) -> None:
    _reader, writer = await asyncio.open_unix_connection(str(path))
    await until(lambda: worker.box.listening)
    track = VoiceTrack("c", 0, time.monotonic())
    worker.box.add(track)
    began = time.monotonic()
    for _ in range(20 * KEPT):
        track.put(b"\1" * 320)
        worker.box.wake.set()
        worker.link.send(wire.Beat(statistics=wire.Statistics()))
        if worker.gone.is_set():
            break
    assert time.monotonic() - began < 5
    assert worker.box.dropped > 0
    for _ in range(LIMIT + 1):
        worker.link.send(wire.Beat(statistics=wire.Statistics()))
    await until(worker.gone.is_set)
    writer.close()


@pytest.mark.parametrize("noise", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02\xc1\xc1"])
async def test_a_node_that_talks_nonsense_is_hung_up_on(worker: WorkerEnd, path: Path, noise: bytes) -> None:
    _reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(noise)
    await until(worker.gone.is_set)
    writer.close()


def test_only_we_may_connect(worker: WorkerEnd, path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


async def test_what_waited_for_a_busy_node_comes_in_pieces_that_it_believes(worker: WorkerEnd, path: Path) -> None:
    channel = await Channel.open(path)
    tracks = [VoiceTrack(f"c{number}", 0, time.monotonic()) for number in range(40)]
    for track in tracks:
        for _ in range(KEPT):
            track.put(b"\1" * 320)
        worker.box.add(track)
    worker.box.wake.set()
    heard: list[tuple[str, int, int, bytes]] = []
    async with asyncio.timeout(10):
        async for message in channel.messages():
            assert isinstance(message, wire.Audio) and len(wire.pack(message)) < wire.LARGEST
            heard += message.frames
            if len(heard) == len(tracks) * KEPT:
                break
    assert sum(len(pcm) for *_, pcm in heard) > wire.LARGEST
    of_one = [ms for call, _, ms, _ in heard if call == "c7"]
    assert of_one == sorted(of_one) and len(of_one) == KEPT
    await channel.close()


async def test_what_one_node_did_not_take_of_a_voice_does_not_reach_the_next(worker: WorkerEnd, path: Path) -> None:
    channel = await Channel.open(path)
    track = VoiceTrack("c", 0, time.monotonic())
    worker.box.add(track)
    await channel.close()
    await until(worker.gone.is_set)
    track.put(b"\1" * 320)  # between its end and the news of it
    following = await Channel.open(path)
    worker.link.send(wire.Answered(call="c"))
    track.put(b"\2" * 320)
    worker.box.wake.set()
    messages = following.messages()
    assert await anext(messages) == wire.Answered(call="c")
    audio = await anext(messages)
    assert isinstance(audio, wire.Audio) and [frame[3] for frame in audio.frames] == [b"\2" * 320]
    await following.close()
