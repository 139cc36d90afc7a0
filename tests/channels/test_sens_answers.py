"""What SENS answers becomes a receipt in words, or a fault that is worth another try; nothing else, whatever comes."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import sens_answers as answers
from channels.reasons import in_words
from core.errors import GatewayFault

TAKEN = json.dumps({"requestId": "RSSA-1", "requestTime": "x", "statusCode": "202", "statusName": "success"}).encode()


def page(**entry: object) -> bytes:
    return json.dumps({"messages": [{"requestId": "RSSA-1", "messageId": "m"} | entry]}).encode()


def test_taken_is_sent_with_the_requests_id() -> None:
    receipt = answers.of_sending(202, TAKEN)
    assert (receipt.state, receipt.reference) == ("sent", "RSSA-1")


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (301, "no_service"),
        (307, "no_service"),
        (400, "bad_request"),
        (401, "not_allowed"),
        (403, "not_allowed"),
        (404, "no_service"),
        (413, "bad_request"),
    ],
)
def test_what_will_never_work_has_failed_with_advice(status: int, name: str) -> None:
    receipt = answers.of_sending(status, b"")
    assert (receipt.state, receipt.reason) == ("failed", in_words(name, str(status)))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_will_pass_is_worth_another_try(status: int) -> None:
    with pytest.raises(GatewayFault):
        answers.of_sending(status, b"")
    with pytest.raises(GatewayFault):
        answers.of_delivery(status, b"", "RSSA-1")


def test_another_status_within_a_good_answer_has_failed() -> None:
    receipt = answers.of_sending(202, b'{"statusCode": "400", "statusName": "fail"}')
    assert (receipt.state, receipt.reason) == ("failed", in_words("bad_request", "400"))


@pytest.mark.parametrize("reference", ["", "a b", "../x", "a\nb", "가", "x" * 129])
def test_an_id_that_cannot_be_used_is_a_fault(reference: str) -> None:
    body = json.dumps({"requestId": reference, "statusCode": "202"}).encode()
    with pytest.raises(GatewayFault, match="no id"):
        answers.of_sending(202, body)


def completed(code: str, name: str = "fail") -> dict[str, object]:
    return {"status": "COMPLETED", "statusCode": code, "statusName": name}


@pytest.mark.parametrize(
    ("entry", "state", "reason"),
    [
        ({"status": "READY", "statusCode": None}, "sent", ""),
        ({"status": "PROCESSING"}, "sent", ""),
        ({"status": "A WORD OF TOMORROW"}, "sent", ""),
        (completed("0", "success"), "delivered", ""),
        (completed("3001"), "failed", in_words("no_subscriber", "3001")),
        (completed("2003"), "failed", in_words("switched_off", "2003")),
        (completed("9876"), "failed", in_words("not_delivered", "9876")),
        (completed("<b>"), "failed", in_words("not_delivered")),
        (completed("0") | {"requestId": "RSSA-2"}, "sent", ""),
    ],
)
def test_what_became_of_it(entry: dict[str, object], state: str, reason: str) -> None:
    receipt = answers.of_delivery(200, page(**entry), "RSSA-1")
    assert (receipt.state, receipt.reason, receipt.reference) == (state, reason, "RSSA-1")


def test_a_request_that_is_not_listed_yet_is_on_its_way() -> None:
    assert answers.of_delivery(404, b"", "RSSA-1").state == "sent"
    assert answers.of_delivery(200, b'{"messages": []}', "RSSA-1").state == "sent"


def test_a_refusal_to_tell_is_no_failure_of_the_message() -> None:
    with pytest.raises(GatewayFault, match="HTTP 401"):
        answers.of_delivery(401, b"", "RSSA-1")


_NAMES = st.sampled_from(["requestId", "statusCode", "messages", "status"])
_VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=40) | _VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_a_receipt_or_a_fault(body: bytes) -> None:
    with contextlib.suppress(GatewayFault):
        assert answers.of_sending(202, body).state in {"sent", "failed"}
    with contextlib.suppress(GatewayFault):
        assert answers.of_delivery(200, body, "RSSA-1").state in {"sent", "failed", "delivered"}
