"""Bodies of several parts as they come, and those that lie."""

from __future__ import annotations

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import BadInput
from telephony.siprec.multipart import LONGEST, MOST_PARTS, Part, first, parts
from tests.telephony.siprec.messages import CISCO_CUBE, body, sdp

SDP, XML = Part("application/sdp", "v=0\n"), Part("application/rs-metadata+xml", "<recording/>\n")
BODY = (
    "--b1\nContent-Type: application/sdp\n\nv=0\n\n--b1\nContent-Type: application/rs-metadata+xml; charset=utf-8\n"
    "Content-Disposition: recording-session\n\n<recording/>\n\n--b1--\n"
)


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("multipart/mixed;boundary=b1", BODY),
        ('Multipart/Mixed; charset=x; BOUNDARY = "b1"', BODY),
        ("multipart/mixed;boundary=b1", BODY.replace("\n", "\r\n")),
        ("multipart/mixed;boundary=b1", "This is a message in MIME.\n" + BODY),
        ("multipart/mixed;boundary=b1", BODY.replace("--b1--\n", "")),
        ("multipart/mixed;boundary=b1", BODY + "an epilogue\n--b1\n\nnot a part\n"),
        ("multipart/mixed;boundary=b1", BODY.replace("--b1\n", "--b1  \n")),
        ("multipart/mixed;boundary=b1", BODY.replace("Content-Type", "content-TYPE")),
        ("multipart/mixed;boundary=b1", BODY.replace("Content-Type: application/sdp", "c:application/sdp")),
        ("multipart/mixed;boundary=b1", BODY.replace("; charset", ";\n charset")),
        (
            "multipart/mixed;boundary=b1",
            BODY.replace("Content-Type: application/sdp", "X: y\nContent-Type: Application/SDP"),
        ),
    ],
)
def test_shapes_of_the_same_body(content_type: str, text: str) -> None:
    found = [Part(part.type, part.text.rstrip("\n") + "\n") for part in parts(content_type, text)]
    assert found == [SDP, XML]


def test_a_body_that_is_no_multipart_is_its_one_part() -> None:
    assert parts("application/sdp", "v=0\r\n") == (SDP,)
    assert parts("application/sdp", "") == ()
    assert parts("", "hello") == (Part("text/plain", "hello"),)


def test_parts_within_parts_and_base64() -> None:
    coded = base64.encodebytes(b"<recording/>\r\n").decode()
    inner = f"--in\nContent-Type: {XML.type}\nContent-Transfer-Encoding: Base64\n\n{coded}\n--in--\n"
    outer = (
        "--out\nContent-Type: application/sdp\nContent-Transfer-Encoding: 8bit\n\nv=0\n\n"
        f'--out\nContent-Type: multipart/related; boundary="in"\n\n{inner}\n--out--\n'
    )
    found = parts("multipart/mixed; boundary=out", outer)
    assert (first(found, "application/sdp").strip(), first(found, XML.type)) == ("v=0", "<recording/>\n")
    assert first(found, "application/isup") == ""


def test_a_third_part_of_something_else() -> None:
    text = body(sdp("4000 1 sendonly"), CISCO_CUBE, closing=False) + (
        "--uniqueBoundary\nContent-Type: application/gtd\nContent-Disposition: signal\n\nIAM,\nGCI,9\n"
    )
    found = parts("multipart/mixed;boundary=uniqueBoundary", text)
    assert [part.type for part in found] == ["application/sdp", "application/rs-metadata+xml", "application/gtd"]


@pytest.mark.parametrize(
    ("content_type", "text", "words"),
    [
        ("multipart/mixed", BODY, "without a boundary"),
        ('multipart/mixed; boundary=""', BODY, "does not occur"),
        ("multipart/mixed; boundary=b", BODY, "does not occur"),
        ("multipart/mixed; boundary=b1", "", "does not occur"),
        ("application/sdp", "x" * (LONGEST + 1), "at most"),
        ("multipart/mixed; boundary=b1", "--b1\n\nx\n" * (MOST_PARTS + 1), "more than"),
        ("multipart/mixed; boundary=b1", "--b1\n" + "a: b\n" * 5000, "endless headers"),
        (
            "multipart/mixed; boundary=b1",
            "--b1\nContent-Type: application/sdp\nContent-Transfer-Encoding: base64\n\n%%%\n--b1--",
            "base64",
        ),
        (
            "multipart/mixed; boundary=b1",
            "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(1, 6)) + "--b6\n\nx",
            "deep",
        ),
    ],
)
def test_what_cannot_be_true_is_said(content_type: str, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        parts(content_type, text)


@given(st.text(max_size=60), st.text(st.sampled_from('-bB1\n\r :;c=ontent/typmulad"\\'), max_size=300))
@example("multipart/mixed; boundary=b", "--b\n--b\n--b--")
def test_never_anything_but_bad_input(content_type: str, text: str) -> None:
    for kind in (content_type, "multipart/mixed; boundary=b"):
        try:
            found = parts(kind, text)
        except BadInput:
            continue
        assert len(found) <= MOST_PARTS


@given(
    st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40), min_size=1, max_size=8)
)
def test_what_was_put_in_comes_out(texts: list[str]) -> None:
    body_text = "".join(f"--=_b\nContent-Type: text/x{n}\n\n{text}x\n" for n, text in enumerate(texts)) + "--=_b--"
    found = parts('multipart/mixed; boundary="=_b"', body_text)
    assert [(part.type, part.text) for part in found] == [(f"text/x{n}", f"{text}x\n") for n, text in enumerate(texts)]
