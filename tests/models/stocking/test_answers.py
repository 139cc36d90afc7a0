"""Servers' answers, one by one."""

from __future__ import annotations

import pytest

from models.stocking.answers import Done, Have, Start, Trouble, answer, asked

HALF = Have(size=50, validator='"a"')
ALL = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize(
    ("have", "headers"),
    [
        (Have(), ALL),
        (Have(size=50), ALL),
        (HALF, {**ALL, "Range": "bytes=50-", "If-Range": '"a"'}),
        (Have(size=50, proven=True), {**ALL, "Range": "bytes=50-"}),
    ],
)
def test_what_is_asked(have: Have, headers: dict[str, str]) -> None:
    """The rest only where pieces of two versions can't be taken for one."""
    assert asked(have) == headers


@pytest.mark.parametrize(
    ("status", "headers", "means"),
    [
        (200, {"content-length": "90", "etag": '"b"'}, Start(offset=0, total=90, validator='"b"')),
        (200, {"content-length": "-1", "etag": 'W/"b"'}, Start(offset=0, total=0, validator="")),
        (200, {"content-length": "9" * 99, "last-modified": "x"}, Start(offset=0, total=0, validator="x")),
        (206, {"content-range": "bytes 50-89/90"}, Start(offset=50, total=90, validator='"a"')),
        (206, {"content-range": "bytes 50-89/*", "etag": '"b"'}, Start(offset=50, total=0, validator='"b"')),
        (416, {"content-range": "bytes */50"}, Done()),
    ],
)
def test_answers_that_help(status: int, headers: dict[str, str], means: Start | Done) -> None:
    """Where the body belongs."""
    assert answer(status, headers, HALF) == means


@pytest.mark.parametrize(
    ("status", "headers", "passing", "anew"),
    [
        (206, {"content-range": "bytes 40-89/90"}, True, True),
        (206, {}, True, True),
        (206, {"content-range": "rubbish"}, True, True),
        (416, {"content-range": "bytes */40"}, True, True),
        (416, {}, True, True),
        (503, {}, True, False),
        (404, {}, False, False),
        (304, {}, False, False),
    ],
)
def test_answers_that_do_not(status: int, headers: dict[str, str], passing: bool, anew: bool) -> None:
    """Whether it may help to ask again, and whether what came before is of use."""
    found = answer(status, headers, HALF)
    assert isinstance(found, Trouble)
    assert (found.passing, found.anew) == (passing, anew)


def test_a_server_that_asks_for_patience() -> None:
    """Not for more than a minute; dates are not read."""
    waits = [answer(503, {"retry-after": text}, HALF) for text in ("7", "7000", "Wed, 21 Oct 2026 07:28:00 GMT")]
    assert [wait.after_s for wait in waits if isinstance(wait, Trouble)] == [7, 60, 0]
