"""Templates that come with the product: an office page offers them, one press puts them in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from core.store.texting import TextTemplate

_SHIPPED: Final = datetime(2026, 11, 1, tzinfo=UTC)

READY: Final = (
    TextTemplate(
        template_id="ready-rating",
        title="상담 만족도",
        text="[{센터}] 상담에 만족하셨나요? 1(매우 불만)~5(매우 만족) 숫자 하나로 답해 주세요.",
        purpose="rating",
        at=_SHIPPED,
    ),
)
"""In the order in which they are offered."""


def offered(there: Iterable[TextTemplate]) -> Sequence[TextTemplate]:
    """Those that are not put in yet."""
    known = {template.template_id for template in there}
    return [template for template in READY if template.template_id not in known]
