"""Naver Cloud SENS, the text-message service of the Korean government's cloud, over HTTPS.

Every request is signed: HMAC-SHA256 over method, path with query, time and access key; the time must be within five
minutes of SENS's clock, so the node's clock must be right.

SENS knows no idempotency key. What a time-out or a crash leaves in doubt is therefore looked up before it is sent
again: the list of requests to that number since the try began, and each one's text. Two things remain possible. SENS
may list a request later than we look (we look no earlier than the first pause, two seconds after the fault): the
caller then gets the message twice. And of two equal texts to one number within that window the second counts as sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import msgspec
from yarl import URL

from channels import sens_answers as answers
from channels.contract import Message, Receipt, Told
from channels.sms_text import subject_of
from core.errors import GatewayFault, NotSent
from core.events import now
from core.version import VERSION

TIMEOUT_S: Final = 10.0
_CONNECT_S: Final = 5.0
_CONNECTIONS: Final = 16
_ANSWER_BYTES: Final = 1024 * 1024
_KST: Final = timezone(timedelta(hours=9))
_CLOCKS_DIFFER: Final = timedelta(seconds=30)
_PAGE: Final = 100
_CANDIDATES: Final = 10


class SensGateway:
    """See ``channels.contract.Gateway``. Make it on the event loop."""

    name = "sens"
    tells = False

    def __init__(
        self, *, url: str, service: str, access_key: str, secret_key: str, sender: str, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._url = url.rstrip("/")
        self._path = f"/sms/v2/services/{quote(service, safe=':')}/messages"
        self._access_key = access_key
        self._secret_key = secret_key.encode()
        self._sender = sender
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(_CONNECT_S, timeout_s)),
            headers={"User-Agent": f"minwon/{VERSION}", "Accept": "application/json"},
        )

    async def open(self, told: Told, references: Sequence[str]) -> None:
        """Nothing to begin; it has to be asked."""

    async def send(self, message: Message, *, tried: datetime | None = None) -> Receipt:
        """Hand it over, unless a look shows that an earlier try arrived."""
        if tried is not None and (reference := await self._arrived(message, tried)):
            return Receipt(state="sent", reference=reference)
        wish: dict[str, object] = {
            "type": message.kind.upper(),
            "contentType": "COMM",
            "countryCode": "82",
            "from": message.sender or self._sender,
            "content": message.text,
            "messages": [{"to": message.to}],
        }
        if message.kind == "lms" and (subject := message.subject or subject_of(message.text)):
            wish["subject"] = subject
        return answers.of_sending(*await self._request("POST", self._path, msgspec.json.encode(wish)))

    async def delivery(self, message: Message, reference: str) -> Receipt:
        """Ask by the request's id."""
        target = f"{self._path}?{urlencode({'requestId': reference})}"
        return answers.of_delivery(*await self._request("GET", target), reference)

    async def close(self) -> None:
        """Close the connections. Idempotent."""
        await self._session.close()

    async def _arrived(self, message: Message, tried: datetime) -> str:
        """The request's id if SENS has this message, '' if not."""
        window = {
            "requestStartTime": _in_korea(tried - _CLOCKS_DIFFER),
            "requestEndTime": _in_korea(now() + _CLOCKS_DIFFER),
            "to": message.to,
            "pageSize": str(_PAGE),
        }
        found = answers.listed(*await self._request("GET", f"{self._path}?{urlencode(window, quote_via=quote)}"))
        candidates = [entry for entry in found if entry.to == message.to]
        for candidate in candidates[:_CANDIDATES]:
            reference, message_id = answers.usable(candidate.request_id), answers.usable(candidate.message_id)
            if reference and message_id:
                whole = answers.listed(*await self._request("GET", f"{self._path}/{message_id}"))
                if any(entry.content == message.text for entry in whole):
                    return reference
        if len(found) >= _PAGE or len(candidates) > _CANDIDATES:
            raise GatewayFault("the message gateway lists too many messages to find whether an earlier try arrived")
        return ""

    async def _request(self, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body. Raises ``GatewayFault`` when there is none; it never names the target: a number is in it."""
        if self._session.closed:
            raise GatewayFault("the message gateway is closed: the node is stopping")
        timestamp = str(int(now().timestamp() * 1000))
        headers = {
            "x-ncp-apigw-timestamp": timestamp,
            "x-ncp-iam-access-key": self._access_key,
            "x-ncp-apigw-signature-v2": signature(method, target, timestamp, self._access_key, self._secret_key),
        }
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        address = URL(self._url + target, encoded=True)
        try:
            async with self._session.request(
                method, address, data=body, headers=headers, allow_redirects=False
            ) as response:
                content = await response.content.read(_ANSWER_BYTES)
                while not response.content.at_eof() and len(content) < _ANSWER_BYTES:
                    content += await response.content.read(_ANSWER_BYTES)
                return response.status, content
        except aiohttp.ClientSSLError as fault:
            raise GatewayFault(f"TLS with {self._host} fails: is sms.url right, and its certificate valid?") from fault
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as fault:
            raise NotSent(f"the message gateway {self._host} cannot be reached ({type(fault).__name__})") from fault
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise GatewayFault(f"the message gateway {self._host} does not answer ({type(fault).__name__})") from fault

    @property
    def _host(self) -> str:
        return urlsplit(self._url).netloc


def signature(method: str, target: str, timestamp: str, access_key: str, secret_key: bytes) -> str:
    """``x-ncp-apigw-signature-v2``; ``target`` is the path with its query, as on the wire."""
    signed = f"{method} {target}\n{timestamp}\n{access_key}".encode()
    return base64.b64encode(hmac.digest(secret_key, signed, hashlib.sha256)).decode()


def _in_korea(moment: datetime) -> str:
    return moment.astimezone(_KST).strftime("%Y-%m-%d %H:%M:%S")
