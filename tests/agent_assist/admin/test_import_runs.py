"""Uploaded files and running imports: how many are kept, how large they may be, how long it still takes."""

from __future__ import annotations

from typing import Any

import pytest

from agent_assist.admin.import_runs import UPLOADS, ImportRuns, seconds_left
from agent_assist.knowledge.importing import ImportProgress
from tests.agent_assist.admin.test_imports import table, uploaded
from tests.fakes.admin_site import AdminSite


async def test_only_a_few_files_are_kept(site: AdminSite) -> None:
    ids = [(await uploaded(site, table(2 + n)))["upload_id"] for n in range(UPLOADS + 2)]
    kept = {file.name for file in site.house.imports.folder.iterdir()}
    assert kept == set(ids[-UPLOADS:])
    assert (await site.ask("POST", f"imports/{ids[0]}/preview", {}))[0] == 404


async def test_a_file_that_grows_too_large_is_refused_while_it_comes(site: AdminSite) -> None:
    async def nothing() -> list[Any]:
        return []

    runs = ImportRuns(site.house.imports.folder.parent / "small", site.store.knowledge, nothing, limit=100)

    async def chunks() -> Any:
        for _ in range(1000):
            yield b"x" * 60

    with pytest.raises(Exception, match="too large"):
        await runs.take("큰.csv", chunks(), "editor")
    assert list(runs.folder.iterdir()) == []


def test_time_left_goes_by_the_rows_of_this_run() -> None:
    progress = ImportProgress(rows=1000, done=600, resumed_at=500)
    assert seconds_left(progress, 2.0) == 8.0
    assert seconds_left(ImportProgress(rows=1000, done=500, resumed_at=500), 2.0) is None
    assert seconds_left(None, 2.0) is None


async def test_what_a_node_before_has_left_is_cleared_away(site: AdminSite) -> None:
    folder = site.house.imports.folder
    folder.mkdir()
    (folder / "left").write_bytes(b"x")
    await uploaded(site, table(3))
    assert [file.name for file in folder.iterdir()] != ["left"] and len(list(folder.iterdir())) == 1


async def test_closing_stops_after_the_batch_in_hand(site: AdminSite) -> None:
    found = await uploaded(site, table(4000))
    started = await site.post(f"imports/{found['upload_id']}/start", {"dry_run": False})
    await site.house.imports.close()
    run = await site.get(f"runs/{started['run_id']}")
    assert run["state"] == "stopped"
    [job] = await site.store.knowledge.jobs()
    assert (job.state, job.done) == ("stopped", run["progress"]["done"])
