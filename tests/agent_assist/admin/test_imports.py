"""The import wizard over HTTP, on a real database: read, map, look, try, run, stop, go on, report, export."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from tests.fakes.admin_site import AdminSite


def table(rows: int, *, encoding: str = "utf-8") -> bytes:
    lines = ["번호,질문,부서명,답변"]
    lines += [f"{n},수도 요금 {n},상수도과,매달 {n}일에 냅니다." for n in range(1000, 1000 + rows)]
    return "\n".join(lines).encode(encoding)


async def uploaded(site: AdminSite, data: bytes, name: str = "표.csv") -> Any:
    status, answer = await site.ask("POST", f"imports?name={name}", data=io.BytesIO(data))
    assert status == 200, answer
    return answer


async def finished(site: AdminSite, run_id: str) -> Any:
    async with asyncio.timeout(30):
        while (run := await site.get(f"runs/{run_id}"))["state"] == "running":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return run


async def test_encoding_and_columns_are_found_and_can_be_told(site: AdminSite) -> None:
    found = await uploaded(site, table(30, encoding="cp949"))
    assert found["preview"]["encoding"].lower().replace("-", "") in ("cp949", "euckr")
    assert found["preview"]["total"] == 30 and len(found["preview"]["rows"]) == 20
    assert [column["field"] for column in found["preview"]["mapping"]["columns"]][:2] == ["id", "title"]
    fields = ["", "title", "department", "body"]
    told = await site.post(f"imports/{found['upload_id']}/preview", {"fields": fields})
    assert [column["field"] for column in told["mapping"]["columns"]] == fields
    for wrong in (["id", "title", "title", "body"], ["id", "title", "colour", "body"]):
        status, answer = await site.ask("POST", f"imports/{found['upload_id']}/preview", {"fields": wrong})
        assert status == 400 and " / " in answer["message"], wrong


async def test_a_trial_run_changes_nothing_a_real_one_does_and_the_report_tells(site: AdminSite) -> None:
    found = await uploaded(site, table(40) + b"\n,,,\n2000,,,\n")
    path = f"imports/{found['upload_id']}/start"
    trial = await finished(site, (await site.post(path, {"dry_run": True}))["run_id"])
    assert (trial["state"], trial["dry_run"], trial["progress"]["taken"]) == ("done", True, 40)
    assert len(await site.store.entries()) == 2
    run = await finished(site, (await site.post(path, {"dry_run": False}))["run_id"])
    assert (run["state"], run["progress"]["taken"], run["progress"]["rejected"]) == ("done", 40, 1)
    assert len(await site.store.entries()) == 42
    report = await site.get(f"runs/{run['run_id']}/report")
    assert report["rejected"] == 1 and report["report"]["rejected"][0]["line"] >= 42
    csv = (await site.get(f"runs/{run['run_id']}/report.csv")).decode("utf-8-sig")
    assert "제외" in csv and csv.count("\n") >= 2
    [job] = await site.get("imports")
    assert (job["state"], job["by"], job["source"]) == ("done", "editor", "표.csv")
    newest = await site.store.knowledge.version("1000")
    assert newest is not None and (newest.state, newest.title) == ("published", "수도 요금 1000")


async def test_a_stopped_import_goes_on_where_it_was_with_the_same_file(site: AdminSite) -> None:
    data = table(1500)
    found = await uploaded(site, data)
    started = await site.post(f"imports/{found['upload_id']}/start", {"dry_run": False})
    await site.post(f"runs/{started['run_id']}/stop")
    stopped = await finished(site, started["run_id"])
    assert stopped["state"] == "stopped" and stopped["progress"]["done"] < 1500
    again = await uploaded(site, data)
    run = await finished(site, (await site.post(f"imports/{again['upload_id']}/start", {"dry_run": False}))["run_id"])
    assert (run["state"], run["progress"]["resumed_at"]) == ("done", stopped["progress"]["done"])
    assert len(await site.store.entries()) == 1502


async def test_one_import_at_a_time(site: AdminSite) -> None:
    found = await uploaded(site, table(3000))
    path = f"imports/{found['upload_id']}/start"
    first = await site.post(path, {"dry_run": False})
    status, answer = await site.ask("POST", path, {"dry_run": True})
    assert (status, answer["code"]) == (409, "import_running")
    await site.post(f"runs/{first['run_id']}/stop")
    await finished(site, first["run_id"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("빈.csv", b""),
        ("깨진.xlsx", b"PK\x03\x04 not a workbook"),
        ("그림.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("깨진.json", b'{"entries": ['),
    ],
)
async def test_files_that_nobody_can_read_are_refused_in_words_and_not_kept(
    site: AdminSite, name: str, data: bytes
) -> None:
    status, answer = await site.ask("POST", f"imports?name={name}", data=io.BytesIO(data))
    assert status == 400 and " / " in answer["message"], answer
    assert list((site.house.imports.folder).glob("*")) == []


async def test_what_is_not_there_is_404(site: AdminSite) -> None:
    for method, path in (
        ("POST", "imports/none/preview"),
        ("POST", "imports/none/start"),
        ("GET", "runs/none"),
        ("POST", "runs/none/stop"),
        ("GET", "runs/none/report"),
        ("GET", "runs/none/report.csv"),
    ):
        assert (await site.ask(method, path, {} if method == "POST" else None))[0] == 404, path
    assert (await site.ask("POST", "imports", data=b"x"))[0] == 400  # without a name
    assert (await site.ask("GET", "export?format=pdf"))[0] == 400


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
async def test_what_is_exported_reads_back_to_the_same(site: AdminSite, kind: str) -> None:
    async with site.client.get(f"/kb/api/export?format={kind}", headers={"X-Agent": "editor"}) as answer:
        assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
        data = await answer.read()
    found = await uploaded(site, data, f"다시.{kind}")
    run = await finished(site, (await site.post(f"imports/{found['upload_id']}/start", {"dry_run": True}))["run_id"])
    assert (run["progress"]["taken"], run["progress"]["unchanged"], run["progress"]["rejected"]) == (2, 2, 0)
