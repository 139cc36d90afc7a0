"""Every address and every role: who may, who may not. The table here is written by hand, not read from the product."""

from __future__ import annotations

import re

import pytest

from agent_assist.admin.routes import routes
from tests.fakes.admin_site import AGENTS, AdminSite

EVERYBODY = {"agent", "editor", "owner", "supervisor", "admin"}
WRITE = {"editor", "owner", "admin"}
EDIT = {"editor", "admin"}
MAY = {
    "GET me": EVERYBODY,
    "GET names": EVERYBODY,
    "GET structure": EVERYBODY,
    "GET structure/use": WRITE,
    "GET entries": EVERYBODY,
    "GET entries/counts": EVERYBODY,
    "GET search": EVERYBODY,
    "POST entries": WRITE,
    "GET entries/{entry_id}": EVERYBODY,
    "POST entries/{entry_id}": WRITE,
    "POST entries/{entry_id}/step": WRITE,
    "POST entries/{entry_id}/restore": WRITE,
    "POST entries/{entry_id}/report": EVERYBODY,
    "GET entries/{entry_id}/versions": EVERYBODY,
    "GET entries/{entry_id}/versions/{version}": EVERYBODY,
    "GET entries/{entry_id}/diff": EVERYBODY,
    "POST preview": EVERYBODY,
    "POST measure": WRITE,
    "POST attachments": WRITE,
    "GET attachments/{attachment_id}": EVERYBODY,
    "POST departments": EDIT,
    "POST departments/{id}/drop": EDIT,
    "POST people": WRITE,
    "POST people/{id}/drop": EDIT,
    "POST categories": EDIT,
    "POST categories/{id}/drop": EDIT,
    "GET tasks": WRITE,
    "POST tasks/{task_id}/done": WRITE,
    "POST tasks/{task_id}/refuse": WRITE,
    "GET due": WRITE,
    "GET usage": WRITE | {"supervisor"},
    "GET gaps": WRITE | {"supervisor"},
    "POST gaps": WRITE,
    "POST imports": EDIT,
    "GET imports": EDIT,
    "POST imports/{upload_id}/preview": EDIT,
    "POST imports/{upload_id}/start": EDIT,
    "GET runs/{run_id}": EDIT,
    "POST runs/{run_id}/stop": EDIT,
    "GET runs/{run_id}/report": EDIT,
    "GET runs/{run_id}/report.csv": EDIT,
    "GET export": EDIT,
    "POST try": WRITE | {"supervisor"},
    "GET synonyms": EDIT,
    "POST synonyms": EDIT,
    "POST synonyms/drop": EDIT,
    "GET learning": EDIT | {"supervisor"},
    "POST learning/forget": EDIT,
    "GET learning/report": EDIT | {"supervisor"},
    "GET rules": EDIT | {"supervisor"},
    "POST rules": EDIT,
    "POST rules/try": EDIT | {"supervisor"},
    "GET alerts": {"supervisor", "admin"},
    "POST alerts": {"admin"},
    "POST alerts/try": {"supervisor", "admin"},
    "POST alerts/forget": {"admin"},
    "GET documents/{name}": EDIT | {"supervisor"},
    "GET documents/{name}/{version}": EDIT | {"supervisor"},
    "GET issues": {"supervisor", "admin"},
    "POST issues/{issue_id}/seen": {"supervisor", "admin"},
}


def _at(path: str) -> str:
    """The address with something in its places."""
    return re.sub(r"\{\w+\}", "x", path.replace("{version}", "1"))


def test_the_table_knows_every_address(site: AdminSite) -> None:
    assert sorted(f"{route.method} {route.path}" for route in routes(site.house)) == sorted(MAY)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_every_address_for_a_role(site: AdminSite, role: str) -> None:
    wrong = []
    for address, roles in MAY.items():
        method, path = address.split()
        # Nothing that is asked for is there, and nothing sent can be read: only the door can let in or refuse.
        status, content = await site.ask(method, _at(path), {"no": "such field"} if method == "POST" else None, by=role)
        refused = status == 403 and content["code"] == "role"
        if refused is (role in roles):
            wrong.append((address, status, content))
        if not refused:
            assert status in (200, 204, 400, 404), (address, status, content)
    assert wrong == []


async def test_signed_out_everything_is_401(site: AdminSite) -> None:
    for address in MAY:
        method, path = address.split()
        assert (await site.ask(method, _at(path), by=""))[0] == 401, address
        assert (await site.ask(method, _at(path), by="nobody"))[0] == 401, address


async def test_what_changes_something_must_come_from_our_own_page(site: AdminSite) -> None:
    for address in MAY:
        method, path = address.split()
        if method == "POST":
            async with site.client.post(
                f"/kb/api/{_at(path)}", json={}, headers={"X-Agent": "admin", "Origin": "https://evil.example"}
            ) as answer:
                assert answer.status == 403, address


async def test_the_page_wants_a_sign_in_and_is_served_with_a_policy(site: AdminSite) -> None:
    async with site.client.get("/kb", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/signin?next=/kb")
    async with site.client.get("/kb", headers={"X-Agent": "agent"}) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
        assert "/desk/static/admin/app.js" in await answer.text()


async def test_me_tells_roles_and_the_department_that_she_answers_for(site: AdminSite) -> None:
    me = await site.get("me", by="owner")
    assert (me["roles"], me["department"], me["department_id"]) == (["owner"], "청소행정과", "dclean")
    assert (await site.get("names"))["owner"] == AGENTS["owner"].name
