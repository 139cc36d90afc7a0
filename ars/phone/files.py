"""The page's files, read once: its modules and icon under one hashed name, its style, pictures and templates. Pure.

One hash over all modules stands in each one's address (``page-3f2a91c0.js``), so a browser may keep them for ever and
never mixes two versions. What goes over the wire is compressed once, here.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import msgspec

STATIC: Final = "/v/static/"
MODULES: Final = ("page.js", "captions.js", "draw.js", "form.js", "line.js")
"""The first one imports the others; the page names them all, so that they are fetched side by side."""
_KINDS: Final = {"js": "text/javascript", "svg": "image/svg+xml"}


class File(msgspec.Struct, frozen=True):
    """A file ready to be sent."""

    body: bytes
    packed: bytes
    """The same with gzip."""
    kind: str
    """Its media type."""


class Files(msgspec.Struct, frozen=True):
    """All of them."""

    css: str
    icons: Mapping[str, str]
    """What is drawn, by name: the inside of an SVG of 24 x 24."""
    addresses: Mapping[str, str]
    """'page.js' -> '/v/static/page-3f2a91c0.js'"""
    by_name: Mapping[str, File]
    """'page-3f2a91c0.js' -> its file"""


def load() -> Files:
    """Read everything under ``web/``."""
    web = files("ars") / "web"
    scripts = {name: web.joinpath(name).read_text("utf-8") for name in MODULES}
    icon = web.joinpath("icon.svg").read_text("utf-8")
    mark = hashlib.sha256("\0".join([*scripts.values(), icon]).encode()).hexdigest()[:8]
    named = {name: name.replace(".", f"-{mark}.") for name in (*MODULES, "icon.svg")}
    by_name = {}
    for name, text in {**scripts, "icon.svg": icon}.items():
        ready = re.sub(r"'\./(\w+\.js)'", lambda found: f"'./{named[found[1]]}'", _bare(text))
        body = ready.encode()
        by_name[named[name]] = File(body, gzip.compress(body, 9, mtime=0), _KINDS[name.rpartition(".")[2]])
    return Files(
        css=_bare(web.joinpath("page.css").read_text("utf-8")),
        icons=icons(),
        addresses={name: STATIC + address for name, address in named.items()},
        by_name=by_name,
    )


def icons() -> dict[str, str]:
    """The pictures that choices of a menu may name, by name."""
    found = {}
    for file in sorted((files("ars") / "web" / "icons").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".svg"):
            drawn = re.fullmatch(r"<svg[^>]*>(.*)</svg>\s*", file.read_text("utf-8"), re.DOTALL)
            assert drawn is not None, file.name
            found[file.name.removesuffix(".svg")] = drawn[1]
    return found


def _bare(text: str) -> str:
    """Without whole comments (``/* */``) and indentation: they are for us, not for a phone on a slow line."""
    without = re.sub(r"^\s*/\*.*?\*/\s*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line.strip() for line in without.splitlines() if line.strip()) + "\n"
