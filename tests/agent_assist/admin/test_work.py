"""Tasks, lists and gaps over HTTP."""

from __future__ import annotations

from datetime import timedelta

from core.store.knowledge import Gap, Usage
from tests.agent_assist.admin.test_entries import created
from tests.fakes.admin_site import AdminSite
from tests.fakes.entries import MOVE, WASTE


async def test_a_correction_is_the_owners_and_hers_alone(site: AdminSite) -> None:
    own, other = await created(site), await created(site, department_id="dpass", person_id="pseo")
    for entry_id in (own, other):
        await site.post(f"entries/{entry_id}/report", {"note": "틀려요 900101-1234568"}, by="agent")
    page = await site.get("tasks", by="owner")
    [task] = page["tasks"]
    assert task["entry_id"] == own and page["titles"] == {own: "소형 폐가전"} and "1234568" not in task["note"]
    assert len((await site.get("tasks", by="editor"))["tasks"]) == 2
    done = await site.post(f"tasks/{task['task_id']}/done", {"answer": "고침"}, by="owner")
    assert (done["state"], done["answer"], done["done_by"]) == ("done", "고침", "owner")
    assert (await site.get("tasks", by="owner"))["tasks"] == []
    assert len((await site.get("tasks?state=done", by="owner"))["tasks"]) == 1
    status, answer = await site.ask("POST", f"tasks/{task['task_id']}/done", {"answer": ""}, by="owner")
    assert (status, answer["code"]) == (409, "task_closed")
    [foreign] = (await site.get("tasks", by="editor"))["tasks"]
    status, answer = await site.ask("POST", f"tasks/{foreign['task_id']}/refuse", {"answer": "x"}, by="owner")
    assert (status, answer["code"]) == (403, "not_allowed")
    assert (await site.ask("POST", "tasks/none/done", {"answer": ""}))[0] == 404


async def test_an_agents_note_is_needed_and_bounded(site: AdminSite) -> None:
    for note in ("", "   ", "x" * 1001):
        assert (await site.ask("POST", f"entries/{WASTE.id}/report", {"note": note}, by="agent"))[0] == 400


async def test_due_lists(site: AdminSite) -> None:
    today = site.house.today()
    version = (await site.get(f"entries/{MOVE.id}"))["opened"]
    content = {**version["content"], "expires": str(today + timedelta(days=5)), "review_by": str(today)}
    await site.post(f"entries/{MOVE.id}", {"content": content, "based_on": 1})
    for step, by in (("review", "second"), ("publish", "admin")):
        newest = (await site.get(f"entries/{MOVE.id}"))["opened"]["version"]["version"]
        await site.post(f"entries/{MOVE.id}/step", {"step": step, "based_on": newest}, by=by)
    lists = await site.get("due?days=7")
    assert [head["entry_id"] for head in lists["overdue"]] == [MOVE.id]  # to be looked at today
    assert [head["entry_id"] for head in lists["expiring"]] == [MOVE.id]
    assert (await site.get("due?days=3"))["expiring_count"] == 0
    assert (await site.get("due?days=7", by="owner"))["expiring_count"] == 0  # not of her department
    assert (await site.ask("GET", "due?days=0"))[0] == 400


async def test_most_and_never_used(site: AdminSite) -> None:
    today = site.house.today()
    await site.store.knowledge.count_usage([Usage(entry_id=WASTE.id, day=today, shown=9, opened=4, accepted=2)])
    lists = await site.get("usage?days=7", by="supervisor")
    assert [(one["head"]["entry_id"], one["usage"]["accepted"]) for one in lists["most"]] == [(WASTE.id, 2)]
    assert [head["entry_id"] for head in lists["never"]] == [MOVE.id] and lists["never_count"] == 1


async def test_gaps_come_in_groups_and_are_settled_and_opened_again(site: AdminSite) -> None:
    texts = (
        "드론 비행 허가는 어디서 받나요",
        "드론 비행 허가 받으려고요",
        "드론 날리려면 비행 허가가 필요한가요",
        "양봉 등록하려고요",
    )
    for number, text in enumerate(texts):
        await site.store.knowledge.put_gap(
            Gap(gap_id=f"g{number}", call_id=f"c{number}", text=text, at=site.house.now())
        )
    page = await site.get("gaps", by="supervisor")
    assert page["count"] == 4
    largest = page["clusters"][0]
    assert set(largest["gap_ids"]) == {"g0", "g1", "g2"} and "드론" in " ".join(largest["words"])
    assert (await site.ask("POST", "gaps", {"gap_ids": largest["gap_ids"], "state": "covered", "entry_id": "x"}))[
        0
    ] == 404
    await site.post("gaps", {"gap_ids": largest["gap_ids"], "state": "covered", "entry_id": MOVE.id})
    assert (await site.get("gaps"))["count"] == 1
    covered = await site.get("gaps?state=covered")
    assert covered["count"] == 3 and set(covered["covered"].values()) == {MOVE.id}
    await site.post("gaps", {"gap_ids": largest["gap_ids"], "state": "open"})
    assert (await site.get("gaps"))["count"] == 4
    for wrong in ({"gap_ids": [], "state": "open"}, {"gap_ids": ["g0"], "state": "lost"}):
        assert (await site.ask("POST", "gaps", wrong))[0] == 400
