"""The drawn map: valid by itself, harmless, readable."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ars.model import LANGUAGES, Landmark, Language, Place, Street
from ars.phone.map_picture import draw, map_links

SVG = "{http://www.w3.org/2000/svg}"
OFFICE = Place(
    name={"ko": "새빛동 행정복지센터", "en": "Saebit-dong Office"},
    address={"ko": "한빛시 새빛로 12, 1층", "en": "Saebit-ro 12"},
    latitude=36.4,
    longitude=130.2,
    streets=(
        Street(name={"ko": "새빛로", "en": "Saebit-ro"}, points=((-300, -120), (-80, -40), (90, -30)), wide=True),
        Street(name={"ko": "학교길", "en": "Hakgyo-gil"}, points=((60, -35), (80, 100), (200, 250))),
    ),
    landmarks=(Landmark(name={"ko": "약국", "en": "Pharmacy"}, at=(-60, 10)),),
)


def parsed(place: Place, language: Language = "ko") -> ElementTree.Element:
    return ElementTree.fromstring(draw(place, language))


def texts(root: ElementTree.Element, kind: str) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text") if (text.get("class") or "").split()[0] == kind]


def test_names_pin_scale_and_north() -> None:
    root = parsed(OFFICE)
    assert root.get("viewBox") == "0 0 320 240"
    assert texts(root, "here") == ["새빛동 행정복지센터"]
    assert texts(root, "mark") == ["약국"]
    assert sorted(texts(root, "name")) == ["새빛로", "학교길"]
    assert texts(root, "scale") == ["북", "50 m"] or texts(root, "scale") == ["50 m", "북"]
    assert len([c for c in root.iter(f"{SVG}polyline") if "wide" in (c.get("class") or "")]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_told_to_those_who_do_not_see_it(language: Language) -> None:
    root = parsed(OFFICE, language)
    name = "새빛동 행정복지센터" if language == "ko" else "Saebit-dong Office"
    assert name in (root.findtext(f"{SVG}title") or "")
    told = root.findtext(f"{SVG}desc") or ""
    assert all(word in told for word in (("새빛로", "약국") if language == "ko" else ("Saebit-ro", "Pharmacy")))
    assert root.get("role") == "img" and root.get("lang") == language


def test_nothing_from_elsewhere() -> None:
    for language in LANGUAGES:
        drawn = draw(OFFICE, language)
        assert re.findall(r"https?://[^\"' ]+", drawn) == ["http://www.w3.org/2000/svg"]
        assert "href" not in drawn and "url(" not in drawn and "<script" not in drawn
    assert 'class="m high"' in draw(OFFICE, "ko", look="high")


def test_script_in_a_name_is_text() -> None:
    evil = "</text><script>alert(1)</script>&\x00\x08\ud800]]>"
    place = Place(
        name={"ko": evil},
        address={"ko": evil},
        latitude=0,
        longitude=0,
        streets=(Street(name={"ko": evil}, points=((-900, 0), (900, 0))),),
        landmarks=(Landmark(name={"ko": evil}, at=(50, 50)),),
    )
    root = parsed(place)
    assert {element.tag for element in root.iter()}.isdisjoint({f"{SVG}script"})
    assert texts(root, "here") == ["</text><script>alert(1)</script>& ]]>"]


ODD = st.one_of(st.floats(), st.floats(-2000, 2000), st.integers(-(10**12), 10**12).map(float))
POINT = st.tuples(ODD, ODD)


@given(
    streets=st.lists(st.lists(POINT, max_size=5), max_size=4),
    marks=st.lists(POINT, max_size=4),
    name=st.text(max_size=60),
)
@settings(max_examples=60)
def test_any_place_is_drawn(
    streets: list[list[tuple[float, float]]], marks: list[tuple[float, float]], name: str
) -> None:
    place = Place(
        name={"ko": name},
        address={"ko": name},
        latitude=0,
        longitude=0,
        streets=tuple(Street(name={"ko": name}, points=tuple(points)) for points in streets),
        landmarks=tuple(Landmark(name={"ko": name}, at=at) for at in marks),
    )
    root = parsed(place)
    for element in root.iter():
        for key in ("x", "y", "cx", "cy", "points", "transform"):
            assert "nan" not in element.get(key, "") and "inf" not in element.get(key, "")


def test_links_to_map_apps() -> None:
    links = {link.app: link.url for link in map_links(OFFICE, "ko")}
    assert links["geo"].startswith("geo:36.400000,130.200000?q=36.400000,130.200000(")
    assert links["kakao"].startswith("https://map.kakao.com/link/map/") and links["kakao"].count(",") == 2
    assert (
        unquote(links["naver"])
        == "https://map.naver.com/p/search/한빛시 새빛로 12, 1층?c=130.200000,36.400000,17,0,0,0,dh"
    )
    assert all(url.isascii() and " " not in url for url in links.values())
    evil = Place(name={"ko": "'\"><script>/../,?#&()"}, address={"ko": "?#/"}, latitude=1, longitude=2)
    for link in map_links(evil, "ko"):
        assert not set("'\"<>#&") & set(link.url)
