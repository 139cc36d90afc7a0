"""Messages between node and worker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import Party
from telephony import wire
from telephony.contract import Held, Key, LegEnded

ORDERS: list[wire.FromNode] = [
    wire.Answer(call="c"), wire.Refuse(call="c", status=486), wire.StopPrompt(call="c", to="agent"),
    wire.Play(call="c", prompt="waiting", loop=True, to="caller", number=1),
    wire.CallOut(call="c", uri="sip:1@h", reference="callback", ring_timeout_s=30.0),
    wire.Dial(call="c", dial=1, uri="sip:1@h", reference="kim", ring_timeout_s=20.0),
    wire.CancelDial(call="c", dial=1), wire.HangUp(call="c"), wire.Drain(leave=True), wire.Stop(),
]  # fmt: skip
NEWS: list[wire.FromWorker] = [
    wire.Incoming(call="c", caller=Party(number="1", name="홍"), called="120", trunk="sip0", started=1.5),
    wire.Outgoing(call="c", caller=Party(number="1"), called="120", trunk="sip0", started=1.5, reference="callback"),
    wire.NoRoom(call="c"), wire.PromptOver(call="c", to="agent", number=7),
    wire.Answered(call="c"), wire.Dialled(call="c", dial=1, result="busy"),
    wire.Signalled(call="c", dial=0, signal=Key(digit="5", method="info")),
    wire.Signalled(call="c", dial=1, signal=Held(speaker="agent")),
    wire.Signalled(call="c", dial=0, signal=LegEnded(status=200)),
    wire.Audio(frames=(("c", 0, 20, b"\0" * 320), ("c", 1, 20, b""))), wire.Beat(statistics=wire.Statistics(refused=3)),
    wire.Note(level="info", event="x.y", fields={"a": 1}),
]  # fmt: skip


@given(st.lists(st.sampled_from(range(len(NEWS)))), st.lists(st.integers(1, 50), min_size=1))
def test_messages_survive_any_cutting_of_the_stream(numbers: list[int], cuts: list[int]) -> None:
    data = b"".join(wire.pack(NEWS[number]) for number in numbers)
    stream, read, at, turn = wire.Bytes(), list[wire.FromWorker](), 0, 0
    while at < len(data):
        size = cuts[turn % len(cuts)]
        read += [wire.from_worker(body) for body in stream.feed(data[at : at + size])]
        at, turn = at + size, turn + 1
    assert read == [NEWS[number] for number in numbers]


def test_orders_survive_too() -> None:
    stream = wire.Bytes()
    assert [wire.from_node(body) for order in ORDERS for body in stream.feed(wire.pack(order))] == ORDERS


@given(st.binary(max_size=60))
def test_what_is_no_message_is_told(body: bytes) -> None:
    for read in (wire.from_node, wire.from_worker, wire.settings_from):
        with pytest.raises(BadInput, match="not a message"):
            read(body)


def test_a_length_that_cannot_be_true() -> None:
    with pytest.raises(BadInput, match="stream is broken"):
        list(wire.Bytes().feed(b"\xff\xff\xff\xff"))
