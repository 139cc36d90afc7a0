"""Forms of names, as the model's own members have them."""

from __future__ import annotations

import pytest

from models.adapting.forms import BARE, Form, common_forms, form_of, forms_of_classes
from models.adapting.wanted import CLASSES


@pytest.mark.parametrize(
    ("name", "word", "form"),
    [
        ("건축과", "건축과", BARE),
        ("건축과", "건축과로", Form("으로/로", "")),
        ("여권팀", "여권팀으로", Form("으로/로", "")),
        ("여권팀", "여권팀이요", Form("이요/요", "")),
        ("건축과", "건축과에서는", Form("", "에서는")),
        ("여권팀", "여권팀입니다", Form("", "입니다")),
    ],
)
def test_a_form_and_back(name: str, word: str, form: Form) -> None:
    """The particle is known by its pair, so that another name gets the one that fits it."""
    assert form_of(name, word) == form
    assert form.of(name) == word


def test_forms_of_a_class() -> None:
    """Forms that several members have; the longest name wins; a form of one member only is no form of the class."""
    classes = {"department": ("건축과", "여권팀", "주차과"), "place": ("건축",)}
    words = ["건축과", "건축과로", "여권팀", "여권팀으로", "주차과", "여권팀장님", "건축물", "도로"]
    found = forms_of_classes(classes, words)
    assert found == {
        "department": {BARE: ["건축과", "여권팀", "주차과"], Form("으로/로", ""): ["건축과로", "여권팀으로"]},
        "place": {},
    }
    assert [form.of("교통팀") for form in found["department"]] == ["교통팀", "교통팀으로"]


def test_common_forms_fit_their_name() -> None:
    """Whatever the class."""
    assert "한빛동이요" in [form.of("한빛동") for form in common_forms("place")]
    assert "새솔로예요" in [form.of("새솔로") for form in common_forms("street")]
    assert all(common_forms(kind)[0] == BARE for kind in CLASSES)
