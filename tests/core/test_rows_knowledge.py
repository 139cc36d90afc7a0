"""Records to rows and back: the same, but for what no database and no law allows."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from core.store.entry import Attachment, Entry, Reference
from core.store.knowledge import EntryVersion, Synonym
from core.store.rows_knowledge import cleaned, to_record, to_row

T0 = datetime(2026, 3, 2, tzinfo=UTC)
RESIDENT, MASK = "900101-1234567", "******-*******"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.just(RESIDENT)


@given(
    st.builds(
        EntryVersion,
        entry_id=st.just("1"),
        version=st.integers(1, 9),
        title=WORDS,
        procedure=st.lists(WORDS, max_size=3).map(tuple),
        links=st.lists(st.builds(Reference, title=WORDS, url=WORDS), max_size=2).map(tuple),
        attachments=st.lists(st.builds(Attachment, id=st.just("a"), name=WORDS, size=st.just(1)), max_size=2).map(
            tuple
        ),
        at=st.just(T0),
    )
)
def test_a_row_is_the_cleaned_record(record: EntryVersion) -> None:
    row = SimpleNamespace(_mapping=to_row(record) | {"sort_key": "another column"})
    back = to_record(EntryVersion, row)  # type: ignore[arg-type]
    assert back == cleaned(record)
    assert cleaned(back) == back
    assert RESIDENT not in str(to_row(record))
    assert "\0" not in str(to_row(record))


def test_ids_are_not_words() -> None:
    entry = Entry(id=RESIDENT, title=RESIDENT, attachments=(Attachment(id=RESIDENT, name=RESIDENT, size=1),))
    kept = cleaned(entry)
    assert (kept.id, kept.title) == (RESIDENT, MASK)
    assert kept.attachments == (Attachment(id=RESIDENT, name=MASK, size=1),)


def test_empty_lists_are_written_alike() -> None:
    assert to_row(Synonym(lay="떼다", office=(), at=T0))["office"] == "[]"
