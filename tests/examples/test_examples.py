"""The examples, each run as its reader would run it, against a node."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from core.home import Home
from tests.records.vcon.rules import require
from tests.server.rest.site import RestSite, a_call, rest_site

EXAMPLES: Final = Path(__file__).parents[2] / "examples"


async def run(*command: str, **environment: str) -> tuple[int, str, str]:
    """(status, stdout, stderr)."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=EXAMPLES, env={**os.environ, **environment}, stdout=pipe, stderr=pipe
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def receiving(secret: str, seen: Path) -> AsyncIterator[tuple[str, asyncio.StreamReader]]:
    """The receiver, listening: its address, and what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(EXAMPLES / "webhook_receiver.py"), "0"),
        env={**os.environ, "MINWON_WEBHOOK_SECRET": secret, "MINWON_WEBHOOK_SEEN": str(seen)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        port = json.loads(await process.stdout.readline())["listening"]
        yield f"http://127.0.0.1:{port}/", process.stdout
    finally:
        process.kill()
        await process.wait()


async def test_the_examples(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rest_site(home, monkeypatch) as site:
        here = {"MINWON_URL": site.url}
        await contacts_and_vcons(site, here)
        await texts(site, here)
        await statistics(site, here)
        await webhooks(site, tmp_path / "seen.sqlite3")


async def contacts_and_vcons(site: RestSite, here: dict[str, str]) -> None:
    token = {"MINWON_TOKEN": await site.token("reader", "contacts:read", "records:read")}
    script = (sys.executable, "contacts.py")
    status, out, _ = await run(*script, "--category", "민원", **here, **token)
    assert status == 0 and [line.split()[1] for line in out.splitlines()] == ["c2", "c1", "c0"]
    status, out, _ = await run(*script, "--vcon", "c1", "--reason", "정보공개 청구", **here, **token)
    assert status == 0 and set(json.loads(out)) == {"payload", "signatures"}
    status, _, err = await run(*script, "--vcon", "c1", **here, **token)
    assert status == 1 and err.startswith("400 no_reason: ")
    status, _, err = await run(*script, **here, MINWON_TOKEN="mw_wrong")
    assert status == 1 and err.startswith("401 no_token: ")
    _, plain, _ = await site.ask("GET", "contacts/c1/vcon", token["MINWON_TOKEN"], reason="검사", signed="no")
    require(plain)


async def texts(site: RestSite, here: dict[str, str]) -> None:
    token = {"MINWON_TOKEN": await site.token("sender", "texts:send")}
    quick = {"WAIT_S": "0.2", "WAIT_TRIES": "100", "IDEMPOTENCY_KEY": "an-order-of-ours"}
    words = '여권과 "3층"\n02-120 \\ 안내'
    for _ in range(2):  # the same key again: the same text
        status, out, err = await run("./send_text.sh", "010-1234-5678", words, "c1", **here, **token, **quick)
        assert (status, out.split()[1]) == (0, "delivered"), err
    sent = await site.node.store.messages(call_id="c1")
    assert [message.text for message in sent] == [words]
    status, _, err = await run("./send_text.sh", "120", "글", **here, **token)
    assert status == 1 and err.startswith("not sent: not_a_mobile")


async def statistics(site: RestSite, here: dict[str, str]) -> None:
    token = {"MINWON_TOKEN": await site.token("figures", "statistics:read")}
    status, out, err = await run("./statistics.sh", "2026-03-02", **here, **token)
    assert status == 0, err
    head, *_lines, total = out.splitlines()
    assert head.split("\t") == ["department", "offered", "answered", "service_level"]
    assert total.startswith("(all)")
    status, _, _ = await run("./statistics.sh", **here, MINWON_TOKEN="mw_wrong")
    assert status != 0


async def webhooks(site: RestSite, seen: Path) -> None:
    token = await site.token("hooks", "webhooks:manage")
    form = {"name": "통계", "url": "http://127.0.0.1:9/", "topics": ["contact.closed"]}
    _, made, _ = await site.ask("POST", "webhooks", token, form)
    async with receiving(made["secret"], seen) as (url, told):
        await site.ask("PUT", f"webhooks/{made['id']}", token, {**form, "url": url})
        await site.node.store.append(a_call("c7", minutes=7))
        await site.node.bus.publish(a_call("c7", minutes=7)[-1])
        event = json.loads(await told.readline())
        assert (event["type"], event["data"]["contact_id"]) == ("contact.closed", "c7")
        while True:
            _, page, _ = await site.ask("GET", f"webhooks/{made['id']}/deliveries", token, state="delivered")
            if page["deliveries"]:
                break
            await asyncio.sleep(0.05)
        one = page["deliveries"][0]
        assert one["status"] == 204
        # A double is answered and dropped; the trial behind it comes through.
        await site.ask("POST", f"webhooks/{made['id']}/deliveries/{one['id']}/resend", token)
        await site.ask("POST", f"webhooks/{made['id']}/test", token)
        assert json.loads(await told.readline())["type"] == "webhook.test"
        async with site.client.post(url, data=b"{}", headers={"webhook-id": "msg_forged"}) as answer:
            assert answer.status == 401
