"""Nothing is written outside of the folder, whatever an archive calls its entries."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.stocking.entry_names import DEEPEST, UnsafeEntry, place_of

PARTS = st.one_of(st.sampled_from(["..", ".", "", "a", "C:", "am", "~", "..\\..", "\\", "모델", "__MACOSX"]), st.text())


@given(st.one_of(st.text(), st.builds("/".join, st.lists(PARTS, max_size=DEEPEST + 2))))
@example("..\\..\\etc\\passwd")
@example("a/../../b")
@example("./A:")
def test_every_name_is_refused_or_stays_inside(name: str) -> None:
    """Names as strangers make them."""
    try:
        place = place_of(name)
    except UnsafeEntry as fault:
        assert "\n" not in str(fault)
        return
    if place is not None:
        root = Path("/shelf/folder")
        assert Path(root, place).is_relative_to(root)
        assert ".." not in place.parts
        assert not place.is_absolute()
        assert place_of(str(place)) == place


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../../x", "\\x", "C:\\x", "a\\..\\..\\x", "a\0b", "a/" * 20, "n" * 256]
)
def test_names_that_are_refused(name: str) -> None:
    """One of each kind."""
    with pytest.raises(UnsafeEntry):
        place_of(name)


@pytest.mark.parametrize(
    ("name", "place"),
    [("./m/am/", "m/am"), ("m\\conf\\x", "m/conf/x"), ("한국어/모델", "한국어/모델"), ("m/a..b", "m/a..b")],
)
def test_names_that_are_good(name: str, place: str) -> None:
    """As they are written."""
    assert place_of(name) == PurePosixPath(place)


@pytest.mark.parametrize("name", ["./", "", "__MACOSX/m/._final.mdl", "m/.DS_Store"])
def test_names_that_are_nothing(name: str) -> None:
    """The folder itself and what other systems leave behind."""
    assert place_of(name) is None
