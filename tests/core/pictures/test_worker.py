"""Pictures made anew: upright, small, bare; and what is refused. The rules run here, the process in ``test_photos``."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.pictures.messages import Answer, Made, NotMade
from core.pictures.worker import make
from tests.core.pictures.pictures import BLUE, CITY_HALL, RED, encoded, exif, halves

# Pillow warns of broken metadata; in the worker's own process that stops nothing.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def made(folder: Path, data: bytes, *, place: bool = False) -> Answer:
    """What the worker answers."""
    for name in ("picture", "preview"):
        (folder / name).unlink(missing_ok=True)
    (folder / "source").write_bytes(data)
    return make(*(str(folder / name) for name in ("source", "picture", "preview")), place=place)


def colour(file: Path, x: float, y: float) -> str:
    """Of the point at that share of width and height."""
    with Image.open(file) as image:
        assert image.mode == "RGB"
        found: Any = image.getpixel((int(image.width * x), int(image.height * y)))
    return {RED: "red", BLUE: "blue", (255, 255, 255): "white"}[
        min((RED, BLUE, (255, 255, 255)), key=lambda c: sum(abs(a - b) for a, b in zip(c, found, strict=True)))
    ]


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("GIF", {}),
        ("MPO", {"save_all": True, "append_images": [Image.new("RGB", (400, 200))]}),  # some phones' JPEG
        ("GIF", {"save_all": True, "append_images": [Image.new("RGB", (400, 200))]}),
        ("WEBP", {"save_all": True, "append_images": [Image.new("RGB", (400, 200))]}),
        ("PNG", {"save_all": True, "append_images": [Image.new("RGB", (400, 200))]}),
    ],
)
def test_every_kind_becomes_a_jpeg(tmp_path: Path, form: str, options: dict[str, Any]) -> None:
    assert made(tmp_path, encoded(halves(), form, **options)) == Made(width=400, height=200)
    for name in ("picture", "preview"):
        with Image.open(tmp_path / name) as image:
            assert image.format == "JPEG"
            assert getattr(image, "n_frames", 1) == 1
        assert colour(tmp_path / name, 0.2, 0.5) == "red"
        assert colour(tmp_path / name, 0.8, 0.5) == "blue"
    assert (tmp_path / "picture").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_mode(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (40, 20))
    form = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    assert made(tmp_path, encoded(image, form)) == Made(width=40, height=20)


def test_what_shines_through_is_white(tmp_path: Path) -> None:
    image = halves().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    made(tmp_path, encoded(image, "PNG"))
    assert colour(tmp_path / "picture", 0.2, 0.5) == "white"
    assert colour(tmp_path / "picture", 0.8, 0.5) == "blue"
    palette = Image.new("P", (40, 20), 0)
    made(tmp_path, encoded(palette, "GIF", transparency=0))
    assert colour(tmp_path / "picture", 0.5, 0.5) == "white"


def test_large_ones_shrink(tmp_path: Path) -> None:
    assert made(tmp_path, encoded(halves(4000, 3000))) == Made(width=2048, height=1536)
    with Image.open(tmp_path / "preview") as preview:
        assert preview.size == (320, 240)
    assert made(tmp_path, encoded(Image.new("L", (1, 30_000)), "PNG")) == Made(width=1, height=2048)


# EXIF 2.32, section 4.6.4: where the picture's first row and column are.
@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (400, 200), (0.2, 0.5)),
        (2, (400, 200), (0.8, 0.5)),
        (3, (400, 200), (0.8, 0.5)),
        (4, (400, 200), (0.2, 0.5)),
        (5, (200, 400), (0.5, 0.2)),
        (6, (200, 400), (0.5, 0.2)),
        (7, (200, 400), (0.5, 0.8)),
        (8, (200, 400), (0.5, 0.8)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_upright(tmp_path: Path, orientation: int, size: tuple[int, int], red: tuple[float, float], form: str) -> None:
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    answer = made(tmp_path, encoded(halves(), form, exif=exif(orientation=orientation), **options))
    assert answer == Made(width=size[0], height=size[1])
    for name in ("picture", "preview"):
        assert colour(tmp_path / name, *red) == "red"
        assert colour(tmp_path / name, 1 - red[0], 1 - red[1]) == "blue"


def test_nothing_hidden_survives(tmp_path: Path) -> None:
    secret = {"exif": exif(), "comment": b"SecretComment", "icc_profile": b"SecretProfile" * 20, "xmp": b"SecretXmp"}
    data = encoded(halves(), "JPEG", **secret) + b"PK\x03\x04SecretZip<script>alert(1)</script>"
    assert data.count(b"Secret") > 20
    assert isinstance(made(tmp_path, data, place=True), Made)
    for name in ("picture", "preview"):
        kept = (tmp_path / name).read_bytes()
        assert b"Secret" not in kept and b"script" not in kept and b"Exif" not in kept
        with Image.open(tmp_path / name) as image:
            assert not image.getexif()
            assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_place_only_if_asked_for(tmp_path: Path) -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        data = encoded(halves(), form, exif=exif())
        assert made(tmp_path, data, place=False) == Made(width=400, height=200)
        assert made(tmp_path, data, place=True) == Made(
            width=400, height=200, latitude=CITY_HALL[0], longitude=CITY_HALL[1]
        )
    assert made(tmp_path, encoded(halves()), place=True) == Made(width=400, height=200)


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        ({1: "S", 2: (33.0, 0.0, 0.0), 3: "W", 4: (70.0, 30.0, 0.0)}, (-33.0, -70.5)),
        ({1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (127.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (37.0, 0.0), 3: "E", 4: (127.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (37.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: 37.0, 3: "E", 4: 127.0}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_odd_places(tmp_path: Path, gps: dict[int, Any], place: tuple[float | None, float | None]) -> None:
    answer = made(tmp_path, encoded(halves(), "JPEG", exif=exif(gps=gps)), place=True)
    assert answer == Made(width=400, height=200, latitude=place[0], longitude=place[1])


def test_a_place_of_no_number(tmp_path: Path) -> None:
    data = encoded(halves(), "JPEG", exif=exif())
    # The rationals' denominators (1) become 0: not a number.
    at = data.index(b"\x00\x00\x00\x25\x00\x00\x00\x01")
    data = data[: at + 4] + bytes(4) + data[at + 8 :]
    assert made(tmp_path, data, place=True) == Made(width=400, height=200)


def test_broken_exif_is_no_reason(tmp_path: Path) -> None:
    data = encoded(halves(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\xff" * 40)
    assert made(tmp_path, data, place=True) == Made(width=400, height=200)


def png(width: int, height: int) -> bytes:
    """A PNG that claims that size and has next to nothing in it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (encoded(Image.new("1", (8000, 8000)), "PNG"), "photo_pixels"),
        (png(60_000, 60_000), "photo_pixels"),
        (png(2**31 - 1, 2**31 - 1), "photo_pixels"),
        (png(4000, 4000), "photo_broken"),
        (png(0, 0), "photo_broken"),
        (encoded(halves(), "TIFF"), "photo_wrong_type"),
        (encoded(halves(), "BMP"), "photo_wrong_type"),
        (encoded(halves(), "PDF"), "photo_wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "photo_wrong_type"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "photo_heic"),
        (b"\xff\xd8\xff" + bytes(1000), "photo_broken"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "photo_broken"),
        (b"GIF89a<html>", "photo_broken"),
        (b"RIFF\x00\x00\x00\x00WEBP", "photo_broken"),
        (b"", "photo_wrong_type"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, fault: str) -> None:
    answer = made(tmp_path, data)
    assert isinstance(answer, NotMade)
    assert answer.fault == fault
    assert not (tmp_path / "picture").exists()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_cut_off(tmp_path: Path, form: str, share: float) -> None:
    data = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), form)
    assert made(tmp_path, data[: int(len(data) * share)]) == NotMade(fault="photo_broken")


@given(st.data())
@settings(max_examples=400)
def test_damaged_pictures_never_raise(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
    picture = bytearray(encoded(halves(60, 40), form, **({"exif": exif()} if form != "GIF" else {})))
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(picture) - 1), st.integers(0, 255)), min_size=1, max_size=12)
    ):
        picture[at] = value
    assert isinstance(made(tmp_path_factory.getbasetemp(), bytes(picture), place=True), Made | NotMade)
