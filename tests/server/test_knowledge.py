"""`minwon kb`: a table goes in, comes out the same, and brings cards."""

from __future__ import annotations

import asyncio
import csv
import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_assist.knowledge.exporting import Format, as_csv
from core.config import Config
from core.errors import BadInput, StoreFault
from core.home import Home, open_home
from core.store.entry import Entry
from core.store.sql_knowledge import SqlKnowledge
from core.store.sql_store import open_store
from server.knowledge import ImportRequest, export_file, import_file, in_words, sample_entries, suggester
from tests.agent_assist.workbooks import workbook

CONFIG = Config()
TABLE = "번호,제목,부서,키워드\n7,여권 재발급,민원여권과,여권;여권 다시\n8,대형폐기물 배출,자원순환과,장롱;매트리스\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
async def test_a_table_is_imported_in_the_encodings_of_korean_offices(
    home: Home, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "kb.csv"
    file.write_text(TABLE, encoding)
    summary = await import_file(file, CONFIG, home, dry_run=False)
    assert summary.imported == 2
    suggest = await suggester(CONFIG, home)
    assert [card.id for card in suggest("여권을 다시 만들고 싶어요")] == ["7"]


async def test_a_dry_run_changes_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "kb.csv"
    file.write_text(TABLE, "utf-8")
    summary = await import_file(file, CONFIG, home, dry_run=True)
    assert "2건" in in_words(summary)
    assert len((await suggester(CONFIG, home))("장롱을 버리려고요")) > 0  # still the sample's answer
    assert "번호" in await exported(home, tmp_path)
    assert "여권 재발급,민원여권과" not in await exported(home, tmp_path)


async def exported(home: Home, tmp_path: Path) -> str:
    file = tmp_path / "out.csv"
    await export_file(file, CONFIG, home)
    return file.read_bytes().decode("utf-8-sig")


async def test_what_is_exported_is_imported_the_same(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    file.write_text(as_csv(sample_entries()), "utf-8-sig", newline="")
    summary = await import_file(file, CONFIG, home, dry_run=False)
    assert summary.rejected == ()
    assert await exported(home, tmp_path) == as_csv(sample_entries())


async def test_a_file_that_is_not_there_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.csv"):
        await import_file(tmp_path / "nowhere.csv", CONFIG, home, dry_run=False)


async def test_small_talk_brings_no_card(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    suggest = await suggester(CONFIG, home)
    assert "sample" in capsys.readouterr().err
    assert suggest("네 안녕하세요") == []


async def stored(home: Home) -> list[Entry]:
    store = await open_store("", home)
    try:
        return [msgspec.structs.replace(entry, version=0) for entry in await store.entries()]
    finally:
        await store.close()


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
async def test_every_kind_of_file_goes_out_and_comes_into_another_database(
    home: Home, tmp_path: Path, format: Format
) -> None:
    first = tmp_path / "sample.csv"
    first.write_text(as_csv(sample_entries()), "utf-8-sig", newline="")
    await import_file(first, CONFIG, home)
    file = tmp_path / f"kb.{format}"
    assert await export_file(file, CONFIG, home) == len(sample_entries())
    other = open_home(tmp_path / "other")
    summary = await import_file(file, CONFIG, other)
    assert (summary.imported, summary.rejected) == (len(sample_entries()), ())
    assert await stored(other) == await stored(home) == list(sample_entries())


async def test_columns_are_mapped_and_every_row_left_out_stands_in_the_report(home: Home, tmp_path: Path) -> None:
    file, report = tmp_path / "kb.csv", tmp_path / "report.csv"
    file.write_text("관리,이름,설명\n1,여권,사진\n2,,\n3,,신청인 900101-1234567\n", "cp949")
    request = ImportRequest(map=("관리=id", "이름=title", "#3=body"), report=report, encoding="cp949")
    summary = await import_file(file, CONFIG, home, request=request)
    assert [(entry.id, entry.title, entry.body) for entry in await stored(home)] == [("1", "여권", "사진")]
    assert summary.columns == {"관리": "id", "이름": "title", "설명": "body"}
    lines = list(csv.reader(report.read_text("utf-8-sig").splitlines()))
    assert [line[:2] for line in lines[1:]] == [["3", "제외"], ["4", "제외"]]


async def test_a_sheet_is_chosen_by_name(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "kb.xlsx"
    file.write_bytes(workbook(("제목",), ("하나",), more={"둘째": [("제목", "내용"), ("여권", "사진")]}))
    summary = await import_file(file, CONFIG, home, request=ImportRequest(sheet="둘째"))
    assert (summary.imported, [entry.title for entry in await stored(home)]) == (1, ["여권"])


async def test_the_same_file_again_changes_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "kb.csv"
    file.write_text(TABLE, "utf-8")
    await import_file(file, CONFIG, home)
    summary = await import_file(file, CONFIG, home)
    assert (summary.imported, summary.unchanged) == (2, 2)
    assert "바뀐 것이 없는 항목" in in_words(summary)


async def test_a_file_without_a_usable_row_is_refused_but_its_report_is_written(home: Home, tmp_path: Path) -> None:
    file, report = tmp_path / "kb.csv", tmp_path / "report.csv"
    file.write_text("번호,제목\n1,\n", "utf-8")
    with pytest.raises(BadInput, match="하나도"):
        await import_file(file, CONFIG, home, request=ImportRequest(report=report))
    assert "비어" in report.read_text("utf-8-sig")


def long_table(folder: Path, rows: int) -> Path:
    file = folder / "long.csv"
    lines = (f"{number},제목 {number},{'내용 ' * 20}{number}" for number in range(1, rows + 1))
    file.write_text("\n".join(("번호,제목,내용", *lines)), "utf-8")
    return file


async def test_a_database_that_dies_tells_how_far_it_came_and_the_same_command_goes_on(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = long_table(tmp_path, 1200)
    whole, given = SqlKnowledge.add_versions, []

    async def dying(self: SqlKnowledge, versions: Any, *, job: Any = None) -> None:
        given.append(len(versions))
        if len(given) == 2:
            raise StoreFault("the disk is full")
        await whole(self, versions, job=job)

    monkeypatch.setattr(SqlKnowledge, "add_versions", dying)
    with pytest.raises(StoreFault, match="500행까지는 저장"):
        await import_file(file, CONFIG, home)
    summary = await import_file(file, CONFIG, home)
    assert (summary.resumed_at, summary.imported, given) == (500, 1200, [500, 500, 500, 200])
    assert len(await stored(home)) == 1200


@pytest.mark.slow
async def test_a_killed_import_goes_on_where_it_was(home: Home, tmp_path: Path) -> None:
    file = long_table(tmp_path, 2500)
    await (await open_store("", home)).close()
    environment = {**os.environ, "MINWON_HOME": str(home.root)}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "kb", "import", str(file), env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    store = await open_store("", home)
    try:
        async with asyncio.timeout(60):
            while not (jobs := await store.knowledge.jobs()) or not jobs[0].done:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        await child.wait()
        (job,) = await store.knowledge.jobs()
        assert (job.state, len(await store.entries())) == ("running", job.done)
        assert 0 < job.done < 2500
    finally:
        await store.close()
    summary = await import_file(file, CONFIG, home)
    assert (summary.resumed_at, summary.imported) == (job.done, 2500)
    store = await open_store("", home)
    assert len(await store.entries()) == 2500
    assert {head.version for head in await store.knowledge.heads(limit=10_000)} == {1}
    await store.close()


@pytest.mark.slow
async def test_ctrl_c_lets_the_batch_end_and_the_same_command_goes_on(home: Home, tmp_path: Path) -> None:
    file = long_table(tmp_path, 1600)
    steps = 0

    def interrupt(_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            os.kill(os.getpid(), signal.SIGINT)

    summary = await import_file(file, CONFIG, home, follow=interrupt)
    assert summary.stopped
    assert 0 < summary.imported < 1600
    assert "같은 명령" in in_words(summary)
    again = await import_file(file, CONFIG, home)
    assert (again.resumed_at, again.imported) == (summary.imported, 1600)
