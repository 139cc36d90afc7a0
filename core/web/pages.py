"""A room's pages: HTML, modules, styles and messages, read once and served from memory.

Served as written: no bundler, nothing loaded from elsewhere. The import map must stand in the page itself, so the
content security policy names its hash; every other script comes from a file of ours. What a room's pages have in
common (their head, the import map) lies in ``parts/``: ``{{>head}}`` is ``parts/head.html``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html import escape
from importlib.resources.abc import Traversable
from typing import Final, Literal

import msgspec
from aiohttp import web

Language = Literal["ko", "en"]
LANGUAGE_COOKIE: Final = "minwon_lang"

_KINDS: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


class Page(msgspec.Struct, frozen=True):
    """A file ready to be sent."""

    body: bytes
    kind: str
    etag: str


class Pages:
    """All files of one folder: ``*.html`` pages, ``messages/ko.json`` and ``en.json``, whatever else is served."""

    def __init__(self, root: Traversable, *, frame_ancestors: str = "'none'", sounds: bool = False) -> None:
        """``frame_ancestors``: who may show a page in a frame, as CSP writes it (the demo: "'self'"). ``sounds``: its
        pages play sound from this server."""
        self._files: dict[str, Page] = dict(_walk(root, ""))
        self._html = {item.name: _whole(root, item) for item in root.iterdir() if item.name.endswith(".html")}
        self._words: dict[Language, dict[str, str]] = {
            "ko": msgspec.json.decode((root / "messages" / "ko.json").read_bytes()),
            "en": msgspec.json.decode((root / "messages" / "en.json").read_bytes()),
        }
        self._policies = {name: _policy(html, frame_ancestors, sounds=sounds) for name, html in self._html.items()}

    async def static(self, request: web.Request) -> web.Response:
        """GET a file, ``{path}`` of the route."""
        page = self._files.get(request.match_info["path"])
        if page is None:
            raise web.HTTPNotFound(text="no such file\n")
        # Checked every time: after an upgrade no desk may run with half of the old modules.
        headers = {"ETag": page.etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if request.headers.get("If-None-Match") == page.etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=page.body, content_type=page.kind, charset="utf-8", headers=headers)

    def html(self, name: str, language: Language, fields: Mapping[str, str] | None = None) -> web.Response:
        """A page with its ``{{words}}`` from the catalogue and its ``{{=fields}}``, both escaped."""
        words, given = self._words[language], {"lang": language, **(fields or {})}
        body = re.sub(
            r"\{\{(=?)([a-z_.]+)\}\}", lambda m: escape(given[m[2]] if m[1] else words[m[2]]), self._html[name]
        )
        return web.Response(
            text=body,
            content_type="text/html",
            headers={
                "Content-Security-Policy": self._policies[name],
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "same-origin",
                "Cache-Control": "no-store",
            },
        )

    def say(self, language: Language, key: str, **values: object) -> str:
        """One message of the catalogue."""
        return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], m[0])), self._words[language][key])


def language_of(request: web.Request) -> Language:
    """Korean unless the agent switched."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "ko"


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Page]]:
    found: list[tuple[str, Page]] = []
    for item in folder.iterdir():
        path = prefix + item.name
        if item.is_dir():
            found += _walk(item, path + "/")
        elif kind := _KINDS.get("." + item.name.rpartition(".")[2]):
            body = item.read_bytes()
            found.append((path, Page(body, kind, f'"{hashlib.sha256(body).hexdigest()[:20]}"')))
    return found


def _whole(root: Traversable, page: Traversable) -> str:
    """The page with its parts, and theirs, in place."""
    return re.sub(
        r"\{\{>([a-z_]+)\}\}",
        lambda m: _whole(root, root / "parts" / f"{m[1]}.html").removesuffix("\n"),
        page.read_text("utf-8"),
    )


def _policy(html: str, frame_ancestors: str, *, sounds: bool) -> str:
    """The strictest policy under which the page works."""
    scripts = re.findall(r'<script type="importmap">(.*?)</script>', html, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(["'self'", *(f"'sha256-{value}'" for value in hashes)])
    media = "media-src 'self'; " if sounds else ""
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'self'; connect-src 'self'; img-src 'self'; {media}"
        f"base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}; require-trusted-types-for 'script'"
    )
