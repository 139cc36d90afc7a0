"""A table comes into the database: in batches, broken off and gone on with, without a row that is lost unsaid."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.knowledge.columns import guess, mapped
from agent_assist.knowledge.importing import (
    DuplicatePolicy,
    Importing,
    ImportOptions,
    ImportProgress,
    ImportReport,
    digest_of,
    report_csv,
)
from agent_assist.knowledge.tables import open_table
from core.errors import BadInput, StoreFault
from core.home import Home
from core.store.contract import Store
from core.store.entry import Entry
from core.store.knowledge import EntryState
from core.store.sql_store import open_store
from tests.fakes.import_store import T0, ImportStore

DASAN = Path(__file__).parents[3] / "shared" / "data" / "dasan-kb" / "seoul-120-text.csv"
BODY = (
    "신분증과 사진 한 장을 가지고 창구에 오시면 접수한 날부터 나흘 뒤에 찾으실 수 있습니다. "
    "대리인은 위임장이 있어야 합니다."
)


def table(count: int, first: int = 1) -> bytes:
    rows = (f"{number},제목 {number},내용 {number}" for number in range(first, first + count))
    return "\n".join(("번호,제목,내용", *rows)).encode()


def importing(
    data: bytes,
    store: object,
    *,
    duplicates: DuplicatePolicy = "report",
    batch: int = 10,
    dry_run: bool = False,
    existing: Sequence[Entry] = (),
    by: str = "import",
    map: Sequence[str] = (),
) -> Importing:
    opened = open_table("kb.csv", data)
    mapping = mapped(opened.header, map)
    options = ImportOptions(
        source="kb.csv",
        digest=digest_of(data, mapping, duplicates=duplicates),
        duplicates=duplicates,
        batch=batch,
        dry_run=dry_run,
        by=by,
    )
    return Importing(opened, mapping, store, options, existing=existing, now=lambda: T0)  # type: ignore[arg-type]


async def whole(run: Importing) -> tuple[list[ImportProgress], ImportReport]:
    return [progress async for progress in run], run.report


async def test_one_transaction_a_batch_with_its_progress() -> None:
    store = ImportStore()
    steps, report = await whole(importing(table(25), store))
    assert store.batches == [10, 10, 5]
    assert [(step.done, step.taken, step.state) for step in steps] == [
        (0, 0, "running"),
        (10, 10, "running"),
        (20, 20, "running"),
        (25, 25, "running"),
        (25, 25, "done"),
    ]
    assert {step.rows for step in steps} == {25}
    assert len(store.kept) == 25
    (job,) = store.jobs_kept
    assert (job.done, job.taken, job.rows, job.state, job.source) == (25, 25, 25, "done", "kb.csv")
    assert report.rejected == ()


async def test_a_dead_database_loses_one_batch_and_the_next_run_goes_on() -> None:
    store = ImportStore()
    store.dies_at_batch = 2
    broken = importing(table(25), store)
    with pytest.raises(StoreFault):
        await whole(broken)
    assert broken.report.progress.done == 10
    store.dies_at_batch = 0
    steps, _ = await whole(importing(table(25), store))
    assert steps[0].resumed_at == 10
    assert store.batches == [10, 10, 5]
    assert all(len(versions) == 1 for versions in store.kept.values())
    assert len(store.kept) == 25
    assert (steps[-1].done, steps[-1].taken, steps[-1].state) == (25, 25, "done")


async def test_what_was_said_before_the_break_is_said_again() -> None:
    data = "번호,제목,내용\n1,가,나\n1,다,라\n2,마,바\n3,가,나\n4,,\n".encode()
    store = ImportStore()
    store.dies_at_batch = 2
    with pytest.raises(StoreFault):
        await whole(importing(data, store, batch=3))
    store.dies_at_batch = 0
    _, report = await whole(importing(data, store, batch=3))
    assert [note.line for note in report.rejected] == [3, 6]
    assert [(pair.line, pair.other_line, pair.alike) for pair in report.duplicates] == [(5, 2, 1.0)]


async def test_it_stops_between_batches_and_goes_on() -> None:
    store = ImportStore()
    run = importing(table(25), store)
    async for progress in run:
        if progress.done == 10:
            run.stop()
    assert run.report.progress.state == "stopped"
    assert store.jobs_kept[0].state == "stopped"
    assert len(store.kept) == 10
    steps, _ = await whole(importing(table(25), store))
    assert steps[0].resumed_at == 10
    assert len(store.kept) == 25
    assert [job.state for job in store.jobs_kept] == ["done"]


async def test_another_mapping_is_another_job() -> None:
    store = ImportStore()
    store.dies_at_batch = 2
    with pytest.raises(StoreFault):
        await whole(importing(table(25), store))
    store.dies_at_batch = 0
    steps, _ = await whole(importing(table(25), store, map=["내용=message"]))
    assert steps[0].resumed_at == 0


async def test_unchanged_rows_get_no_new_version_and_changed_ones_do() -> None:
    store = ImportStore()
    await whole(importing(table(5), store))
    steps, _ = await whole(importing(table(5), store))
    assert (steps[-1].taken, steps[-1].unchanged) == (5, 5)
    assert all(len(versions) == 1 for versions in store.kept.values())
    await whole(importing(table(5).replace("내용 3".encode(), "새 내용".encode()), store, by="kim"))
    assert {entry_id: len(versions) for entry_id, versions in store.kept.items() if len(versions) > 1} == {"3": 2}
    newest = store.kept["3"][-1]
    assert (newest.body, newest.by, newest.why, newest.at) == ("새 내용", "kim", "kb.csv 가져오기", T0)


async def test_what_agents_read_already_is_not_asked_for(store: Store) -> None:
    await whole(importing(FULL, store.knowledge))
    there = await store.entries()
    asked: list[str] = []

    class Asked:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(store.knowledge, name)

    steps, _ = await whole(importing(FULL, Asked(), existing=there))
    assert (steps[-1].unchanged, "version" in asked) == (2, False)
    asked.clear()
    steps, _ = await whole(importing(FULL.replace("다시".encode(), "또".encode()), Asked(), existing=there))
    assert (steps[-1].unchanged, asked.count("chosen_versions")) == (1, 1)
    assert [entry.body for entry in await store.entries()] == ["첫 줄\n둘째 줄", "또 만들기"]


async def test_what_the_table_is_silent_of_stays() -> None:
    store = ImportStore()
    await whole(importing("번호,제목,내용,전화,만료일\n1,여권,사진,120,2026-12-31\n".encode(), store))
    await whole(importing("번호,제목\n1,여권 재발급\n".encode(), store))
    newest = store.kept["1"][-1]
    assert (newest.title, newest.body, newest.phone, str(newest.expires)) == (
        "여권 재발급",
        "사진",
        "120",
        "2026-12-31",
    )


async def test_a_draft_survives_an_unchanged_row_and_is_told_of_when_a_changed_one_goes_above_it() -> None:
    store = ImportStore()
    await whole(importing(table(1), store))
    draft = msgspec.structs.replace(store.kept["1"][0], state="draft", body="쓰는 중", by="lee")
    await store.add_versions([draft])
    await whole(importing(table(1), store))
    assert [version.state for version in store.kept["1"]] == ["published", "draft"]
    _, report = await whole(importing(table(1).replace("내용".encode(), "새 내용".encode(), 1) + b"!", store))
    assert [version.state for version in store.kept["1"]] == ["published", "draft", "published"]
    assert any("2판" in note.reason for note in report.remarks)


@pytest.mark.parametrize("state", ["deleted", "withdrawn"])
async def test_an_entry_that_is_gone_comes_back_and_that_is_said(state: EntryState) -> None:
    store = ImportStore()
    await whole(importing(table(1), store))
    await store.add_versions([msgspec.structs.replace(store.kept["1"][0], state=state)])
    _, report = await whole(importing(table(1), store))
    assert store.kept["1"][-1].state == "published"
    assert any("되살립니다" in note.reason for note in report.remarks)


async def test_a_dry_run_writes_nothing_and_says_the_same() -> None:
    store = ImportStore()
    _, wet = await whole(importing(table(5), ImportStore()))
    _, dry = await whole(importing(table(5), store, dry_run=True))
    assert (store.kept, store.jobs_kept, store.batches) == ({}, [], [])
    assert dry.progress == wet.progress


COPIES = (
    f"번호,제목,내용\n1,여권 재발급 안내,{BODY}\n2,여권 재발급 안내,{BODY}\n3,여권 재 발급안내,{BODY} 끝.\n".encode()
)


async def test_copies_are_told_and_taken() -> None:
    store = ImportStore()
    _, report = await whole(importing(COPIES, store))
    assert len(store.kept) == 3
    assert [(pair.line, pair.other_line) for pair in report.duplicates if pair.alike == 1.0] == [(3, 2)]
    assert {pair.other_line for pair in report.duplicates if pair.line == 4} == {2, 3}


async def test_exact_copies_are_left_out_when_asked() -> None:
    store = ImportStore()
    _, report = await whole(importing(COPIES, store, duplicates="skip"))
    assert list(store.kept) == ["1", "3"]
    assert [note.line for note in report.rejected] == [3]
    assert "2행" in report.rejected[0].reason


async def test_nobody_looks_for_copies_when_asked() -> None:
    store = ImportStore()
    _, report = await whole(importing(COPIES, store, duplicates="keep"))
    assert len(store.kept) == 3
    assert report.duplicates == ()


async def test_copies_of_what_is_there_are_told_but_an_entry_is_no_copy_of_itself() -> None:
    store = ImportStore()
    there = [Entry(id="1", title="여권 재발급 안내", body=BODY), Entry(id="77", title="여권 재발급 안내", body=BODY)]
    _, report = await whole(importing(COPIES.splitlines(True)[0] + COPIES.splitlines(True)[1], store, existing=there))
    assert [(pair.entry_id, pair.other_id, pair.other_line) for pair in report.duplicates] == [("1", "77", 0)]


async def test_without_a_title_column_nothing_begins() -> None:
    with pytest.raises(BadInput, match="--map"):
        importing("이것,저것\n1,2\n".encode(), ImportStore())


async def test_the_loop_stays_free(no_blocking_calls: None) -> None:
    await whole(importing(table(30), ImportStore()))


async def test_the_report_has_every_row_that_needs_a_look() -> None:
    rows = ("1,가,나,어제", "1,다,라,", f"3,여권,{BODY},", f"4,여권,{BODY},", "5,=1+1 900101-1234567,,")
    data = "\n".join(("번호,제목,내용,수정일", *rows)).encode()
    _, report = await whole(importing(data, ImportStore()))
    lines = list(csv.reader(io.StringIO(report_csv(report).decode("utf-8-sig"))))
    assert lines[0] == ["행", "구분", "이유"]
    assert [line[:2] for line in lines[1:]] == [["2", "확인"], ["3", "제외"], ["5", "중복"], ["6", "제외"]]
    assert "900101" not in report_csv(report).decode("utf-8-sig")


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened: Store = await open_store("", home)
    yield opened
    await opened.close()


FULL = """번호,제목,분류,부서,담당자,대직자,전화,절차,내용,만료일
7,여권 발급,민원서류>여권,민원여권과,백서연,임도현,070-0055-1100,접수 / 수령,"첫 줄
둘째 줄",2099-12-31
8,여권 재발급,민원서류>여권,민원여권과,백서연,,070-0055-1100,,다시 만들기,
""".encode()


async def test_names_become_records_once_and_entries_read_as_the_rows(store: Store) -> None:
    await whole(importing(FULL, store.knowledge))
    assert [department.name for department in await store.knowledge.departments()] == ["민원여권과"]
    assert sorted(person.name for person in await store.knowledge.people()) == ["백서연", "임도현"]
    assert [category.name for category in await store.knowledge.categories()] == ["민원서류", "여권"]
    first, second = await store.entries()
    assert (first.department, first.person, first.deputy, first.category) == (
        "민원여권과",
        "백서연",
        "임도현",
        "민원서류>여권",
    )
    assert (first.body, first.procedure, first.version) == ("첫 줄\n둘째 줄", ("접수", "수령"), 1)
    assert second.phone == "070-0055-1100"


async def test_the_real_store_goes_on_and_keeps_what_is_unchanged(store: Store) -> None:
    run = importing(table(25), store.knowledge)
    async for progress in run:
        if progress.done == 10:
            run.stop()
    assert len(await store.entries()) == 10
    steps, _ = await whole(importing(table(25), store.knowledge))
    assert steps[0].resumed_at == 10
    assert len(await store.entries()) == 25
    revision = await store.entries_revision()
    steps, _ = await whole(importing(table(25), store.knowledge))
    assert steps[-1].unchanged == 25
    assert await store.entries_revision() == revision


async def test_calls_go_on_beside_an_import(store: Store) -> None:
    running = asyncio.create_task(whole(importing(table(200), store.knowledge, batch=50)))
    turns = 0
    while not running.done():
        await asyncio.sleep(0)
        turns += 1
    await running
    assert turns > 20


ROWS = st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), st.text(max_size=5), st.text(max_size=12)), max_size=15)


@given(ROWS)
def test_every_row_with_content_is_taken_or_told(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("번호", "제목", "내용"), *rows])
    data = text.getvalue().encode("utf-8", "replace")
    try:
        run = importing(data, ImportStore())
        _, report = asyncio.run(whole(run))
    except BadInput:
        return
    lines = {row.line for row in open_table("kb.csv", data).rows()}
    assert report.progress.done == len(lines)
    assert report.progress.taken + report.progress.rejected == len(lines)
    assert {note.line for note in report.rejected} <= lines
    assert all(note.reason for note in report.rejected)


@pytest.mark.shared
@pytest.mark.skipif(not DASAN.exists(), reason="the shared material is not there")
async def test_of_a_real_messy_database_nothing_with_content_is_lost(store: Store) -> None:
    data = DASAN.read_bytes()
    opened = open_table(DASAN.name, data)
    mapping = guess(opened.header)
    digest = digest_of(data, mapping)
    run = Importing(opened, mapping, store.knowledge, ImportOptions(source=DASAN.name, digest=digest))
    _, report = await whole(run)
    kept = {entry.id: entry for entry in await store.entries()}
    told = {note.line for note in report.rejected}
    with_content = 0
    for row in opened.rows():
        number, _, title, body, *_ = (str(cell) for cell in row.cells)
        if not title.strip() and not body.strip():
            continue
        with_content += 1
        entry = kept.get(number)
        assert entry is not None or row.line in told, f"row {row.line} is lost"
        if entry is not None:
            words = [word for word in body.split() if word.isalnum()]
            assert all(word in entry.body for word in words), f"words of row {row.line} are lost"
    assert with_content == 2645
    assert len(kept) == 2645
