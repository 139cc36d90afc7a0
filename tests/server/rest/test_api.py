"""The REST API of a whole node, as programs use it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator

import pytest

from core.home import Home
from core.store.audit import AuditQuery
from records.recording.sealed_file import SealedWriter
from server.recording.shelf import purpose
from tests.records.vcon.rules import require
from tests.records.vcon.test_made import recording
from tests.server.rest.site import NUMBER, RestSite, rest_site
from tests.server.test_vcons import SOUND


@pytest.fixture
async def site(home: Home, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RestSite]:
    async with rest_site(home, monkeypatch) as found:
        yield found


async def test_contacts_records_and_vcons(site: RestSite) -> None:
    reader = await site.token("reader", "contacts:read")
    status, page, headers = await site.ask("GET", "contacts", reader, limit="2")
    assert (status, [each["contact_id"] for each in page["contacts"]]) == (200, ["c2", "c1"])
    assert "여권을" not in json.dumps(page, ensure_ascii=False) and NUMBER not in json.dumps(page)
    assert headers["RateLimit-Policy"] == '"minute";q=10000;w=60' and "r=9999" in headers["RateLimit"]
    _, rest, _ = await site.ask("GET", "contacts", reader, limit="2", before=page["next"])
    assert [each["contact_id"] for each in rest["contacts"]] == ["c0"] and rest["next"] == ""
    _, by_person, _ = await site.ask("GET", "contacts", reader, person=page["contacts"][0]["person"])
    assert len(by_person["contacts"]) == 3
    _, by_number, _ = await site.ask("GET", "contacts", reader, text=NUMBER)
    assert len(by_number["contacts"]) == 3
    status, one, _ = await site.ask("GET", "contacts/c1", reader)
    assert (one["category"], one["talk_s"]) == ("민원>여권", 55.0)
    status, told, headers = await site.ask("GET", "records/c1", reader)
    assert (status, told["code"], headers["Content-Type"]) == (403, "not_allowed", "application/problem+json")
    assert 'scope="records:read"' in headers["WWW-Authenticate"]

    writer = await site.token("writer", "records:read", "records:write")
    _, record, headers = await site.ask("GET", "records/c1", writer)
    assert (headers["ETag"], record["written"]["need"]) == ('"v0"', "여권을 다시 만들려 합니다.")
    change = {**record["written"], "result": "answered"}
    status, told, _ = await site.ask("PUT", "records/c1", writer, change)
    assert (status, told["code"]) == (428, "if_match")
    first = {"If-Match": '"v0"'}
    status, kept, headers = await site.ask("PUT", "records/c1", writer, change, first)
    assert (status, kept["state"], kept["by"], headers["ETag"]) == (200, "confirmed", "token:writer", '"v1"')
    status, told, _ = await site.ask("PUT", "records/c1", writer, change, first)
    assert (status, told["code"], told["newest"]) == (412, "edited_meanwhile", 1)
    status, told, _ = await site.ask("PUT", "records/c1", writer, {**change, "number": "x"}, first)
    assert (status, told["title"]) == (400, "Bad Request")
    status, told, _ = await site.ask("PUT", "records/c1", writer, change, {"If-Match": "*"})
    assert (status, told["code"]) == (400, "if_match")
    assert (await site.ask("GET", "records/nobody", writer))[0] == 404

    status, told, _ = await site.ask("GET", "contacts/c1/vcon", writer)
    assert (status, told["code"]) == (400, "no_reason")
    status, told, _ = await site.ask("GET", "contacts/c1/vcon", writer, reason="감사", numbers="yes")
    assert status == 403
    status, signed, headers = await site.ask("GET", "contacts/c1/vcon", writer, reason="정보공개 청구")
    assert headers["Content-Type"] == "application/vcon" and len(signed["signatures"]) == 1
    payload = signed["payload"]
    vcon = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    require(vcon)
    assert "여권을 잃어버렸어요" in json.dumps(vcon, ensure_ascii=False) and NUMBER not in json.dumps(vcon)
    _, plain, _ = await site.ask("GET", "contacts/c1/vcon", writer, reason="정보공개 청구", signed="no")
    require(plain)

    notes = await site.node.store.audit.lines(AuditQuery(who="token:writer"))
    assert {(line.note.deed, line.note.thing) for line in notes} == {
        ("saw", "contact"), ("changed", "record"), ("exported", "contact")
    }  # fmt: skip
    exported = next(line.note for line in notes if line.note.deed == "exported")
    assert (exported.subject, exported.reason) == ("c1", "정보공개 청구") and exported.person


async def test_texts_statistics_recordings_and_webhooks(site: RestSite) -> None:
    sender = await site.token("sender", "texts:send", "recordings:read", "statistics:read", "webhooks:manage")
    wish = {"to": "010-1234-5678", "text": "여권과 안내입니다", "contact_id": "c1"}
    status, told, _ = await site.ask("POST", "texts", sender, wish)
    assert (status, told["code"]) == (400, "idempotency_key")
    key = {"Idempotency-Key": "order-0001"}
    status, text, headers = await site.ask("POST", "texts", sender, wish, key)
    assert (status, text["contact_id"], headers["Location"]) == (202, "c1", f"/api/v1/texts/{text['text_id']}")
    assert (await site.ask("POST", "texts", sender, wish, key))[1]["text_id"] == text["text_id"]
    status, told, _ = await site.ask("POST", "texts", sender, {**wish, "text": "다른 글"}, key)
    assert (status, told["code"]) == (422, "idempotency_key_reused")
    status, told, _ = await site.ask("POST", "texts", sender, wish, {"Idempotency-Key": "order-0002"})
    assert (status, told["code"]) == (409, "same_text")
    status, told, _ = await site.ask(
        "POST", "texts", sender, {**wish, "to": "033-120"}, {"Idempotency-Key": "order-0003"}
    )
    assert (status, told["code"]) == (400, "not_a_mobile")
    assert (await site.ask("GET", f"texts/{text['text_id']}", sender))[1]["text_id"] == text["text_id"]
    other = await site.token("other", "texts:send")
    assert (await site.ask("GET", f"texts/{text['text_id']}", other))[0] == 404

    status, figures, _ = await site.ask(
        "GET", "statistics", sender, measures="offered", first="2026-03-02", last="2026-03-02"
    )
    assert status == 200 and figures["measures"][0]["id"] == "offered"
    assert (await site.ask("GET", "statistics", sender, measures="nonsense"))[0] == 400
    assert (await site.ask("GET", "statistics/measures", sender))[0] == 200
    assert (await site.ask("GET", "statistics/live", sender))[0] == 200

    assert (await site.ask("GET", "recordings", sender))[1] == {"recordings": [], "next": None}
    assert (await site.ask("GET", "recordings", sender, contact="c1"))[1]["recordings"] == []
    assert (await site.ask("GET", "recordings/rec-x/audio", sender))[0] == 404

    form = {"name": "통계", "url": "https://h.example/", "topics": ["record.kept"]}
    status, made, _ = await site.ask("POST", "webhooks", sender, form)
    assert status == 201 and made["secret"].startswith("whsec_")
    one = f"webhooks/{made['id']}"
    assert (await site.ask("PUT", one, sender, {**form, "paused": True}))[1]["paused"] is True
    status, tried, _ = await site.ask("POST", f"{one}/test", sender)
    assert (status, tried["state"]) == (202, "waiting")
    assert (await site.ask("GET", f"{one}/deliveries", sender))[1]["deliveries"][0]["id"] == tried["id"]
    status, told, _ = await site.ask("POST", f"{one}/deliveries/{tried['id']}/resend", sender)
    assert (status, told["code"]) == (409, "waiting")
    assert (await site.ask("POST", f"{one}/rotate", sender))[1]["secret"] != made["secret"]
    assert (await site.ask("POST", f"{one}/rotated", sender))[0] == 204
    assert (await site.ask("GET", one, sender))[1]["waiting"] == 1
    assert (await site.ask("DELETE", one, sender))[0] == 204
    assert (await site.ask("GET", one, sender))[0] == 404
    bad = {**form, "url": "http://169.254.169.254/"}
    assert (await site.ask("POST", "webhooks", sender, bad))[1]["code"] == "webhook_url"


async def test_the_sound_of_a_recording_by_ranges(site: RestSite) -> None:
    shelf = site.node.recordings.shelf
    key = site.node.keyring.data_key(purpose("rec-1"))
    with SealedWriter(shelf.folder / "rec-1.mrec", key.secret, "rec-1", "audio/ogg; codecs=opus") as file:
        file.write(SOUND)
    one = recording(file="rec-1.mrec", audio_size=len(SOUND), wrapped_key=key.wrapped, key_id=site.node.keyring.newest)
    await site.node.store.recordings.put(one)
    token = await site.token("listener", "recordings:read")
    _, page, _ = await site.ask("GET", "recordings", token, contact="c1")
    assert [each["recording_id"] for each in page["recordings"]] == ["rec-1"]
    status, shown, _ = await site.ask("GET", "recordings/rec-1", token)
    assert (status, shown["seconds"]) == (200, 50.0)
    status, sound, headers = await site.ask("GET", "recordings/rec-1/audio", token)
    assert (status, sound, headers["Accept-Ranges"]) == (200, SOUND, "bytes")
    status, part, headers = await site.ask("GET", "recordings/rec-1/audio", token, headers={"Range": "bytes=4-9"})
    assert (status, part, headers["Content-Range"]) == (206, SOUND[4:10], f"bytes 4-9/{len(SOUND)}")
    status, told, headers = await site.ask(
        "GET", "recordings/rec-1/audio", token, headers={"Range": f"bytes={len(SOUND)}-"}
    )
    assert (status, told["code"], headers["Content-Range"]) == (416, "range", f"bytes */{len(SOUND)}")
    notes = await site.node.store.audit.lines(AuditQuery(who="token:listener"))
    assert {(line.note.deed, line.note.subject) for line in notes} == {("saw", "rec-1"), ("heard", "rec-1")}


async def test_who_is_not_let_in(site: RestSite) -> None:
    for token in ("", "mw_wrong", "x" * 500):
        status, told, headers = await site.ask("GET", "contacts", token)
        assert (status, told["code"]) == (401, "no_token") and headers["WWW-Authenticate"].startswith("Bearer")
    token = await site.token("gone", "contacts:read")
    assert (await site.ask("GET", "contacts", token))[0] == 200
    assert (await site.ask("GET", "contacts", token, headers={"Cookie": "minwon_wallboard=x"}))[0] == 200
    await site.node.auth.programs.revoke("gone")
    assert (await site.ask("GET", "contacts", token))[0] == 401
    board = await site.token("board", "wallboard")
    assert (await site.ask("GET", "contacts", headers={"Cookie": f"minwon_wallboard={board}"}))[0] == 401
    status, told, _ = await site.ask("GET", "nothing/here", token)
    assert (status, told["code"]) == (404, "no_address")
    status, document, _ = await site.ask("GET", "openapi.json")
    assert status == 200 and document["openapi"] == "3.1.0"


async def test_so_often_a_minute(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rest_site(home, monkeypatch, per_minute=2, contacts=0) as site:
        one, other = await site.token("one", "contacts:read"), await site.token("other", "contacts:read")
        assert [(await site.ask("GET", "contacts", one))[0] for _ in range(3)] == [200, 200, 429]
        _, told, headers = await site.ask("GET", "contacts", one)
        assert told["code"] == "too_many" and 1 <= int(headers["Retry-After"]) <= 60
        assert (await site.ask("GET", "contacts", other))[0] == 200
