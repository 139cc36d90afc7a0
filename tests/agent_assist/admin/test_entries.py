"""Entries over HTTP: lists, saving, merging, steps, versions, attachments, and what is refused in which words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.admin_site import AdminSite
from tests.fakes.entries import MOVE, WASTE


def content(**fields: Any) -> dict[str, Any]:
    return {"title": "소형 폐가전", "category_id": "cwaste", "department_id": "dclean", "person_id": "poh", **fields}


async def created(site: AdminSite, *, by: str = "editor", **fields: Any) -> str:
    entry_id: str = (await site.post("entries", {"content": content(**fields), "why": "새로"}, by=by))["entry_id"]
    return entry_id


async def test_the_list_is_searched_filtered_and_paged(site: AdminSite) -> None:
    for number in range(5):
        await created(site, title=f"가로등 {number}", expires="2026-12-01" if number == 1 else None)
    first = await site.get("entries?text=가로등&limit=3")
    assert (len(first["heads"]), first["more"]) == (3, True)
    rest = await site.get(f"entries?text=가로등&limit=3&after={first['heads'][-1]['entry_id']}")
    assert (len(rest["heads"]), rest["more"]) == (2, False)
    assert len({head["entry_id"] for head in first["heads"] + rest["heads"]}) == 5
    assert {head["state"] for head in (await site.get("entries?state=draft"))["heads"]} == {"draft"}
    assert len((await site.get("entries?category=cliving"))["heads"]) >= 5  # with what is below it
    assert [head["title"] for head in (await site.get("entries?due_before=2026-12-24"))["heads"]] == ["가로등 1"]
    counts = await site.get("entries/counts")
    assert (counts["draft"], counts["published"]) == (5, 2)


async def test_what_no_title_holds_is_found_by_words_of_the_text_and_by_first_letters(site: AdminSite) -> None:
    await site.load()
    for text in ("장롱", "ㄷㅎㅍㄱㅁ"):
        assert (await site.get(f"entries?text={text}"))["heads"] == []
        assert (await site.get(f"search?text={text}", by="agent"))["results"][0]["id"] == WASTE.id
    assert (await site.get("search?text="))["results"] == []


@pytest.mark.parametrize("query", ["state=gone", "limit=0", "limit=999", "limit=x", "due_before=tomorrow", "limit=٣"])
async def test_a_query_that_cannot_be_read_is_said_in_words(site: AdminSite, query: str) -> None:
    status, answer = await site.ask("GET", f"entries?{query}")
    assert status == 400 and " / " in answer["message"]


async def test_a_long_query_half_composed_letters_and_emoji(site: AdminSite) -> None:
    for text in ("가" * 800, "ㄱㅏㄴㅏ", "🐈‍⬛", "여권", "'; drop table entries; --", "%25", "_"):
        assert (await site.ask("GET", f"entries?text={text}"))[0] == 200


async def test_an_entry_comes_with_its_text_its_steps_and_its_tasks(site: AdminSite) -> None:
    await site.post(f"entries/{WASTE.id}/report", {"note": "전화가 바뀜", "version": 1}, by="agent")
    file = await site.get(f"entries/{WASTE.id}", by="admin")
    assert file["entry"]["title"] == WASTE.title and file["nodes"][0]["tag"] == "p"
    assert "save" in file["opened"]["steps"] and file["opened"]["published"] == 1
    assert [task["note"] for task in file["tasks"]] == ["전화가 바뀜"]
    assert (await site.get(f"entries/{WASTE.id}", by="agent"))["opened"]["steps"] == []


async def test_what_is_not_there_is_404_everywhere(site: AdminSite) -> None:
    for method, path, sent in (
        ("GET", "entries/none", None),
        ("GET", "entries/none/versions", None),
        ("GET", "entries/none/versions/1", None),
        ("GET", f"entries/{WASTE.id}/versions/9", None),
        ("GET", f"entries/{WASTE.id}/diff?a=1&b=9", None),
        ("POST", "entries/none", {"content": content(), "based_on": 1}),
        ("POST", "entries/none/step", {"step": "publish", "based_on": 1}),
        ("POST", "entries/none/restore", {"version": 1, "based_on": 1}),
        ("POST", "entries/none/report", {"note": "틀림"}),
        ("GET", "attachments/none", None),
        ("GET", "attachments/..%2F..%2Fminwon.sqlite3", None),
    ):
        status, answer = await site.ask(method, path, sent, by="admin")
        assert status == 404, (path, status, answer)


async def test_saving_adds_a_version_and_the_same_again_none(site: AdminSite) -> None:
    entry_id = await created(site)
    saved = await site.post(f"entries/{entry_id}", {"content": content(body="새 글"), "based_on": 1, "why": "더함"})
    assert (saved["version"]["version"], saved["version"]["by"], saved["changed"]) == (2, "editor", True)
    again = await site.post(f"entries/{entry_id}", {"content": content(body="새 글"), "based_on": 2})
    assert (again["version"]["version"], again["changed"]) == (2, False)


async def test_two_at_once_the_second_gets_the_merge_and_saves_it(site: AdminSite) -> None:
    entry_id = await created(site, body="하나\n둘\n셋")
    await site.post(f"entries/{entry_id}", {"content": content(body="하나!\n둘\n셋"), "based_on": 1, "why": "느낌표"})
    mine = content(body="하나\n둘\n셋?", title="새 제목")
    status, clash = await site.ask("POST", f"entries/{entry_id}", {"content": mine, "based_on": 1}, by="second")
    assert (status, clash["code"], clash["newest"]) == (409, "edited_meanwhile", 2)
    merge = clash["merge"]
    assert (merge["newest"]["by"], merge["newest"]["why"]) == ("editor", "느낌표")
    assert merge["merged"]["title"] == "새 제목"
    assert "하나!" in merge["merged"]["body"] and "셋?" in merge["merged"]["body"]
    assert (await site.store.knowledge.version(entry_id)).version == 2  # type: ignore[union-attr]  # nothing saved yet
    merged = {**merge["merged"], "body": "하나!\n둘\n셋?"}
    saved = await site.post(f"entries/{entry_id}", {"content": merged, "based_on": 2}, by="second")
    assert saved["version"]["version"] == 3


async def test_a_text_with_marks_of_a_merge_is_not_saved(site: AdminSite) -> None:
    entry_id = await created(site)
    body = "<<<<<<< 내 내용\n가\n=======\n나\n>>>>>>> 먼저"
    status, answer = await site.ask("POST", f"entries/{entry_id}", {"content": content(body=body), "based_on": 1})
    assert status == 400 and [fault["field"] for fault in answer["faults"]] == ["body"]


async def test_everything_wrong_is_told_at_once_with_its_field(site: AdminSite) -> None:
    wrong = content(
        title="  ", phone="call me", body="주민번호 900101-1234568", links=[{"title": "x", "url": "ftp://x"}]
    )
    status, answer = await site.ask("POST", "entries", {"content": wrong})
    assert (status, answer["code"]) == (400, "faulty")
    assert {fault["field"] for fault in answer["faults"]} == {"title", "phone", "body", "links"}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"content": {"title": 3}},
        {"content": {"title": "x", "colour": "red"}},
        {"content": {"title": "x"}, "based_on": 0},
        {"content": {"title": "x"}, "based_on": 1, "why": "x" * 501},
        [],
        "text",
    ],
)
async def test_what_cannot_be_read_is_400(site: AdminSite, sent: object) -> None:
    assert (await site.ask("POST", f"entries/{WASTE.id}", sent))[0] == 400


async def test_a_body_of_more_than_a_megabyte_is_refused_in_words(site: AdminSite) -> None:
    status, answer = await site.ask(
        "POST", "entries", data=io.BytesIO(b'{"content": {"title": "' + b"x" * 2**21 + b'"}}')
    )
    assert (status, answer["code"]) == (400, "too_large")


async def test_draft_reviewed_published_by_those_who_may(site: AdminSite) -> None:
    entry_id = await created(site)
    step = f"entries/{entry_id}/step"
    status, answer = await site.ask("POST", step, {"step": "review", "based_on": 1})
    assert (status, answer["code"]) == (409, "own_draft")
    assert (await site.post(step, {"step": "review", "based_on": 1}, by="second"))["state"] == "reviewed"
    assert (await site.ask("POST", step, {"step": "publish", "based_on": 2}, by="second"))[0] == 403
    assert (await site.post(step, {"step": "publish", "based_on": 2, "why": "맞음"}, by="owner"))["version"] == 3
    assert entry_id in {entry.id for entry in await site.store.entries()}
    status, answer = await site.ask("POST", step, {"step": "withdraw", "based_on": 2}, by="owner")
    assert (status, answer["code"], answer["newest"]) == (409, "edited_meanwhile", 3)
    await site.post(step, {"step": "withdraw", "based_on": 3}, by="owner")
    assert entry_id not in {entry.id for entry in await site.store.entries()}
    for wrong in ("save", "restore"):
        assert (await site.ask("POST", step, {"step": wrong, "based_on": 4}, by="owner"))[0] == 400


async def test_an_owner_writes_her_own_departments_entries_alone(site: AdminSite) -> None:
    own = await created(site, by="owner")
    assert (await site.post(f"entries/{own}", {"content": content(body="x"), "based_on": 1}, by="owner"))["changed"]
    status, answer = await site.ask("POST", "entries", {"content": content(department_id="dpass")}, by="owner")
    assert (status, answer["code"]) == (403, "not_allowed")
    status, _ = await site.ask("POST", f"entries/{MOVE.id}", {"content": content(), "based_on": 1}, by="owner")
    assert status == 403


async def test_one_click_back_and_back_again(site: AdminSite) -> None:
    entry_id = await created(site, body="앞")
    await site.post(f"entries/{entry_id}", {"content": content(body="뒤"), "based_on": 1})
    restored = await site.post(f"entries/{entry_id}/restore", {"version": 1, "based_on": 2})
    assert (restored["version"], restored["body"]) == (3, "앞")
    undone = await site.post(f"entries/{entry_id}/restore", {"version": 2, "based_on": 3})
    assert (undone["version"], undone["body"]) == (4, "뒤")
    versions = await site.get(f"entries/{entry_id}/versions")
    assert [one["version"] for one in versions] == [4, 3, 2, 1]
    [change] = await site.get(f"entries/{entry_id}/diff?a=1&b=2")
    assert (change["field"], change["before"], change["after"]) == ("body", "앞", "뒤")


async def test_markdown_is_shown_without_any_markup_of_its_own(site: AdminSite) -> None:
    text = "**굵게** <script>alert(1)</script> [나쁜](javascript:alert(1)) [좋은](https://x.example)"
    found = list(_elements((await site.post("preview", {"text": text}, by="agent"))["nodes"]))
    assert {element["tag"] for element in found} == {"p", "strong", "a"}
    assert [element["href"] for element in found if element["tag"] == "a"] == ["https://x.example"]
    assert (await site.ask("POST", "preview", {"text": "x" * 200_001}))[0] == 400


def _elements(nodes: list[Any]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if isinstance(node, dict):
            yield node
            yield from _elements(node["children"])


async def test_a_text_message_is_measured_as_carriers_do(site: AdminSite) -> None:
    assert await site.post("measure", {"text": "가" * 45}) == {"bytes": 90, "kind": "sms", "limit": 2000}
    assert (await site.post("measure", {"text": "가" * 46}))["kind"] == "lms"
    assert (await site.ask("POST", "measure", {"text": "가" * 1001}))[0] == 400


async def test_a_file_is_kept_and_only_ever_saved_by_the_browser(site: AdminSite) -> None:
    pdf = b"%PDF-1.7\n" + b"x" * 3_000_000  # more than a JSON body may have
    status, file = await site.ask("POST", "attachments?name=신청서.pdf", data=io.BytesIO(pdf))
    assert (status, file["name"], file["size"]) == (200, "신청서.pdf", len(pdf))
    entry_id = await created(site, attachments=[file])
    assert (await site.get(f"entries/{entry_id}"))["entry"]["attachments"] == [file]
    async with site.client.get(
        f"/kb/api/attachments/{file['id']}?name=신청서.pdf", headers={"X-Agent": "agent"}
    ) as answer:
        assert await answer.read() == pdf
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["", "x" * 201])
async def test_a_file_needs_a_name(site: AdminSite, name: str) -> None:
    assert (await site.ask("POST", f"attachments?name={name}", data=b"%PDF-1.7"))[0] == 400


async def test_a_program_is_no_attachment(site: AdminSite) -> None:
    status, answer = await site.ask("POST", "attachments?name=신청서.exe", data=b"MZ\x90\x00\x03" + b"\x00" * 100)
    assert status == 400 and " / " in answer["message"]
