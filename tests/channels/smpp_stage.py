"""A gateway before the tests' message centre."""

from __future__ import annotations

from typing import Any

import msgspec

from channels import smpp_pdu as pdu
from channels.contract import OnText, Receipt
from channels.smpp_gateway import SmppGateway
from channels.smpp_link import Settings
from channels.smpp_terms import Terms
from tests.fakes.smpp_centre import PASSWORD, SENDER, SYSTEM_ID, SmppCentre

TERMS = Terms(source=pdu.Address(digits=SENDER), per_second=1000.0, settle_s=0.3)


def settings(port: int, **other: Any) -> Settings:
    known = Settings(host="127.0.0.1", port=port, system_id=SYSTEM_ID, password=PASSWORD, answer_s=2.0)
    return msgspec.structs.replace(known, **other)


def smpp_gateway(
    centre: SmppCentre,
    on_text: OnText | None = None,
    *,
    answer_s: float = 2.0,
    enquire_s: float = 30.0,
    pace: float = 0.1,
    **terms: Any,
) -> SmppGateway:
    """Pauses between connections are a tenth, or ``pace``."""
    return SmppGateway(
        settings(centre.port, answer_s=answer_s, enquire_s=enquire_s),
        msgspec.structs.replace(TERMS, **terms),
        on_text,
        pace=pace,
    )


class Told:
    """What a gateway tells by itself."""

    def __init__(self) -> None:
        self.told: list[Receipt] = []

    async def __call__(self, reference: str, receipt: Receipt) -> None:
        assert receipt.reference == reference
        self.told.append(receipt)

    @property
    def states(self) -> list[str]:
        return [receipt.state for receipt in self.told]
