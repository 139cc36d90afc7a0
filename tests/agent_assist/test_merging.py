"""Merging: disjoint changes both arrive, nothing that somebody wrote is lost."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_assist.knowledge.content import Content
from agent_assist.knowledge.merging import Conflict, Merged, merge, merge_lines
from agent_assist.knowledge.validation import is_unmerged
from core.store.entry import Attachment, Reference

BASE = Content(
    title="여권", body="하나\n둘\n셋\n넷\n다섯", phone="02-1", keywords=("여권", "분실"), procedure=("가", "나", "다")
)


def test_who_alone_changed_something_has_it() -> None:
    mine = replace(BASE, title="여권 재발급", expires=date(2027, 1, 1))
    assert merge(BASE, BASE, mine) == Merged(content=mine)
    assert merge(BASE, mine, BASE) == Merged(content=mine, taken=("title", "expires"))
    assert merge(BASE, mine, mine) == Merged(content=mine)


def test_changes_of_different_fields_and_lines_are_both_there() -> None:
    theirs = replace(BASE, phone="02-9", body="하나!\n둘\n셋\n넷\n다섯")
    mine = replace(BASE, title="새 제목", body="하나\n둘\n셋\n넷\n다섯\n여섯")
    merged = merge(BASE, theirs, mine)
    assert merged.content == replace(mine, phone="02-9", body="하나!\n둘\n셋\n넷\n다섯\n여섯")
    assert merged.conflicts == ()
    assert merged.taken == ("phone", "body")


def test_the_same_line_changed_differently_is_shown_with_both_sides() -> None:
    merged = merge(BASE, replace(BASE, body="하나\n둘\n3\n넷\n다섯"), replace(BASE, body="하나\n둘\n세엣\n넷\n다섯"))
    assert merged.conflicts == (Conflict(field="body", base="셋", theirs="3", mine="세엣"),)
    assert merged.content.body.split("\n") == [
        "하나",
        "둘",
        "<<<<<<< 내 내용 / mine",
        "세엣",
        "=======",
        "3",
        ">>>>>>> 먼저 저장된 내용 / saved first",
        "넷",
        "다섯",
    ]
    assert is_unmerged(merged.content.body)


def test_a_single_value_in_conflict_is_mine_and_theirs_is_told() -> None:
    base = replace(BASE, expires=date(2026, 1, 1))
    merged = merge(
        base, replace(base, expires=None, phone="02-2"), replace(base, expires=date(2027, 1, 1), phone="02-3")
    )
    assert (merged.content.expires, merged.content.phone) == (date(2027, 1, 1), "02-3")
    assert merged.conflicts == (
        Conflict(field="phone", base="02-1", theirs="02-2", mine="02-3"),
        Conflict(field="expires", base="2026-01-01", theirs="", mine="2027-01-01"),
    )


def test_words_links_and_files_are_merged_as_sets() -> None:
    ours, another = Reference(title="가", url="https://a.kr"), Reference(title="나", url="https://b.kr")
    file = Attachment(id="f", name="신청서.hwp", size=1)
    theirs = replace(BASE, keywords=("여권", "재발급"), links=(ours,), attachments=(file,))
    mine = replace(BASE, keywords=("패스포트", "여권", "분실"), links=(another, ours))
    merged = merge(BASE, theirs, mine)
    assert merged.content.keywords == ("패스포트", "여권", "재발급"), "'분실' was taken away by one side"
    assert merged.content.links == (another, ours)
    assert merged.content.attachments == (file,)
    assert merged.conflicts == ()


def test_steps_in_conflict_stand_both_in_the_procedure() -> None:
    merged = merge(
        BASE, replace(BASE, procedure=("가", "나-1", "다")), replace(BASE, procedure=("가", "나-2", "다", "라"))
    )
    assert merged.content.procedure == ("가", "나-2", "나-1", "다", "라")
    assert merged.conflicts == (Conflict(field="procedure", base="나", theirs="나-1", mine="나-2"),)


def test_a_text_of_very_many_lines_is_one_conflict() -> None:
    lines = [str(number) for number in range(3000)]
    regions = merge_lines(lines, ["x", *lines], [*lines, "y"])
    assert [region.conflict for region in regions] == [True]
    assert regions[0].mine[-1] == "y"
    assert regions[0].theirs[0] == "x"


LINES = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(base=LINES, theirs=LINES, mine=LINES)
def test_every_line_that_somebody_wrote_stands_in_the_result_or_in_a_conflict(
    base: list[str], theirs: list[str], mine: list[str]
) -> None:
    regions = merge_lines(base, theirs, mine)
    kept = Counter(line for region in regions for line in (*region.lines, *region.theirs, *region.mine))
    for side, other in ((theirs, mine), (mine, theirs)):
        # What a side wrote anew; what it left alone may have been taken out by the other.
        written = Counter(side) - Counter(base)
        assert written <= kept, (written, kept, other)


@given(base=LINES, side=LINES)
def test_one_who_changed_alone_gets_exactly_her_text(base: list[str], side: list[str]) -> None:
    for regions in (merge_lines(base, side, base), merge_lines(base, base, side), merge_lines(base, side, side)):
        assert not any(region.conflict for region in regions)
        assert [line for region in regions for line in region.lines] == side


@given(base=LINES, theirs=LINES, mine=LINES)
def test_the_sides_can_be_read_back_from_the_regions(base: list[str], theirs: list[str], mine: list[str]) -> None:
    swapped = merge_lines(base, mine, theirs)
    regions = merge_lines(base, theirs, mine)
    assert [(r.lines, r.mine, r.theirs) for r in regions] == [(r.lines, r.theirs, r.mine) for r in swapped]


@given(
    edits=st.dictionaries(st.integers(0, 9), st.sampled_from(["theirs", "mine"]), max_size=10),
    kinds=st.lists(st.sampled_from(["change", "delete", "insert"]), min_size=10, max_size=10),
)
def test_edits_apart_from_each_other_merge_without_a_conflict(edits: dict[int, str], kinds: list[str]) -> None:
    # Twenty lines; only every second one is edited, so that between two edits a line stays as it was.
    base = [f"line {number}" for number in range(20)]
    sides: dict[str, list[list[str]]] = {who: [[line] for line in base] for who in ("theirs", "mine", "both")}
    for place, who in edits.items():
        line = base[2 * place]
        new = {"change": [f"{line} by {who}"], "delete": [], "insert": [line, f"after {line} by {who}"]}[kinds[place]]
        for side in (who, "both"):
            sides[side][2 * place] = new
    theirs, mine, both = ([line for lines in sides[who] for line in lines] for who in ("theirs", "mine", "both"))
    regions = merge_lines(base, theirs, mine)
    assert not any(region.conflict for region in regions)
    assert [line for region in regions for line in region.lines] == both


CONTENTS = st.builds(
    Content,
    title=st.sampled_from(["가", "나", "다"]),
    body=st.lists(st.sampled_from(["a", "b", "", "c"]), max_size=6).map("\n".join),
    message=st.sampled_from(["", "x\ny", "x"]),
    phone=st.sampled_from(["", "1", "2"]),
    keywords=st.lists(st.sampled_from("abcd"), unique=True, max_size=4).map(tuple),
    procedure=st.lists(st.sampled_from("abcd"), max_size=4).map(tuple),
    expires=st.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
)


@given(base=CONTENTS, theirs=CONTENTS, mine=CONTENTS)
def test_any_three_contents_merge_and_lose_nothing(base: Content, theirs: Content, mine: Content) -> None:
    merged = merge(base, theirs, mine)
    told = {conflict.field for conflict in merged.conflicts}
    for name in Content.__struct_fields__:
        old, other, own, result = (getattr(content, name) for content in (base, theirs, mine, merged.content))
        if other in (own, old):
            assert result == own
        elif own == old:
            assert result == other
            assert name in merged.taken
        elif name in ("title", "phone", "expires"):
            assert name in told
            assert result == own
        elif name == "keywords":
            assert set(result) == (set(own) & set(other)) | ((set(own) | set(other)) - set(old))
        else:
            lines = result if isinstance(result, tuple) else result.split("\n")
            for side in (other, own):
                written = set(side if isinstance(side, tuple) else side.split("\n"))
                before = set(old if isinstance(old, tuple) else old.split("\n"))
                assert written - before <= set(lines) | {""}
