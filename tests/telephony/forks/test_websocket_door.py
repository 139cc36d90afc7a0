"""WebSocket streams over real sockets, in each dialect."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from core import metrics
from core.events import Party
from core.g711 import encode
from telephony.contract import Key, LegEnded
from telephony.forks import stream, websocket_door
from telephony.forks.source import ForkSource
from tests.patience import until
from tests.telephony.forks.authority import Authority
from tests.telephony.forks.exchange import PCM, TOKEN, forks, frames, media, next_call, signals, text

BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def doors() -> AsyncIterator[ForkSource]:
    async with forks() as open_doors:
        yield open_doors


@pytest.fixture
async def impatient(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ForkSource]:
    """Doors that do not wait for the other side's goodbye."""
    monkeypatch.setattr(websocket_door, "CLOSE_S", 0.1)
    async with forks() as open_doors:
        yield open_doors


def joined(doors: ForkSource, path: str = "/", **more: Any) -> connect:
    return connect(f"ws://{doors.addresses['ws']}{path}", additional_headers=BEARER, **more)


def refused(reason: str) -> float:
    return metrics.FORKS_REFUSED.labels(reason=reason)._value.get()


async def closed(client: ClientConnection) -> int:
    async with asyncio.timeout(10):
        await client.wait_closed()
    assert client.close_code is not None
    return client.close_code


async def test_jambonz(doors: ForkSource) -> None:
    first = text(callSid="1", **{"from": "01012345678", "to": "120"}, sampleRate=8000, mixType="stereo")
    async with joined(doors, "/?agent=2107", subprotocols=["audio.jambonz.org"]) as client:
        assert client.subprotocol == "audio.jambonz.org"
        await client.send(first)
        await client.send(b"\1\0\2\0" * 160)
        await client.send(text(event="dtmf", dtmf="3", duration="100"))
        call = await next_call(doors)
        assert (await frames(call, "caller", 1))[0].pcm == PCM
        assert (await frames(call, "agent", 1))[0].pcm == b"\2\0" * 160
        assert (call.caller.number, call.agent.number, call.called) == ("01012345678", "2107", "120")
    assert await signals(call) == [
        Key(speaker="caller", digit="3", method="info"),
        LegEnded(speaker="agent", by_peer=False, status=200),
        LegEnded(speaker="caller", by_peer=True, status=200),
    ]


async def test_twilio(doors: ForkSource) -> None:
    async with joined(doors) as client:
        await client.send(text(event="connected", protocol="Call", version="1.0.0"))
        await client.send(text(event="start", start={"callSid": "CA1", "tracks": ["inbound", "outbound"]}))
        call = await next_call(doors)
        for stamp in (0, 20, 80):
            await client.send(media(b"\xff" * 160, "inbound", stamp))
        await client.send(media(b"\x80" * 160, "outbound", 0))
        assert [frame.lost for frame in await frames(call, "caller", 5)] == [False, False, True, True, False]
        assert (await frames(call, "agent", 1))[0].pcm[:2] == (32124).to_bytes(2, "little")
        await client.send(text(event="stop", stop={}))
        assert await closed(client) == 1000
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=True, status=200)


@pytest.mark.parametrize("form", ["text", "json"])
async def test_asterisk(doors: ForkSource, form: str) -> None:
    line = "MEDIA_START connection_id:1 channel:WebSocket/x format:alaw optimal_frame_size:160"
    start = line if form == "text" else text(event="MEDIA_START", connection_id="1", format="alaw")
    sound = encode("alaw", np.frombuffer(PCM, "<i2"))
    async with (
        joined(doors, "/media?call=7&from=01012345678", subprotocols=["media"]) as caller,
        joined(doors, "/media?call=7&speaker=agent&agent=2107") as agent,
    ):
        await caller.send(start)
        await caller.send(sound)
        call = await next_call(doors)
        await frames(call, "caller", 1)
        await agent.send(start)
        await agent.send("MEDIA_XOFF")
        await agent.send(sound)
        await frames(call, "agent", 1)
        assert call.agent == Party(number="2107")
        await caller.close()
        assert await closed(agent) == 1000


async def test_a_stream_that_breaks_off(doors: ForkSource) -> None:
    async with joined(doors) as client:
        await client.send(text(callSid="1"))
        call = await next_call(doors)
        client.transport.abort()
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=False, reason="source")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/?token={TOKEN.replace(' ', '+')}", {}),
        ("/", BEARER),
    ],
)
async def test_ways_of_showing_the_token(doors: ForkSource, path: str, headers: dict[str, str]) -> None:
    async with connect(f"ws://{doors.addresses['ws']}{path}", additional_headers=headers) as client:
        await client.ping()


@pytest.mark.parametrize("path", ["/", "/?token=guess"])
async def test_no_token_no_stream(doors: ForkSource, path: str) -> None:
    before = refused("token")
    with pytest.raises(InvalidStatus) as answer:
        async with connect(f"ws://{doors.addresses['ws']}{path}"):
            pass
    assert answer.value.response.status_code == 401
    assert refused("token") == before + 1


async def test_no_log_line_has_a_token_or_a_number(doors: ForkSource, capfd: pytest.CaptureFixture[str]) -> None:
    address, guess = f"ws://{doors.addresses['ws']}", "a-guess-of-a-token"
    for path in (f"/?token={guess}&from=01012345678", f"/?token={TOKEN.replace(' ', '+')}&from=01012345678"):
        with suppress(InvalidHandshake):
            async with connect(address + path) as client:
                await client.send(text(callSid="1", callerName="Ann"))
                await next_call(doors)
                await client.send("{broken")
                await closed(client)
    written = "".join(capfd.readouterr())
    assert "fork.refused" in written
    assert not any(secret in written for secret in (guess, TOKEN, TOKEN.replace(" ", "+"), "01012345678", "Ann"))


async def test_a_stranger_gets_no_answer() -> None:
    async with forks(networks=("192.0.2.0/24",)) as doors:
        before = refused("stranger")
        with pytest.raises((InvalidHandshake, OSError, EOFError)):
            async with joined(doors):
                pass
        assert refused("stranger") == before + 1


async def test_more_than_forks_streams() -> None:
    async with forks(streams=1) as doors, joined(doors):
        await until(lambda: doors.streams == 1)
        before = refused("full") + refused("rate")
        with pytest.raises((InvalidHandshake, OSError, EOFError)):
            async with joined(doors):
                pass
        assert refused("full") + refused("rate") == before + 1


GARBAGE = {
    "dialect": "hello",
    "json": "{broken",
    "mixed": text(callSid="1", mixType="mixed"),
    "encoding": "MEDIA_START connection_id:1 format:opus",
    "event": text(event="start"),
}


@pytest.mark.parametrize("reason", GARBAGE)
async def test_garbage_is_closed_and_counted(doors: ForkSource, reason: str) -> None:
    before = refused(reason)
    async with joined(doors) as client:
        await client.send(GARBAGE[reason])
        assert await closed(client) == 1008
    assert refused(reason) == before + 1


async def test_a_message_that_is_too_large(doors: ForkSource) -> None:
    before = refused("protocol")
    async with joined(doors) as client:
        await client.send(text(callSid="1"))
        call = await next_call(doors)
        await client.send(bytes(websocket_door.LARGEST + 1))
        assert await closed(client) == 1009
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=False, reason="source")
    assert refused("protocol") == before + 1


async def test_a_flood_is_ended_and_harms_nobody(impatient: ForkSource) -> None:
    doors = impatient
    async with joined(doors) as calm, joined(doors) as flooding:
        await calm.send(text(callSid="1"))
        call = await next_call(doors)
        await flooding.send(text(callSid="2"))
        with pytest.raises(ConnectionClosed):
            for _ in range(10_000):
                await flooding.send(bytes(32_000))
        assert await closed(flooding) == 1008
        await calm.send(PCM)
        await frames(call, "caller", 1)


async def test_a_flood_of_words(impatient: ForkSource) -> None:
    async with joined(impatient) as client:
        await client.send("MEDIA_START connection_id:1 format:ulaw")
        with pytest.raises(ConnectionClosed):
            for _ in range(100_000):
                await client.send("MEDIA_XON")
                await asyncio.sleep(0)
        assert await closed(client) == 1008


@pytest.mark.parametrize("frame", [b"\x89\x80\0\0\0\0", b"\x00\x80\0\0\0\0"], ids=["pings", "a message without end"])
async def test_a_flood_of_frames(doors: ForkSource, frame: bytes) -> None:
    before = refused("flood")
    async with joined(doors) as client:
        await client.send(text(callSid="1"))
        call = await next_call(doors)
        if frame.startswith(b"\0"):
            client.transport.write(b"\x01\x80\0\0\0\0")  # it begins
        client.transport.write(frame * 2 * websocket_door.FRAMES)
        await client.wait_closed()
    assert (await signals(call))[-1] == LegEnded(speaker="caller", by_peer=False, reason="source")
    assert refused("flood") == before + 1


async def test_a_slow_loris_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HELLO_S", 0.3)
    monkeypatch.setattr(websocket_door, "HELLO_S", 0.3)
    monkeypatch.setattr(stream, "IDLE_S", 0.3)
    async with forks() as doors:
        host, _, port = doors.addresses["ws"].rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET / HTTP/1.1\r\nHost: ")
        async with joined(doors) as silent, joined(doors) as trickling:
            assert await closed(silent) == 1008, "it never said whose voice it brings"
            await trickling.wait_closed()
        assert await asyncio.wait_for(reader.read(), 10) == b"", "nor did this one finish its handshake"
        writer.close()


async def test_mutual_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("minwon")
    files = {"certificate_file": str(certificate), "key_file": str(key), "ca_file": str(authority.file)}
    async with forks(token="", **files) as doors:
        address = f"wss://localhost:{doors.addresses['wss'].rpartition(':')[2]}/"
        trusting = ssl.create_default_context(cafile=str(authority.file))
        with pytest.raises((OSError, EOFError, InvalidHandshake)):
            async with connect(address, ssl=trusting, host="127.0.0.1") as client:
                await client.recv()
        trusting.load_cert_chain(*authority.issue("pbx"))
        async with connect(address, ssl=trusting, host="127.0.0.1") as client:
            await client.send(text(callSid="1"))
            call = await next_call(doors)
            replaced = authority.issue("minwon")
            assert replaced == (certificate, key)
            doors._certificates.renew()  # type: ignore[union-attr]
            await client.send(PCM)
            assert (await frames(call, "caller", 1))[0].pcm == PCM, "a running stream does not notice"


async def test_no_tls_where_tls_is_spoken(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("minwon")
    async with forks(certificate_file=str(certificate), key_file=str(key)) as doors:
        host, _, port = doors.addresses["wss"].rpartition(":")
        for garbage in (b"\x16\x03\x01\xff\xff" + bytes(300), b"\0" * 64, bytes(range(256)) * 8):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(garbage)
            writer.write_eof()
            with suppress(ConnectionError):
                await asyncio.wait_for(reader.read(), 10)
            writer.close()
        with pytest.raises((OSError, EOFError, InvalidHandshake)):
            async with connect(f"ws://{doors.addresses['wss']}/", additional_headers=BEARER):
                pass
