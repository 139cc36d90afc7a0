"""The gateway that is configured is the one that is opened."""

from __future__ import annotations

from channels.gateways import open_gateway
from channels.outbox import Outbox
from channels.sens_gateway import SensGateway
from core.config import SmppConfig, SmsConfig
from tests.contracts.test_gateway import message
from tests.fakes.sens import ACCESS_KEY, SECRET_KEY, SENDER, SERVICE, Sens


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
