"""What ``minwon check`` says about text messages: whether their gateway is there and lets us in."""

from __future__ import annotations

import asyncio
from typing import Final, Literal
from urllib.parse import urlsplit

from channels import smpp_pdu as pdu
from channels.gateways import message_centre
from channels.smpp_link import Answering, open_link
from core.config import Config, SmsConfig
from core.errors import MinwonError

State = Literal["ok", "note"]
_GATEWAY_S: Final = 5.0


async def text_findings(config: Config) -> list[tuple[State, str]]:
    """State and words. Nothing here is a fault: callers are served by voice."""
    sms = config.sms
    if sms.gateway == "outbox":
        return [("note", "messages are shown on the desk and sent to nobody: set sms.gateway (docs/messages.md)")]
    if sms.gateway == "smpp":
        return await _message_centre(config)
    return [await _site(sms)]


async def _site(sms: SmsConfig) -> tuple[State, str]:
    site = urlsplit(sms.url)
    port = site.port or (443 if site.scheme == "https" else 80)
    where = f"{sms.gateway} at {site.hostname}, port {port}"
    try:
        async with asyncio.timeout(_GATEWAY_S):
            _reader, writer = await asyncio.open_connection(site.hostname, port)
        writer.close()
    except OSError as fault:  # TimeoutError too
        why = fault.strerror or "no answer"
        return "note", f"{where} can't be reached from here ({why}): let this machine out to it, or no message is sent"
    return "ok", f"{where} answers; messages come from {sms.sender}"


async def _message_centre(config: Config) -> list[tuple[State, str]]:
    """A bind and a goodbye. Receipts that come meanwhile are not acknowledged: the centre brings them to the node."""
    smpp, found = config.smpp, list[tuple[State, str]]()
    if not smpp.tls:
        says = "SMPP sends texts, numbers and its password in the clear: use smpp.tls, or a private line to the centre"
        found.append(("note", says))

    async def unheard(_deliver: pdu.Deliver, _answering: Answering) -> None:
        """See above."""

    try:
        mode: pdu.Mode = "transmitter" if smpp.bind == "pair" else "transceiver"
        link = await open_link(message_centre(smpp), mode, unheard)
    except MinwonError as fault:
        return [*found, ("note", f"{fault}; while a node is bound here, some centres refuse a second bind")]
    await link.close()
    says = f"the message centre {smpp.host}:{smpp.port} lets us in as {smpp.system_id}; messages come from "
    return [*found, ("ok", says + config.sms.sender)]
