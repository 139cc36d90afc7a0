"""Departments, people, categories: entries follow, nothing in use goes without an heir, no circles."""

from __future__ import annotations

from tests.agent_assist.admin.test_entries import created
from tests.fakes.admin_site import AdminSite


async def test_a_department_that_is_renamed_takes_its_entries_along(site: AdminSite) -> None:
    entry_id = await created(site)
    await site.post("departments", {"id": "dclean", "name": "자원재생과", "phone": "02-120-9999"})
    entry = (await site.get(f"entries/{entry_id}"))["entry"]
    assert entry["department"] == "자원재생과"
    use = await site.get("structure/use")
    assert (use["departments"]["dclean"], use["people"]["poh"]) == (1, 1)


async def test_while_somebody_is_absent_the_deputy_is_shown(site: AdminSite) -> None:
    entry_id = await created(site)
    await site.post(
        "people",
        {"id": "poh", "name": "오세라", "department_id": "dclean", "deputy_id": "pseo", "absent_from": "2020-01-01"},
    )
    entry = (await site.get(f"entries/{entry_id}"))["entry"]
    assert (entry["person_absent"], entry["deputy"], entry["phone"]) == (True, "서민준", "02-120-2101")


async def test_what_is_in_use_goes_only_to_an_heir(site: AdminSite) -> None:
    entry_id = await created(site)
    for kind, id, heir, field in (
        ("departments", "dclean", "dpass", "department_id"),
        ("people", "poh", "pseo", "person_id"),
        ("categories", "cwaste", "cliving", "category_id"),
    ):
        status, answer = await site.ask("POST", f"{kind}/{id}/drop", {"heir_id": ""})
        assert (status, answer["code"]) == (409, "in_use") and answer["users"] >= 1, (kind, answer)
        status, answer = await site.ask("POST", f"{kind}/{id}/drop", {"heir_id": id})
        assert (status, answer["code"]) == (400, "heir")
        assert (await site.ask("POST", f"{kind}/{id}/drop", {"heir_id": "nobody"}))[0] == 404
        await site.post(f"{kind}/{id}/drop", {"heir_id": heir})
        assert (await site.get(f"entries/{entry_id}"))["opened"]["content"][field] == heir
        assert (await site.ask("POST", f"{kind}/{id}/drop", {"heir_id": heir}))[0] == 404


async def test_nothing_stands_above_itself(site: AdminSite) -> None:
    for kind, sent in (
        ("categories", {"id": "cliving", "name": "생활", "parent_id": "cwaste"}),
        ("categories", {"id": "cliving", "name": "생활", "parent_id": "cliving"}),
        ("departments", {"id": "dclean", "name": "청소행정과", "parent_id": "dclean"}),
    ):
        status, answer = await site.ask("POST", kind, sent)
        assert (status, answer["code"]) == (400, "circle") and " / " in answer["message"], answer


async def test_wrong_records_are_refused_in_words(site: AdminSite) -> None:
    for kind, sent, status in (
        ("departments", {"name": " "}, 400),
        ("departments", {"name": "민원여권과"}, 400),  # there is one
        ("departments", {"name": "x", "colour": 1}, 400),
        ("departments", {"id": "gone", "name": "x"}, 404),
        ("departments", {"name": "x", "parent_id": "gone"}, 404),
        ("people", {"name": "이름", "absent_from": "2026-12-02", "absent_until": "2026-12-01"}, 400),
        ("people", {"name": "이름", "department_id": "gone"}, 400),
        ("people", {"name": "이름", "phone": "<script>"}, 400),
        ("categories", {"name": "생활>쓰레기"}, 400),
        ("categories", {"name": "생활"}, 400),  # there is one in that place
        ("categories", {"name": "x", "parent_id": "gone"}, 404),
        ("categories", {"name": "x", "place": -1}, 400),
    ):
        got, answer = await site.ask("POST", kind, sent)
        assert got == status and " / " in answer["message"], (kind, sent, got, answer)


async def test_an_owner_keeps_the_people_of_her_own_department(site: AdminSite) -> None:
    person = {"id": "poh", "name": "오세라", "department_id": "dclean", "absent_from": "2026-12-01"}
    assert (await site.post("people", person, by="owner"))["absent_from"] == "2026-12-01"
    for sent in (
        {**person, "department_id": "dpass"},
        {"id": "pseo", "name": "서민준", "department_id": "dclean"},
        {"name": "새 사람", "department_id": "dpass"},
        {"name": "새 사람"},
    ):
        assert (await site.ask("POST", "people", sent, by="owner"))[0] == 403, sent


async def test_names_are_kept_in_one_form(site: AdminSite) -> None:
    made = await site.post("departments", {"name": "  교통\u1112\u1162\u11bc정과 "})  # NFD, as a Mac writes it
    assert made["name"] == "교통행정과"
