"""Citizens of the demo who write: what they send is taken, and a colleague answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from core.config import Config
from core.home import Home
from server.app import Node
from server.demo import writers
from server.demo.writers import LETTERS, inbox, lamp, write_in
from tests.fakes.bridge import ScriptedBridge
from tests.flows import test_texts_in as flow
from tests.patience import until

config = flow.config


def test_the_picture_is_one(tmp_path: Path) -> None:
    file = tmp_path / "lamp.png"
    file.write_bytes(lamp())
    with Image.open(file) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (480, 360))


async def test_they_write_and_are_answered(config: Config, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_S", "APART_S", "_READ_S"):
        monkeypatch.setattr(writers, name, 0.2)
    config = replace(config, inbox=inbox())
    async with Node(config, home, bridge=ScriptedBridge()) as node:
        task = asyncio.create_task(write_in(node, "kim", "lee"))
        await until(lambda: any(c.now.agent_id == "kim" and c.now.photos for c in node.written.contacts.open), 30)
        await until(lambda: any(m.text == LETTERS[1].answer for m in node.parts.gateway.messages), 30)  # type: ignore[attr-defined]
        task.cancel()
