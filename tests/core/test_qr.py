"""QR codes: what stands in terminal and SVG is the code that the library made."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import segno

from core import qr

URL = "https://120.city.example/v/0123456789abcdefghijkl"


def test_terminal_shows_every_module_black_on_white() -> None:
    lines = qr.terminal(URL).splitlines()
    assert all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in lines)
    rows: list[list[int]] = []
    for line in lines:
        text = re.sub(r"\x1b\[[0-9;]*m", "", line)
        rows += [[int(letter in "▀█") for letter in text], [int(letter in "▄█") for letter in text]]
    code = [list(row) for row in segno.make_qr(URL, error="m", boost_error=False).matrix_iter(border=4)]
    assert rows[: len(code)] == code
    assert not any(map(any, rows[len(code) :]))
    assert len(lines[0]) - len("\x1b[38;5;16;48;5;231m\x1b[0m") == len(code)


def test_svg_stands_alone() -> None:
    root = ElementTree.fromstring(qr.svg(URL, title="<휴대전화> & QR"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "<휴대전화> & QR"
    size = segno.make_qr(URL, error="m", boost_error=False).symbol_size(border=4)
    assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
    assert "href" not in qr.svg(URL) and "width=" not in qr.svg(URL).split(">")[0]


def test_level_m() -> None:
    assert qr._code(URL).error == "M"
