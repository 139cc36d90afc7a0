"""What one INVITE or UPDATE of a recording client says: which streams, and who is who."""

from __future__ import annotations

import msgspec

from core.errors import BadInput
from telephony.request import Request
from telephony.siprec.metadata import Metadata
from telephony.siprec.metadata_xml import TYPES, read
from telephony.siprec.multipart import first, parts
from telephony.siprec.offer import OfferedStream, streams


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Parts that are not there are None."""

    offer: tuple[OfferedStream, ...] | None = None
    metadata: Metadata | None = None
    faults: tuple[str, ...] = ()
    """What could not be read, in words for the engineer, without what was said of people."""


def message(request: Request) -> Message:
    """Never raises: a session is worth having without names, and even without knowing its streams."""
    try:
        found = parts(request.first("content-type"), request.body)
    except BadInput as fault:
        return Message(faults=(str(fault),))
    sdp, xml = first(found, "application/sdp"), first(found, *TYPES)
    offer = streams(sdp) if sdp else None
    if not xml:
        return Message(offer=offer)
    try:
        return Message(offer=offer, metadata=read(xml))
    except BadInput as fault:
        return Message(offer=offer, faults=(str(fault),))
