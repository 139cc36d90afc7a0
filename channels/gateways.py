"""The gateway that the configuration names."""

from __future__ import annotations

import ssl

from channels import smpp_pdu as pdu
from channels.contract import Gateway, OnText
from channels.outbox import Outbox
from channels.sens_gateway import SensGateway
from channels.smpp_gateway import SmppGateway
from channels.smpp_link import Settings
from channels.smpp_parts import Form
from channels.smpp_terms import Terms
from core.config import SmppConfig, SmsConfig
from core.errors import ConfigError

_KOREA = "82"


def open_gateway(sms: SmsConfig, smpp: SmppConfig, on_text: OnText | None = None) -> Gateway:
    """Call it on the event loop; ``Messenger`` closes what it is given. ``on_text`` takes the texts that come in where
    the gateway brings them by itself. ``ConfigError`` for a certificate that cannot be used."""
    if sms.gateway == "outbox":
        return Outbox()
    if sms.gateway == "smpp":
        return SmppGateway(message_centre(smpp), _terms(sms, smpp), on_text)
    return SensGateway(
        url=sms.url,
        service=sms.service,
        access_key=sms.access_key,
        secret_key=sms.secret_key,
        sender=sms.sender,
    )


def message_centre(smpp: SmppConfig) -> Settings:
    """How to reach the message centre."""
    return Settings(
        host=smpp.host,
        port=smpp.port,
        system_id=smpp.system_id,
        password=smpp.password,
        system_type=smpp.system_type,
        tls=_tls(smpp) if smpp.tls else None,
        answer_s=smpp.answer_s,
        enquire_s=smpp.enquire_s,
    )


def _tls(smpp: SmppConfig) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=smpp.ca_file or None)
    except OSError as fault:  # ssl.SSLError too
        raise ConfigError(f"smpp.ca_file: {smpp.ca_file} is no certificate that can be read, PEM") from fault


def _terms(sms: SmsConfig, smpp: SmppConfig) -> Terms:
    return Terms(
        form=Form(
            encoding=smpp.encoding, data_coding=smpp.data_coding, way=smpp.long_texts, part_octets=smpp.part_octets
        ),
        source=pdu.Address(digits=sms.sender, ton=smpp.source_ton, npi=smpp.source_npi),
        destination=pdu.Address(digits="", ton=smpp.destination_ton, npi=smpp.destination_npi),
        country=_KOREA if smpp.numbers == "international" else "",
        service_type=smpp.service_type,
        receipts=smpp.receipts,
        receipt_ids=smpp.receipt_ids,
        per_second=smpp.per_second,
        window=smpp.window,
        pair=smpp.bind == "pair",
        settle_s=smpp.settle_s,
        in_doubt=smpp.in_doubt,
    )
