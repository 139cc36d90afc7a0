"""The page's messages: what is one, what is none, and how they look on the wire."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ars.messages import (
    Caption,
    Captions,
    Extend,
    Gone,
    NodeMessage,
    PageMessage,
    Screen,
    Search,
    Seen,
    Status,
    Still,
    Submit,
    Tap,
    Write,
    decode,
    encode,
)


@pytest.mark.parametrize(
    "message",
    [
        Tap(number=3, choice="#"),
        Submit(number=1, values={"where": "새빛로"}),
        Write(text="네", mark="w1"),
        Extend(),
        Seen(number=2),
        Search(query="폐기물"),
    ],
)
def test_what_the_page_says_is_read_back(message: PageMessage) -> None:
    assert decode(encode(message)) == message
    assert msgspec.json.decode(encode(message))["type"] == type(message).__name__


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"?", b"[]", b"{}", b'{"type":"Tap"}', b'{"type":"Tap","number":-1,"choice":"1"}',
        b'{"type":"Tap","number":1,"choice":""}', b'{"type":"Tap","number":"1","choice":"1"}',
        b'{"type":"Tap","number":1,"choice":"1","more":1}', b'{"type":"Screen","number":1}',
        b'{"type":"Write","text":""}',
        b'{"type":"Submit","number":1,"values":{"a":1}}', b"\xff", b'{"type":"Tap","number":1e9,"choice":"1"}x',
    ],
)  # fmt: skip
def test_what_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
        decode(raw)


def test_limits_hold() -> None:
    for wrong in (
        {"type": "Write", "text": "x" * 301},
        {"type": "Search", "query": "x" * 101},
        {"type": "Tap", "number": 2**40, "choice": "1"},
        {"type": "Tap", "number": 1, "choice": "x" * 21},
        {"type": "Submit", "number": 1, "values": {f"f{n}": "" for n in range(61)}},
        {"type": "Submit", "number": 1, "values": {"f": "x" * 4001}},
    ):
        with pytest.raises(msgspec.ValidationError):
            decode(msgspec.json.encode(wrong))


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_nothing_else_is_raised(raw: bytes) -> None:
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
        decode(raw)


def test_both_sides_have_a_schema() -> None:
    """Descriptions are made of these (AsyncAPI)."""
    _, parts = msgspec.json.schema_components([PageMessage, NodeMessage])
    for name in ("Tap", "Submit", "Write", "Screen", "Status", "Captions", "Gone"):
        assert parts[name]["properties"]["type"] == {"enum": [name]}


def test_the_wire_has_one_line() -> None:
    """Server-sent events need it."""
    caption = Caption(utterance="a-1", speaker="agent", text="한 줄\n두 줄")
    messages: list[Any] = [
        Screen(number=1, id="x", title="a\nb", language="ko", phase="web", html="<p>\n</p>"),
        Status(phase="queued", text="x", position=1, left_s=2.5),
        Captions(lines=(caption,)),
        Gone(reason="node"),
        Still(),
    ]
    assert all(b"\n" not in encode(message) for message in messages)
