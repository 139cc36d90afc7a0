"""Receipts of every make, and what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Receipt
from channels.reasons import in_words
from channels.smpp_pdu import MESSAGE_STATE, RECEIPTED_MESSAGE_ID, USER_MESSAGE_REFERENCE, Answer, Deliver
from channels.smpp_receipts import Report, id_key, receipt_of, report_of, report_of_query

TEXT = "id:{id} sub:001 dlvrd:001 submit date:2607010900 done date:2607010901 stat:{stat} err:{err} Text:"


def deliver(body: bytes = b"", esm_class: int = 4, **options: bytes) -> Deliver:
    tags = {"id": RECEIPTED_MESSAGE_ID, "state": MESSAGE_STATE, "reference": USER_MESSAGE_REFERENCE}
    return Deliver(
        sequence=1,
        source="821000001234",
        destination="0331",
        esm_class=esm_class,
        data_coding=0,
        body=body,
        options={tags[name]: value for name, value in options.items()},
    )


def said(stat: str, err: str = "000", message_id: str = "A1") -> Report:
    report = report_of(deliver(TEXT.format(id=message_id, stat=stat, err=err).encode() + b"[\xc7\xd1"))
    assert report is not None
    return report


def test_the_text_of_appendix_b() -> None:
    assert said("DELIVRD") == Report(message_id="A1", outcome="delivered", number="01000001234", begins=b"[\xc7\xd1")


@pytest.mark.parametrize(
    ("stat", "outcome", "name"),
    [
        ("EXPIRED", "failed", "switched_off"),
        ("UNDELIV", "failed", "not_delivered"),
        ("DELETED", "failed", "not_delivered"),
        ("REJECTD", "failed", "rejected"),
        ("ACCEPTD", "underway", ""),
        ("ENROUTE", "underway", ""),
        ("UNKNOWN", "underway", ""),
        ("NONSENSE", "underway", ""),
    ],
)
def test_states(stat: str, outcome: str, name: str) -> None:
    report = said(stat)
    assert (report.outcome, report.reason) == (outcome, in_words(name, stat) if name else "")
    assert receipt_of(report, "r").state == ("failed" if outcome == "failed" else "sent")


def test_the_networks_own_code_is_for_the_engineer() -> None:
    assert said("UNDELIV", "069").reason == in_words("not_delivered", "069")
    assert said("UNDELIV", "<script>").reason == in_words("not_delivered", "UNDELIV")


def test_parameters_win_and_are_enough() -> None:
    report = report_of(deliver(TEXT.format(id="x", stat="ENROUTE", err="0").encode(), id=b"b2\0", state=b"\2"))
    assert report is not None
    assert (report.message_id, report.outcome) == ("b2", "delivered")
    forgot = report_of(deliver(esm_class=0, id=b"b2\0", state=b"\5", reference=b"\1\2"))
    assert forgot is not None
    assert (forgot.outcome, forgot.user_reference) == ("failed", 0x102)


def test_a_text_is_no_receipt_though_it_looks_like_one() -> None:
    assert report_of(deliver(TEXT.format(id="x", stat="DELIVRD", err="0").encode(), esm_class=0)) is None


def test_an_intermediate_notification_is_no_end() -> None:
    report = report_of(deliver(TEXT.format(id="x", stat="DELIVRD", err="0").encode(), esm_class=0x20))
    assert report is not None
    assert report.outcome == "underway"


@given(body=st.binary(max_size=200), esm_class=st.integers(0, 255), state=st.binary(max_size=2))
def test_any_receipt_is_borne(body: bytes, esm_class: int, state: bytes) -> None:
    report_of(deliver(body, esm_class, id=b"x", state=state))


def test_a_question_is_answered() -> None:
    answer = Answer(command="query_sm_resp", status=0, sequence=1, message_id="a1", state=5, error=7)
    assert report_of_query(answer, "A1") == Report(
        message_id="A1", outcome="failed", reason=in_words("not_delivered", "7")
    )
    assert receipt_of(Report(message_id="a", outcome="delivered"), "r") == Receipt(state="delivered", reference="r")


def test_ids_are_the_same_in_spite_of_zeros_case_and_base() -> None:
    assert id_key("00A3F0") == id_key("a3f0") == id_key(str(0xA3F0), "decimal")
    assert id_key("a3f0-x", "decimal") == "a3f0-x"
    assert id_key("000") == id_key("")
