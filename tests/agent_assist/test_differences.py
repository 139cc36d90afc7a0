"""What the history page shows of a change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.content import Content
from agent_assist.knowledge.differences import changes, readable
from core.store.entry import Attachment, Reference
from core.store.knowledge import Category, Person
from core.store.resolving import Shelf

SHELF = Shelf(
    people=[Person(id="p", name="김하늘")],
    categories=[Category(id="a", name="민원"), Category(id="b", name="여권", parent_id="a")],
)


def test_values_are_shown_as_people_read_them() -> None:
    assert readable("category_id", "b", SHELF) == "민원>여권"
    assert readable("person_id", "p", SHELF) == "김하늘"
    assert readable("deputy_id", "gone", SHELF) == "gone"
    assert readable("department_id", "", SHELF) == ""
    assert readable("keywords", ("가", "나"), SHELF) == "가\n나"
    links = (Reference(title="외교부", url="https://a.kr"), Reference(title="", url="https://b.kr"))
    assert readable("links", links, SHELF) == "외교부 <https://a.kr>\nhttps://b.kr"
    file = Attachment(id="0123456789ab", name="신청서.hwp", size=12345)
    assert readable("attachments", (file,), SHELF) == "신청서.hwp (12,345 B, 01234567)"
    assert readable("expires", None, SHELF) == ""


def test_equal_contents_have_no_changes() -> None:
    assert changes(Content(title="가"), Content(title="가"), SHELF) == ()


def test_a_text_of_very_many_lines_is_shown_as_replaced() -> None:
    old, new = "\n".join(["x"] * 2500), "\n".join(["x"] * 2501)
    (change,) = changes(Content(title="가", body=old), Content(title="가", body=new), SHELF)
    assert [line.kind for line in change.lines] == ["removed"] * 2500 + ["added"] * 2501


@given(*[st.lists(st.sampled_from(["a", "b", "", "c"]), max_size=9).map("\n".join)] * 2)
def test_both_texts_can_be_read_back_from_the_lines(before: str, after: str) -> None:
    found = changes(Content(title="가", body=before), Content(title="가", body=after), SHELF)
    if before == after:
        assert found == ()
        return
    (change,) = found
    assert "\n".join(line.text for line in change.lines if line.kind != "added") == before
    assert "\n".join(line.text for line in change.lines if line.kind != "removed") == after
