"""Accounts, sessions and tokens, as administrators have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from agent_assist.desk_pages import DeskPages
from server.accounts_routes import accounts_room
from server.signing_in.auth import COOKIE
from tests.fakes.accounts import SmallSignIn
from tests.server.signing_in.site import BOSS, KIM, PASSWORD

LEE = {"id": "lee", "name": "이바다", "roles": ["agent"], "team": "세무", "extension": "2110", "uri": "sip:2110@pbx"}


class Office:
    def __init__(self, parts: SmallSignIn, client: Any, url: str) -> None:
        self.parts = parts
        self._client = client
        self._url = url

    async def ask(self, method: str, path: str, content: object = None, by: str = "boss") -> tuple[int, Any]:
        headers = {"Origin": self._url}
        cookies = {COOKIE: self.cookies[by]} if by else {}
        async with self._client.request(
            method, f"{self._url}/records/api/{path}", json=content, headers=headers, cookies=cookies
        ) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None

    async def sign_in(self) -> None:
        self.cookies = {}
        for who in ("boss", "kim"):
            answer = await self._client.post(
                f"{self._url}/signin",
                data={"id": who, "password": PASSWORD},
                headers={"Origin": self._url},
                allow_redirects=False,
            )
            self.cookies[who] = answer.cookies[COOKIE].value


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    import aiohttp

    parts = SmallSignIn((KIM, BOSS), DeskPages())
    await parts.auth.open()
    app = web.Application()
    parts.setup(app)
    accounts_room(parts.accounts)(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        office = Office(parts, client, f"http://127.0.0.1:{runner.addresses[0][1]}")
        await office.sign_in()
        yield office
    await runner.cleanup()


@pytest.mark.parametrize("path", ["accounts", "sessions", "tokens"])
async def test_administrators_alone(office: Office, path: str) -> None:
    assert (await office.ask("GET", path, by="kim"))[0] == 403
    assert (await office.ask("GET", path, by=""))[0] == 401
    assert (await office.ask("GET", path))[0] == 200


async def test_a_new_account_and_what_is_wrong_with_it(office: Office) -> None:
    status, wrong = await office.ask(
        "POST", "accounts", LEE | {"id": "Kim!", "name": " ", "roles": ["owner"], "uri": "2110"}
    )
    assert (status, {each["field"] for each in wrong["faults"]}) == (400, {"id", "name", "department", "uri"})
    status, invited = await office.ask("POST", "accounts", LEE)
    assert (status, len(invited["code"])) == (200, 19)
    assert (await office.ask("POST", "accounts", LEE))[1]["faults"][0]["code"] == "taken"
    assert (await office.ask("POST", "accounts", LEE | {"id": "choi"}))[1]["faults"][0]["field"] == "uri"
    _status, listed = await office.ask("GET", "accounts")
    assert [(each["account"]["id"], each["account"]["origin"]) for each in listed["accounts"]] == [
        ("kim", "file"), ("boss", "file"), ("lee", "page"),
    ]  # fmt: skip
    assert listed["teams"] == ["세무"]
    assert "argon2" not in str(listed)


async def test_a_change_of_rights_is_noted_and_the_files_accounts_are_read_only(office: Office) -> None:
    await office.ask("POST", "accounts", LEE)
    assert (await office.ask("POST", "accounts/lee", LEE | {"roles": ["agent", "supervisor"]}))[0] == 204
    assert office.parts.audit.deeds()[-1] == ("boss", "granted", "lee", "roles: agent, supervisor")
    noted = len(office.parts.audit.kept)
    assert (await office.ask("POST", "accounts/lee", LEE | {"roles": ["agent", "supervisor"]}))[0] == 204
    assert len(office.parts.audit.kept) == noted, "nothing changed, nothing noted"
    assert (await office.ask("POST", "accounts/kim", LEE | {"id": "kim", "uri": "", "extension": ""}))[1]["code"] == (
        "from_file"
    )
    assert (await office.ask("POST", "accounts/lee", LEE | {"id": "other"}))[1]["code"] == "other_id"
    assert (await office.ask("POST", "accounts/nobody/lock"))[1]["code"] == "unknown_account"


@pytest.mark.parametrize("step", ["disable", "lock"])
async def test_who_is_stopped_is_signed_out_at_once(office: Office, step: str) -> None:
    await office.ask("POST", "accounts", LEE)
    await office.parts.accounts.set_password("lee", "봄여름가을겨울-2026", "boss")
    token = await office.parts.auth.book.open("lee", address="10.0.0.1", browser="Chrome", way="password")
    over = office.parts.auth.book.over(token)
    assert not over.is_set()
    assert (await office.ask("POST", f"accounts/lee/{step}"))[0] == 204
    assert over.is_set()
    assert not office.parts.auth.directory.may_sign_in("lee")
    assert (await office.ask("POST", f"accounts/boss/{step}"))[1]["code"] == "own_account"
    assert (await office.ask("POST", "accounts/lee/enable"))[0] == 204
    assert (await office.ask("POST", "accounts/lee/unlock"))[0] == 204
    assert office.parts.auth.directory.may_sign_in("lee")


async def test_sessions_are_revoked_one_by_one_or_all(office: Office) -> None:
    _status, seen = await office.ask("GET", "sessions?account=kim")
    assert [(each["account_id"], each["this"]) for each in seen["sessions"]] == [("kim", False)]
    assert (await office.ask("POST", f"sessions/{seen['sessions'][0]['id']}/revoke"))[0] == 204
    assert (await office.ask("GET", "accounts", by="kim"))[0] == 401
    assert (await office.ask("POST", f"sessions/{seen['sessions'][0]['id']}/revoke"))[1]["code"] == "no_session"
    assert (await office.ask("POST", "accounts/boss/revoke"))[1] == {"sessions": 0}, "not the one that asks"


async def test_tokens_of_programs(office: Office) -> None:
    form = {"name": "portal", "scopes": ["records:read", "statistics:read", "nonsense"], "days": 30}
    status, made = await office.ask("POST", "tokens", form)
    assert status == 200
    assert made["token"].startswith("mw_")
    program = office.parts.auth.programs.find(made["token"])
    assert program is not None
    assert program.may("records:read")
    assert not program.may("records:write")
    assert program.who == "token:portal"
    _status, listed = await office.ask("GET", "tokens")
    assert made["token"] not in str(listed)
    assert [each["name"] for each in listed["tokens"]] == ["portal"]
    assert listed["tokens"][0]["used"]
    assert (await office.ask("POST", "tokens", form))[1]["code"] == "token_exists"
    assert (await office.ask("POST", "tokens", form | {"name": "x", "scopes": []}))[1]["code"] == "no_scope"
    assert (await office.ask("POST", "tokens", form | {"name": ""}))[1]["code"] == "bad_name"
    assert (await office.ask("POST", "tokens/drop", {"name": "portal"}))[0] == 204
    assert office.parts.auth.programs.find(made["token"]) is None
    assert (await office.ask("POST", "tokens/drop", {"name": "portal"}))[1]["code"] == "no_token"
