"""The bench of forked streams measures what it says."""

from __future__ import annotations

import pytest

from server.bench import forks


@pytest.mark.parametrize("kind", ["audiosocket", "twilio"])
async def test_a_few_streams(kind: forks.Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "_SETTLE_S", 0.3)
    cost = await forks.measured(kind, 3, 0.5)
    assert cost.share > 0.3 and cost.cpu < 2
