"""What can be had."""

from __future__ import annotations

import pytest

from core.errors import ModelFault
from models import catalog


def test_every_offer_can_be_fetched_by_its_name() -> None:
    """Names are unique, archives have the name of the model, kinds are told, languages are those of the callers."""
    offers = catalog.offers()
    assert next(iter(offers)) == "vosk-model-small-ko-0.22"
    for name, offer in offers.items():
        assert catalog.offer(name) is offer
        assert offer.url.rpartition("/")[2].startswith(f"{name}.")
        assert bool(offer.kind) == (offer.engine == "sherpa")
        assert offer.label.language == ("mul" if len(offer.languages) > 1 else offer.languages[0])
        assert len(offer.says) > 30
    for language in ("ko", "en", "zh", "ja", "vi", "ru", "uz", "kk", "mn", "th"):
        assert any(language in offer.languages for offer in offers.values())


def test_a_name_that_is_nearly_right() -> None:
    """The right ones are told."""
    with pytest.raises(ModelFault, match=r"did you mean: vosk-model-small-ko-0\.22"):
        catalog.offer("small-ko")
    with pytest.raises(ModelFault, match="`minwon models list` shows all of it"):
        catalog.offer("nothing")
