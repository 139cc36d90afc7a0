"""A form's body without pictures: urlencoded, whole, within its size and its time, or refused."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from ars.phone.door import Shut

FORM_S: Final = 30.0
"""The longest that a form may take to come: 64 KiB at 400 kbit/s need 1.3 s."""
_BLOCK: Final = 64 * 1024


async def read_form(request: web.Request, *, longest: int, fields: int) -> dict[str, str]:
    """Its values; of a field that is there twice the last. Raises ``Shut`` beyond ``longest`` bytes or ``fields``."""
    body = bytearray()
    try:
        async with asyncio.timeout(FORM_S):
            async for chunk in request.content.iter_chunked(_BLOCK):
                body += chunk
                if len(body) > longest:
                    raise Shut("too_large")
    except TimeoutError as slow:
        raise Shut("not_sent") from slow
    if request.content_type == "multipart/form-data":
        raise Shut("not_sent")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=fields, errors="strict"))
    except ValueError as broken:
        raise Shut("not_sent") from broken
