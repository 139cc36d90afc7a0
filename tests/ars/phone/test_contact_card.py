"""vCards: escaped, folded, readable again."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from ars.model import Contact
from ars.phone.contact_card import file_name, vcard

TAX = Contact(
    name={"ko": "세정과; 재산세", "en": "Tax, Office"},
    phone="033-120-1234",
    hours={"ko": "평일 9시부터\n18시까지"},
)


def unfolded(card: str) -> dict[str, str]:
    """Read back as RFC 6350 says."""
    assert card.endswith("\r\n") and "\n" not in card.replace("\r\n", "")
    lines = re.sub(r"\r\n[ \t]", "", card).split("\r\n")[:-1]
    return dict(line.split(":", 1) for line in lines)


def text(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


def test_a_card_for_every_phone() -> None:
    card = unfolded(vcard(TAX, "ko", organisation="한빛시 민원콜센터", address="한빛대로 1, 2층"))
    assert card == {
        "BEGIN": "VCARD",
        "VERSION": "3.0",
        "FN": "세정과\\; 재산세",
        "N": "세정과\\; 재산세;;;;",
        "ORG": "한빛시 민원콜센터",
        "TEL;TYPE=work,voice": "0331201234",
        "ADR;TYPE=work": ";;한빛대로 1\\, 2층;;;;",
        "NOTE": "평일 9시부터\\n18시까지",
        "END": "VCARD",
    }


def test_version_four_and_another_language() -> None:
    card = unfolded(vcard(TAX, "vi", version="4.0"))
    assert card["FN"] == "Tax\\, Office"
    assert card['TEL;VALUE=uri;TYPE="work,voice"'] == "tel:0331201234"
    assert card["KIND"] == "org"
    assert "ORG" not in card and "ADR;TYPE=work" not in card


@given(st.text(min_size=1, max_size=120), st.text(max_size=300))
@example("민원" * 40, "한빛시 (Hanbit) 민원콜센터 🏛" * 9)
def test_nothing_in_a_name_breaks_the_card(name: str, organisation: str) -> None:
    card = vcard(Contact(name={"ko": name}, phone="120"), "ko", organisation=organisation)
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    read = unfolded(card)
    assert set(read) <= {"BEGIN", "VERSION", "FN", "N", "ORG", "TEL;TYPE=work,voice", "END"}
    kept = "".join(c for c in re.sub("\r\n?", "\n", name) if c == "\n" or not (ord(c) < 32 or 0x7F <= ord(c) < 0xA0))
    assert text(read["FN"]) == kept


@given(st.text(max_size=200))
def test_file_names_are_plain(contact_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.vcf|contact\.vcf", file_name(contact_id))


def test_file_name_of_a_real_id() -> None:
    assert file_name("tax-office") == "tax-office.vcf"
    assert file_name("../../세정과") == "contact.vcf"
