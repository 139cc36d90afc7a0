"""Reads recording metadata: RFC 7865, the drafts before it, and the few things that vendors add and we need.

Elements are known by their local names, so that every namespace of the drafts is read
(``urn:ietf:params:xml:ns:recording:1``, ``...:recording``, ``...:siprec``); what is not known is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.errors import BadInput
from telephony.party import name_and_uri, party_at, tidy_name
from telephony.siprec.metadata import MOST, Metadata, Participant, Session, Stream

TYPES = ("application/rs-metadata+xml", "application/rs-metadata", "application/recording-metadata+xml")
"""Media types that it comes as, the RFC's first."""
LONGEST = 65_536
_LONGEST_ID = 200
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
"""Says an encoding, which the text no longer has."""
_ROOTS = ("recording", "recording_metadata")
_SCHEME = re.compile(r"(sips?|tel):", re.IGNORECASE)

T = TypeVar("T", Participant, Stream, Session)


def read(xml: str) -> Metadata:
    """What one message says. ``BadInput`` for what is no recording metadata, is too long, or has a DTD (entity
    bombs)."""
    if len(xml) > LONGEST:
        raise BadInput(f"recording metadata of {len(xml)} characters: at most {LONGEST} are read")
    text = _DECLARATION.sub("", xml).strip()
    try:
        root = fromstring(text.encode("utf-8", "replace"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadInput(f"recording metadata that is no XML: {error}") from None
    if _local(root) not in _ROOTS:
        raise BadInput(f"recording metadata begins with <{_local(root)[:40]}>, not with <recording>")
    return _Document(root).metadata()


class _Document:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._assocs = [e for e in root if _local(e) in ("participantsessionassoc", "participantstreamassoc")]
        self._recorded = _address(_deep(root, "userid"))
        """BroadWorks: the subscriber whose calls are recorded."""
        calling = _deep(root, "callingpartynumber") or _deep(root, "fromhdr")
        self._calling = party_at(_address(name_and_uri(calling)[1])).number if calling else ""
        """BroadWorks, Ribbon: who called, for the whole session."""

    def metadata(self) -> Metadata:
        participants = self._each("participant", self._participant)
        told = {participant.id for participant in participants}
        named = dict.fromkeys(_reference(assoc) for assoc in self._assocs)
        alone = tuple(self._associated(identity) for identity in named if identity and identity not in told)
        return Metadata(
            complete=_text(self._root, "datamode").lower() != "partial",
            sessions=self._each("session", _session),
            participants=self._with_caller((*participants, *alone)[:MOST]),
            streams=self._each("stream", lambda e, identity: Stream(id=identity, label=_text(e, "label"))),
        )

    def _each(self, name: str, made: Callable[[Any, str], T]) -> tuple[T, ...]:
        found: dict[str, T] = {}
        for element in self._root:
            if _local(element) == name and len(found) < MOST and (identity := _identity(element, name)):
                found.setdefault(identity, made(element, identity))
        return tuple(found.values())

    def _participant(self, element: Any, identity: str) -> Participant:
        name_id = next((child for child in element if _local(child) == "nameid"), None)
        said = (name_id.get("aor") if name_id is not None else "") or _text(element, "aor")
        shown, uri = name_and_uri(said)
        name = (_text(name_id, "name") if name_id is not None else "") or _text(element, "name") or shown
        return msgspec.structs.replace(
            self._associated(identity, element),
            aor=_address(uri),
            name=tidy_name(name),
            calling={"true": True, "false": False}.get(_deep(element, "callingparty").lower()),  # Oracle
            recorded=bool(self._recorded) and _address(uri) == self._recorded,
        )

    def _associated(self, identity: str, element: Any = ()) -> Participant:
        """What the associations say of a participant; in the drafts they stand within it."""
        about = [assoc for assoc in self._assocs if _reference(assoc) == identity]
        left = [bool(_text(a, "disassociate-time")) for a in about if _local(a) == "participantsessionassoc"]
        if not left and (_text(element, "associate-time") or _text(element, "disassociate-time")):
            left = [bool(_text(element, "disassociate-time"))]
        sources = [assoc for assoc in about if _local(assoc) == "participantstreamassoc"]
        if not sources and any(_local(child) == "send" for child in element):
            sources = [element]
        live = [source for source in sources if not _text(source, "disassociate-time")]
        sends = tuple(dict.fromkeys(stream for source in live for stream in _sends(source)))
        return Participant(id=identity, sends=sends if sources else None, left=all(left) if left else None)

    def _with_caller(self, participants: tuple[Participant, ...]) -> tuple[Participant, ...]:
        """Where it stands for the whole session who called: the participant of that number, if it is one."""
        callers = [p.id for p in participants if self._calling and p.party.number == self._calling]
        if len(callers) != 1 or any(p.calling is not None for p in participants):
            return participants
        return tuple(msgspec.structs.replace(p, calling=p.id == callers[0]) for p in participants)


def _session(element: Any, identity: str) -> Session:
    return Session(id=identity, stopped=any(_text(element, tag) for tag in ("stop-time", "disassociate-time")))


def _sends(element: Any) -> Iterator[str]:
    """Ids of streams in <send>, as its text or as <id> within."""
    for child in element:
        if _local(child) == "send":
            yield from filter(None, (_own(child), *(_own(each) for each in child if _local(each) == "id")))


def _address(uri: str) -> str:
    """With a scheme, without parameters."""
    address = uri.strip().strip("<>").partition(";")[0]
    return f"sip:{address}" if address and not _SCHEME.match(address) else address


def _identity(element: Any, name: str) -> str:
    return (element.get(f"{name}_id") or element.get("id") or "").strip()[:_LONGEST_ID]


def _reference(assoc: Any) -> str:
    return (assoc.get("participant_id") or assoc.get("participant") or "").strip()[:_LONGEST_ID]


def _local(element: Any) -> str:
    """The name without its namespace, in lower case: the drafts say dataMode and nameID."""
    return str(element.tag).rpartition("}")[2].lower()


def _own(element: Any) -> str:
    return (element.text or "").strip()


def _text(element: Any, name: str) -> str:
    """Of the first child of that name."""
    return next((_own(child) for child in element if _local(child) == name), "")


def _deep(element: Any, name: str) -> str:
    """Of the first descendant of that name that says something."""
    return next((_own(each) for each in element.iter() if _local(each) == name and _own(each)), "")
