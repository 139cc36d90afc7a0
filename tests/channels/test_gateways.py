"""The gateway that is configured is the one that is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.gateways import message_centre, open_gateway
from channels.outbox import Outbox
from channels.sens_gateway import SensGateway
from channels.smpp_gateway import SmppGateway
from channels.smpp_link import Answering, open_link
from channels.smpp_pdu import Deliver
from core.config import SmppConfig, SmsConfig
from core.errors import ConfigError, GatewayFault
from tests.channels.certificates import self_signed
from tests.channels.smpp_stage import Told
from tests.contracts.test_gateway import message
from tests.fakes.sens import ACCESS_KEY, SECRET_KEY, SENDER, SERVICE, Sens
from tests.fakes.smpp_centre import PASSWORD, SYSTEM_ID, SmppCentre
from tests.patience import until


async def test_without_a_setting_nothing_is_sent() -> None:
    assert isinstance(open_gateway(SmsConfig(), SmppConfig()), Outbox)


async def test_sens_gets_all_its_settings() -> None:
    async with Sens() as sens:
        config = SmsConfig(
            gateway="sens", url=sens.url, sender=SENDER, service=SERVICE, access_key=ACCESS_KEY, secret_key=SECRET_KEY
        )
        gateway = open_gateway(config, SmppConfig())
        assert isinstance(gateway, SensGateway)
        assert (await gateway.send(message())).state == "sent"
        await gateway.close()
        assert [taken["from"] for taken in sens.taken] == [SENDER]


async def test_the_message_centre_gets_all_its_settings_over_tls(tmp_path: Path) -> None:
    certificate, tls = self_signed(tmp_path)
    async with SmppCentre(tls) as centre:
        config = SmppConfig(
            host="127.0.0.1",
            port=centre.port,
            tls=True,
            ca_file=str(certificate),
            system_id=SYSTEM_ID,
            password=PASSWORD,
            bind="pair",
            service_type="CMT",
            numbers="international",
            source_ton=2,
            source_npi=8,
            destination_ton=1,
            encoding="ucs-2",
            long_texts="sar",
        )
        gateway = open_gateway(SmsConfig(gateway="smpp", sender="0331200120"), config)
        assert isinstance(gateway, SmppGateway)
        told = Told()
        await gateway.open(told, [])
        await gateway.send(message(text="가" * 100))
        await until(lambda: told.states == ["delivered"])
        await gateway.close()
        assert sorted(centre.binds) == ["receiver", "transmitter"]
        assert centre.texts() == ["가" * 100]
    first = centre.taken[0]
    assert (first["from"], first["ton"], first["coding"], first["service"]) == ("0331200120", (2, 8, 1, 1), 8, "CMT")
    assert first["to"].startswith("8210")


async def test_a_centre_that_cannot_prove_itself_gets_no_password(tmp_path: Path) -> None:
    _certificate, tls = self_signed(tmp_path)
    async with SmppCentre(tls) as centre:
        config = SmppConfig(host="127.0.0.1", port=centre.port, tls=True, system_id=SYSTEM_ID, password=PASSWORD)
        with pytest.raises(GatewayFault, match=r"smpp\.ca_file"):
            await open_link(message_centre(config), "transceiver", unheard)
        assert centre.binds == []


async def unheard(_deliver: Deliver, _answering: Answering) -> None:
    """Nothing comes."""


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match=r"smpp\.ca_file"):
        message_centre(SmppConfig(tls=True, ca_file=str(tmp_path / "ca.pem")))
