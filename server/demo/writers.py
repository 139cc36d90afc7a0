"""Citizens of the demo who write: their texts and pictures come by the real webhook, signed, as a gateway brings them.

One of the demo's agents (who looks at the demo) gets every other one and may answer it; a colleague answers the rest.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import struct
import zlib
from typing import Final

import aiohttp
import msgspec

from agent_assist.desk_texts import TextToSend
from core.config import InboxConfig
from core.errors import MinwonError, Refused
from core.events import now
from core.log import get_logger
from core.phone_numbers import normalised
from core.webhook_signature import key_of, signed
from server.app import Node

log = get_logger("server.demo")

FIRST_S: Final = 12.0
APART_S: Final = 45.0
"""From one who writes to the next."""
_READ_S: Final = 6.0
"""So long a colleague reads before she answers."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What one person writes, and what is answered."""

    number: str
    texts: tuple[str, ...]
    picture: bool = False
    """With the last of them."""
    answer: str


LETTERS: Final = (
    Letter(
        number="010-0387-2240",
        texts=("안녕하세요. 집 앞 가로등이 며칠째 안 켜집니다.", "사진 보냅니다. 기둥 번호는 안 보여요."),
        picture=True,
        answer="사진 잘 받았습니다. 가로등 고장으로 접수했고 사흘 안에 고칩니다. 한빛시 민원콜센터",
    ),
    Letter(
        number="010-0529-6083",
        texts=("대형 폐기물 스티커는 어디서 사나요? 장롱 하나입니다.",),
        answer="장롱은 배출 하루 전에 인터넷이나 주민센터에서 신고하시면 됩니다. 한빛시 민원콜센터",
    ),
    Letter(
        number="010-0748-1925",
        texts=("여권 재발급하려면 본인이 꼭 가야 하나요?", "사진은 몇 장 필요한지도 알려 주세요"),
        answer="여권은 본인이 오셔야 하고 여권용 사진 한 장이 필요합니다. 한빛시 민원콜센터",
    ),
)


def inbox() -> InboxConfig:
    """The demo's settings: a secret of its own, agents who answer at any hour."""
    return InboxConfig(secret=secrets.token_urlsafe(24), opens="00:00", closes="00:00", days="1234567")


async def write_in(node: Node, mine: str, colleague: str) -> None:
    """Until cancelled. ``mine``: whose desk is looked at; ``colleague`` answers what she gets."""
    await asyncio.sleep(FIRST_S)
    async with aiohttp.ClientSession() as gateway, asyncio.TaskGroup() as group:
        number = 0
        while True:
            for letter in LETTERS:
                agent = mine if number % 2 == 0 else colleague
                number += 1
                try:
                    contact_id = await _deliver(node, gateway, letter)
                    await node.house.written_take(contact_id, agent)
                    if agent == colleague:
                        group.create_task(_answer(node, contact_id, agent, letter), name="answer a text")
                except (MinwonError, aiohttp.ClientError) as fault:
                    log.warning("writer.failed", why=str(fault))
                await asyncio.sleep(APART_S)


async def _deliver(node: Node, gateway: aiohttp.ClientSession, letter: Letter) -> str:
    """The written contact that its texts are in."""
    for place, text in enumerate(letter.texts, 1):
        picture = {"type": "image/png", "data": base64.b64encode(lamp()).decode()}
        pictures = [picture] if letter.picture and place == len(letter.texts) else []
        body = msgspec.json.encode({"from": letter.number, "to": "0331200120", "text": text, "pictures": pictures})
        key = key_of(node.config.inbox.secret)
        headers = signed(key, f"demo-{secrets.token_hex(8)}", now(), body)
        async with gateway.post(f"{node.desk_url}hooks/texts/minwon", data=body, headers=headers) as answer:
            answer.raise_for_status()
        await asyncio.sleep(1.5)
    contact = node.written.contacts.of("text", normalised(letter.number))
    if contact is None:
        raise Refused("a colleague has closed it already", code="written_over")
    return contact.contact_id


async def _answer(node: Node, contact_id: str, agent_id: str, letter: Letter) -> None:
    try:
        await asyncio.sleep(_READ_S)
        what = TextToSend(text=letter.answer, key=secrets.token_hex(12), sure=("quiet_hours", "same_text"))
        await node.house.send_text(contact_id, agent_id, what)
        await node.house.written_close(contact_id, agent_id, "answered")
    except MinwonError as fault:
        log.warning("writer.not_answered", why=str(fault))


def lamp(width: int = 480, height: int = 360) -> bytes:
    """A street lamp in the dusk, as a PNG: drawn here, so that no picture of anybody is needed."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # each row is as it is, not as a difference (PNG, section 9)
        for x in range(width):
            if 225 <= x < 255 and y > 90:
                rows += b"\x38\x3c\x44"
            elif (x - 240) ** 2 + (y - 70) ** 2 * 2 < 2600:
                rows += b"\x5a\x60\x6a"
            else:
                rows += bytes((70 + y // 6, 82 + y // 5, 120 + y // 8))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(bytes(rows))), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
