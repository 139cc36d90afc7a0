"""The examples of docs/texts-in.md, run as they stand there against a real node."""

from __future__ import annotations

import asyncio
import base64
import re
import sys
from pathlib import Path

from msgspec.structs import replace

from core.config import Config
from core.events import TextReceived
from core.home import Home
from server.app import Node
from tests.core.pictures.pictures import encoded, halves
from tests.fakes.bridge import ScriptedBridge
from tests.flows import test_texts_in as flow

DOC = (Path(__file__).parents[2] / "docs" / "texts-in.md").read_text("utf-8")
SECRET = "whsec_" + base64.b64encode(b"as openssl rand makes one, 32 bytes").decode()
config = flow.config


def example(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", DOC, re.DOTALL)[0]


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=-1, stderr=-1)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_shell_and_python(config: Config, home: Home, tmp_path: Path) -> None:
    config = replace(config, inbox=replace(config.inbox, secret=SECRET))
    (tmp_path / "picture.jpg").write_bytes(encoded(halves()))
    async with Node(config, home, bridge=ScriptedBridge()) as node:
        address = node.desk_url.rstrip("/")
        script = tmp_path / "texts-in.sh"
        script.write_text(example("sh"), "utf-8")
        assert '"again":false' in await run("sh", str(script), address, SECRET, "010-0000-1234", "쉘에서 보냅니다")
        picture = str(tmp_path / "picture.jpg")
        said = await run(
            sys.executable, "-c", example("python"), address, SECRET, "010-0000-1234", "파이썬에서", picture
        )
        assert '"again":false' in said
        (contact,) = node.written.contacts.open
        texts = [event for event in contact.line.past if isinstance(event, TextReceived)]
        assert [event.text for event in texts] == ["쉘에서 보냅니다", "파이썬에서"]
        assert len(texts[1].photos) == 1


def test_every_setting_that_is_named_is_one() -> None:
    names = set(re.findall(r"`inbox\.(\w+)`", DOC)) | set(re.findall(r"^(\w+) = ", DOC, re.MULTILINE))
    known = set(flow.ALWAYS.__struct_fields__)
    assert names <= known | {"proxies", "at", "mac", "key", "id", "body", "pictures", "request", "headers"}
