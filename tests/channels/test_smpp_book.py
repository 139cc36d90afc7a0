"""Which receipt is of which message, in whatever order they come: against a model, and its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Receipt
from channels.smpp_book import Book, ids_of, reference_of
from channels.smpp_receipts import Report


def report(message_id: str, outcome: str = "delivered", **other: object) -> Report:
    return Report(message_id=message_id, outcome=outcome, **other)  # type: ignore[arg-type]


@given(ids=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_a_reference_names_its_ids_and_is_plain(ids: list[str]) -> None:
    reference = reference_of(tuple(ids))
    assert ids_of(reference) == tuple(ids)
    assert reference.isascii()
    assert reference.isprintable()


@given(
    parts=st.integers(1, 4),
    ends=st.lists(st.sampled_from(["delivered", "failed", "underway"]), min_size=4, max_size=4),
    steps=st.permutations([*range(4), *range(4), "answer"]),
)
def test_every_order_leads_to_the_same_end_told_once(parts: int, ends: list[str], steps: list[int | str]) -> None:
    """Receipts of each part twice, the answer somewhere among them."""
    book = Book()
    reference = reference_of(tuple(f"id{number}" for number in range(1, parts + 1)))
    told: list[Receipt] = []
    for step in steps:
        if step == "answer":
            told += [end for end in [book.expects(reference)] if end is not None]
        elif isinstance(step, int) and step < parts:
            _kind, end = book.heard(report(f"id{step + 1}", ends[step]))
            told += [end] if end is not None else []
    mine = ends[:parts]
    if "failed" in mine:
        assert [end.state for end in told] == ["failed"]
    elif "underway" in mine:
        assert told == []
    else:
        assert told == [Receipt(state="delivered", reference=reference)]
    assert (book.expects(reference) is None) is (not told)


def test_kinds_are_told_apart() -> None:
    book = Book()
    assert book.heard(report("7"))[0] == "early"
    assert book.heard(report("7"))[0] == "twice"
    assert book.expects("7") == Receipt(state="delivered", reference="7")
    assert book.heard(report("7"))[0] == "twice"
    book.expects("8")
    assert book.heard(report("8", "underway"))[0] == "known"
    assert book.heard(report("8", "underway"), 2)[0] == "backlog"
    assert len(book) == 1


def test_what_nobody_knows_is_bounded_and_counted() -> None:
    book = Book(early=2, ended=2)
    for number in range(1, 5):
        book.heard(report(f"{number}"))
    assert book.dropped == 2
    assert book.expects("1") is None
    assert book.expects("4") is not None


def test_what_got_no_answer_is_found_by_our_reference_or_the_only_text_that_fits() -> None:
    book = Book()
    book.heard(report("00A1", number="010", user_reference=5))
    book.heard(report("a2", number="010", begins=b"hello"))
    book.heard(report("a3", number="011", begins=b"hello"))
    assert book.found("010", 5, b"anything") == report("00A1", number="010", user_reference=5)
    found = book.found("010", 9, b"hello there")
    assert found is not None
    assert found.message_id == "a2"
    assert book.found("010", 9, b"other") is None
    assert book.found("019", 5, b"hello") is None
    book.heard(report("a4", number="010", begins=b"hell"))
    assert book.found("010", 9, b"hello there") is None, "two fit"


def test_decimal_ids_are_found_as_the_answers_have_them() -> None:
    book = Book("decimal")
    book.expects("a3f0")
    assert book.heard(report(str(0xA3F0)))[1] == Receipt(state="delivered", reference="a3f0")
    book.heard(report(str(0xB), number="010", user_reference=1))
    found = book.found("010", 1, b"")
    assert found is not None
    assert found.message_id == "b"


def test_what_was_asked_is_answered() -> None:
    book = Book()
    book.expects("a,b")
    assert book.waits("a,b") == ("a", "b")
    assert book.answered(report("a")) is None
    assert book.waits("a,b") == ("b",)
    assert book.answered(report("b")) == Receipt(state="delivered", reference="a,b")
    assert book.answered(report("b")) is None


def test_messages_that_never_end_are_bounded() -> None:
    book = Book(known=3)
    for reference in ("a,b", "c", "d"):
        book.expects(reference)
    assert len(book) == 2, "a text in two parts is forgotten whole"
    assert book.heard(report("a"))[0] == "early"
    assert book.heard(report("d"))[1] is not None
