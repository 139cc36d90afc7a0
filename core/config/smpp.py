"""The second gateway: a message centre of the city or its carrier, spoken to in SMPP 3.4."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from core.config.section import Port, Section, SomeSeconds

Octet = Annotated[int, Meta(ge=0, le=255)]


class SmppConfig(Section, frozen=True, kw_only=True):
    """A message centre (SMSC) by SMPP 3.4, for `sms.gateway` 'smpp'. Our number is `sms.sender`."""

    host: str = ""
    """Its name or address."""
    port: Port = 2775
    """Its port."""
    tls: bool = False
    """SMPP itself is not encrypted, its password neither: true where the centre offers TLS; else use a private line."""
    ca_file: str = ""
    """Certificate of the authority that the centre's TLS must show, PEM; relative to this file; '' = the system's."""
    system_id: str = ""
    """Who we are to it; at most 15 letters."""
    password: str = ""
    """Our password, at most 8 letters. Better kept apart, in `password_file`."""
    password_file: str = ""
    """A file with the password and nothing else, mode 0600; relative to this file."""
    system_type: str = ""
    """As the message centre wants it, mostly ''; at most 12 letters."""
    bind: Literal["transceiver", "pair"] = "transceiver"
    """One connection for both ways; 'pair' = a transmitter and a receiver, where the centre wants that."""
    per_second: Annotated[float, Meta(gt=0)] = 50.0
    """At most so many submissions a second: what the centre allows. A long text is several."""
    window: Annotated[int, Meta(ge=1, le=1000)] = 10
    """At most so many submissions without an answer at a time."""
    answer_s: SomeSeconds = 10.0
    """So long an answer may take before the text is tried again; it is looked for first."""
    enquire_s: SomeSeconds = 30.0
    """After so long a silence we ask for a sign of life (enquire_link)."""
    service_type: str = ""
    """As the message centre wants it, mostly ''; at most 5 letters."""
    numbers: Literal["national", "international"] = "national"
    """How it wants callers' numbers: 01012345678 or 821012345678."""
    source_ton: Octet = 0
    """Type of our number (SMPP 3.4, 5.2.5): 0 = unknown, 1 = international, 2 = national."""
    source_npi: Octet = 1
    """Plan of our number (5.2.6): 1 = E.164."""
    destination_ton: Octet = 0
    """Type of callers' numbers; 1 where `numbers` is 'international'."""
    destination_npi: Octet = 1
    """Plan of callers' numbers."""
    encoding: Literal["euc-kr", "ucs-2"] = "euc-kr"
    """How texts are written; EUC-KR with Microsoft's syllables, or UCS-2 (data_coding 8)."""
    data_coding: Octet = 14
    """data_coding of EUC-KR (5.2.19): 14 = KS C 5601; some centres want 0."""
    long_texts: Literal["udh", "sar", "payload"] = "udh"
    """What is longer than a part: parts with a user data header, with SAR parameters, or whole in message_payload."""
    part_octets: Annotated[int, Meta(ge=40, le=254)] = 140
    """Most that one part carries, its header included."""
    receipts: bool = True
    """Ask for a delivery receipt of each text."""
    receipt_ids: Literal["same", "decimal"] = "same"
    """'decimal': the centre answers with hexadecimal ids, and its receipts have them in decimal."""
    settle_s: Annotated[float, Meta(ge=0)] = 5.0
    """So long a text of which nobody knows whether it left waits for its receipt: from the bind on, or since the last
    receipt of what an earlier connection had sent; at most six times as long."""
    in_doubt: Literal["again", "never"] = "again"
    """If none comes: send it again, and a citizen may get it twice; or never, and she may not get it at all."""
