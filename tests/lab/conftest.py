"""The lab's flows run on both builds of pjsua2, like all tests of real SIP."""

from __future__ import annotations

from tests.sip.conftest import build

__all__ = ["build"]
