"""Templates that come with the product can be put in as they are."""

from __future__ import annotations

from channels.office import TemplateWish
from channels.ready_templates import READY, offered
from channels.settings import bytes_of, template_of

SHORT = 90


def test_each_is_a_template_that_the_office_would_take() -> None:
    for ready in READY:
        wish = TemplateWish(
            template_id=ready.template_id, title=ready.title, text=ready.text, purpose=ready.purpose, place=3
        )
        taken = template_of(wish, by="boss")
        assert (taken.template_id, taken.text, taken.purpose, taken.by) == (
            ready.template_id, ready.text, ready.purpose, "boss",
        )  # fmt: skip
        assert 0 < bytes_of(ready.text) <= SHORT, "a short text, with a short name of the centre"


def test_what_is_put_in_is_offered_no_more() -> None:
    assert list(offered(())) == list(READY)
    assert list(offered(READY)) == []
