"""The gateway that the configuration names."""

from __future__ import annotations

from channels.contract import Gateway
from channels.outbox import Outbox
from channels.sens_gateway import SensGateway
from core.config import SmsConfig


def open_gateway(config: SmsConfig) -> Gateway:
    """Call it on the event loop; ``Messenger`` closes what it is given."""
    if config.gateway == "outbox":
        return Outbox()
    return SensGateway(
        url=config.url,
        service=config.service,
        access_key=config.access_key,
        secret_key=config.secret_key,
        sender=config.sender,
    )
