"""A web server of archives that can do what bad lines, proxies and servers do: cut, stall, lie, redirect, corrupt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the server's next answer, the last one again and again."""

    protocol_version = "HTTP/1.1"
    server: ArchiveServer

    def do_GET(self) -> None:
        """By the script."""
        self.server.asked.append((self.path, dict(self.headers)))
        self.close_connection = True
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *_: object) -> None:
        """In tests nobody reads it."""

    def head(self, status: int, **headers: object) -> None:
        """Status and headers; ``content_length`` is Content-Length."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()


class ArchiveServer(ThreadingHTTPServer):
    """``asked``: path and headers of every request. ``url``: of any path."""

    daemon_threads = True

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/m.zip"

    @property
    def ranges(self) -> list[str]:
        """Which part each request wanted."""
        return [headers.get("Range", "") for _, headers in self.asked]

    def handle_error(self, *_: object) -> None:
        """A client that went away is what some tests are about."""


@contextlib.contextmanager
def serving(*answers: Answer) -> Iterator[ArchiveServer]:
    """The server, while the block runs."""
    server = ArchiveServer(*answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def whole(content: bytes, *, etag: str = '"1"', until: int | None = None, claims: int | None = None) -> Answer:
    """All of it, or a Range of it. ``until``: cut there; ``claims``: the length that is told."""

    def answer(request: Request) -> None:
        wanted = request.headers.get("Range", "")
        first = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if request.headers.get("If-Range", etag) != etag:
            first = 0
        length = claims if claims is not None else len(content)
        if first >= length:
            request.head(416, Content_Range=f"bytes */{length}", Content_Length=0)
            return
        tag = {"ETag": etag} if etag else {}
        if first:
            span = f"bytes {first}-{length - 1}/{length}"
            request.head(206, Content_Range=span, Content_Length=length - first, **tag)
        else:
            request.head(200, Content_Length=length, **tag)
        request.wfile.write(content[first:until])

    return answer


def ignoring_ranges(content: bytes, until: int | None = None) -> Answer:
    """Always from the beginning."""

    def answer(request: Request) -> None:
        request.head(200, Content_Length=len(content))
        request.wfile.write(content[:until])

    return answer


def without_length(content: bytes) -> Answer:
    """The end of the connection is the end."""

    def answer(request: Request) -> None:
        request.head(200, Connection="close")
        request.wfile.write(content)

    return answer


def chunked(content: bytes, until: int | None = None) -> Answer:
    """In chunks of HTTP; ``until``: cut there, within a chunk."""

    def answer(request: Request) -> None:
        request.head(200, Transfer_Encoding="chunked")
        sent = content[:until]
        request.wfile.write(b"%x\r\n" % len(content) + sent + (b"\r\n0\r\n\r\n" if until is None else b""))

    return answer


def status(number: int, **headers: object) -> Answer:
    """No archive."""

    def answer(request: Request) -> None:
        request.head(number, Content_Length=0, **headers)

    return answer


def page(title: str) -> Answer:
    """A web page, with 200, as proxies do."""

    def answer(request: Request) -> None:
        content = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head></html>".encode()
        request.head(200, Content_Type="text/html", Content_Length=len(content))
        request.wfile.write(content)

    return answer


def stalling(content: bytes, until: int) -> Answer:
    """So much, then nothing until the test is over."""

    def answer(request: Request) -> None:
        request.head(200, Content_Length=len(content), ETag='"1"')
        request.wfile.write(content[:until])
        request.wfile.flush()
        request.server.over.wait(20)

    return answer


def hanging_up(request: Request) -> None:
    """The connection ends without an answer."""
    request.connection.close()
