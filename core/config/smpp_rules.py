"""What the settings of a message centre must be to each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.config.sections import Config

LONGEST: Final = {"system_id": 15, "password": 8, "system_type": 12, "service_type": 5}
"""Letters that a field of a PDU holds (SMPP 3.4, 4.1.5 and 4.4.1)."""
_INTERNATIONAL: Final = 1


def problems(config: Config) -> Iterator[str]:
    """Nothing while `sms.gateway` is another."""
    smpp, sms = config.smpp, config.sms
    if sms.gateway != "smpp":
        return
    given = {
        "smpp.host": smpp.host,
        "smpp.port": smpp.port,
        "smpp.system_id": smpp.system_id,
        "smpp.password_file": smpp.password_file or smpp.password,
        "sms.sender": sms.sender,
    }
    if missing := [key for key, value in given.items() if not value]:
        yield f"sms.gateway 'smpp' needs {', '.join(missing)}; the message centre's operator tells them"
    for name, longest in LONGEST.items():
        value = getattr(smpp, name)
        if len(value) > longest or not value.isascii():
            yield f"smpp.{name} has more than {longest} letters, or others than ASCII: SMPP carries no more"
    if smpp.ca_file and not smpp.tls:
        yield "smpp.ca_file is for TLS: set smpp.tls = true, or leave it out"
    if sms.at_once < smpp.window:
        yield f"sms.at_once {sms.at_once} never fills smpp.window {smpp.window}: take at least as many"
    if smpp.numbers == "international" and smpp.destination_ton != _INTERNATIONAL:
        yield "smpp.numbers 'international' goes with smpp.destination_ton = 1"
    if smpp.encoding == "ucs-2" and smpp.part_octets % 2:
        yield f"smpp.part_octets {smpp.part_octets} is odd: a letter of UCS-2 has two octets"
