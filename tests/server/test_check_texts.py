"""The check binds to the message centre, and says why it is not let in."""

from __future__ import annotations

from core.config import Config, SmppConfig, SmsConfig
from server.check_texts import text_findings
from tests.fakes.smpp_centre import PASSWORD, SENDER, SYSTEM_ID, SmppCentre


def a_config(port: int, **other: object) -> Config:
    settings: dict[str, object] = {"host": "127.0.0.1", "port": port, "system_id": SYSTEM_ID, "password": PASSWORD}
    return Config(sms=SmsConfig(gateway="smpp", sender=SENDER), smpp=SmppConfig(**(settings | other)))  # type: ignore[arg-type]


async def test_a_bind_is_tried_and_the_clear_text_noted() -> None:
    async with SmppCentre() as centre:
        clear, bound = await text_findings(a_config(centre.port))
        assert clear[0] == "note"
        assert bound == (
            "ok",
            f"the message centre 127.0.0.1:{centre.port} lets us in as hanbit; messages come from {SENDER}",
        )
        assert centre.binds == ["transceiver"]
        _clear, refused = await text_findings(a_config(centre.port, password="wrong"))
        assert refused[0] == "note"
        assert "smpp.password_file" in refused[1]
    _clear, away = await text_findings(a_config(centre.port, bind="pair"))
    assert away[0] == "note"
    assert "cannot be reached" in away[1]


async def test_a_receipt_is_left_for_the_node() -> None:
    async with SmppCentre() as centre:
        centre.text("01000001234", b"hello")
        await text_findings(a_config(centre.port))
        assert list(centre.acknowledges) == []
