"""Every adapter's contract: signed messages are read, anything else is refused in words, and nothing crashes."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.inbox.adapters import open_adapters
from channels.inbox.incoming import LONGEST_TEXT, Adapter, Incoming, shown
from channels.inbox.ours import OurAdapter
from channels.inbox.sinch import SinchAdapter
from core.config import InboxConfig
from core.errors import BadInput, ConfigError
from core.webhook_signature import Forged, signed

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
KEY = b"a secret"
Sign = Callable[[bytes], dict[str, str]]


def sign_ours(body: bytes) -> dict[str, str]:
    return signed(KEY, "m-1", NOW, body)


def sign_sinch(body: bytes, key: bytes = KEY) -> dict[str, str]:
    stamp = str(int(NOW.timestamp()))
    mac = hmac.digest(key, body + f".nonce.{stamp}".encode(), "sha256")
    return {
        "x-sinch-webhook-signature": base64.b64encode(mac).decode(),
        "x-sinch-webhook-signature-nonce": "nonce",
        "x-sinch-webhook-signature-timestamp": stamp,
        "x-sinch-webhook-signature-algorithm": "HmacSHA256",
    }


BOTH: list[tuple[Adapter, Sign]] = [(OurAdapter([KEY]), sign_ours), (SinchAdapter([b"old", KEY]), sign_sinch)]
KEYS = (
    *("from", "to", "text", "name", "channel", "pictures", "type", "data"),
    *("message", "id", "contact_message", "text_message", "channel_identity", "identity", "url"),
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def sinch(**message: Any) -> bytes:
    return json.dumps({"app_id": "a", "message": {"id": "01F", "direction": "TO_APP", **message}}).encode()


@pytest.mark.parametrize(("adapter", "sign"), BOTH, ids=["minwon", "sinch"])
@given(body=st.binary(max_size=120) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_any_signed_body_is_a_message_or_refused(adapter: Adapter, sign: Sign, body: bytes) -> None:
    try:
        message = adapter.read(sign(body), body, NOW)
    except BadInput as wrong:
        assert wrong.code in {"malformed", "no_words", "text_too_long"}
    else:
        assert message is None or isinstance(message, Incoming)
        assert message is None or msgspec.json.encode(message)  # what it holds can be kept


@pytest.mark.parametrize(("adapter", "sign"), BOTH, ids=["minwon", "sinch"])
@given(body=st.binary(max_size=60), headers=st.dictionaries(st.text(max_size=40), st.text(max_size=80), max_size=4))
def test_nothing_unsigned_is_read(adapter: Adapter, sign: Sign, body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        adapter.read(headers, body, NOW)
    with pytest.raises(Forged):
        adapter.read(sign(body + b"x"), body, NOW)
    with pytest.raises(Forged) as why:
        adapter.read(sign(body), body, datetime(2026, 11, 27, 9, 6, tzinfo=UTC))
    assert why.value.code == "clock"


def test_our_shape() -> None:
    picture = base64.b64encode(b"\xff\xd8\xff").decode()
    body = json.dumps(
        {
            "from": "+82 10-0000-1234",
            "to": "033-120-0120",
            "text": " 사진\r\n보냅니다\u0000 ",
            "pictures": [{"type": "image/jpeg", "data": picture}],
        }
    ).encode()
    message = OurAdapter([KEY]).read(sign_ours(body), body, NOW)
    assert (message.number, message.to, message.text) == ("01000001234", "0331200120", "사진\n보냅니다")
    assert (message.reference, message.channel, message.attachments[0].data) == ("m-1", "text", b"\xff\xd8\xff")
    assert message.text_id == OurAdapter([KEY]).read(sign_ours(body), body, NOW).text_id


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"from": "010-0000-1234"}, "no_words"),
        ({"from": "010-0000-1234", "text": "가" * (LONGEST_TEXT + 1)}, "text_too_long"),
        ({"text": "누구세요"}, "malformed"),
        ({"from": "1", "text": "x", "pictures": [{"data": "not base64!"}]}, "malformed"),
        ({"from": "1", "text": "x", "speed": 3}, "malformed"),
    ],
)
def test_our_shape_is_strict(content: dict[str, Any], code: str) -> None:
    body = json.dumps(content).encode()
    with pytest.raises(BadInput) as why:
        OurAdapter([KEY]).read(sign_ours(body), body, NOW)
    assert why.value.code == code


def test_a_name_instead_of_a_number_is_no_number() -> None:
    body = json.dumps({"from": "Some Shop", "text": "광고"}).encode()
    message = OurAdapter([KEY]).read(sign_ours(body), body, NOW)
    assert (message.number, message.name) == ("", "Some Shop")


def test_sinch_texts_chats_pictures_and_what_is_none() -> None:
    adapter = SinchAdapter([KEY])
    said = {"text_message": {"text": "여권 문의"}}
    body = sinch(contact_message=said, channel_identity={"channel": "SMS", "identity": "821000001234"}, sender_id="120")
    message = adapter.read(sign_sinch(body), body, NOW)
    assert message is not None and (message.channel, message.number, message.text) == (
        "text", "01000001234", "여권 문의",
    )  # fmt: skip
    body = sinch(contact_message=said, channel_identity={"channel": "KAKAOTALKCHAT", "identity": "abc"})
    message = adapter.read(sign_sinch(body), body, NOW)
    assert message is not None and (message.channel, message.number) == ("chat", "abc")
    body = sinch(
        contact_message={"media_message": {"url": "http://169.254.169.254/"}},
        channel_identity={"channel": "SMS", "identity": "821000001234"},
    )
    message = adapter.read(sign_sinch(body), body, NOW)
    assert message is not None and message.attachments[0].data is None  # nothing is fetched
    body = b'{"message_delivery_report": {"status": "DELIVERED"}}'
    assert adapter.read(sign_sinch(body), body, NOW) is None


def test_the_signature_that_sinch_publishes() -> None:
    """developers.sinch.com, "Conversation API callbacks": the example of validating a callback."""
    body = (
        b'{"app_id":"","accepted_time":"2021-10-18T17:49:13.813615Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4",'
        b'"contact_create_notification":{"contact":{"id":"01FJA8B466Y0R2GNXD78MD9SM1","channel_identities":[{"channel":'
        b'"SMS","identity":"48123456789","app_id":""}],"display_name":"New Test Contact",'
        b'"email":"new.contact@email.com","external_id":"","metadata":"","language":"EN_US"}},"message_metadata":""}'
    )
    headers = {
        "x-sinch-webhook-signature": "6bpJoRmFoXVjfJIVglMoJzYXxnoxRujzR4k2GOXewOE=",
        "x-sinch-webhook-signature-nonce": "01FJA8B4A7BM43YGWSG9GBV067",
        "x-sinch-webhook-signature-timestamp": "1634579353",
    }
    at = datetime.fromtimestamp(1634579353, UTC)
    assert SinchAdapter([b"foo_secret1234"]).read(headers, body, at) is None


@given(st.text(max_size=60))
def test_what_is_shown_has_no_hidden_signs(text: str) -> None:
    clean = shown(text)
    assert shown(clean) == clean
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in clean)
    assert "\u202e" not in clean and "\0" not in clean


def test_only_with_a_secret() -> None:
    assert open_adapters(InboxConfig()) == ()
    assert [a.name for a in open_adapters(InboxConfig(secret="a b", sinch_secret="c"))] == ["minwon", "sinch"]
    with pytest.raises(ConfigError, match="whsec_"):
        open_adapters(InboxConfig(secret="whsec_!!"))
