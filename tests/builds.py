"""Both builds of pjsua2 as parameters: what real SIP is tested with, once each."""

from __future__ import annotations

import pytest

from telephony import sip_build
from telephony.sip_build import Kind, chosen, tuned_in

_MISSING = "the tuned pjsua2 is not installed: make pjsua2"
BUILDS = [
    "wheel",
    pytest.param(
        "tuned",
        marks=[pytest.mark.tuned, pytest.mark.skipif(tuned_in(sip_build.TUNED_FOLDER) is None, reason=_MISSING)],
    ),
]


def install_only(kind: Kind, patch: pytest.MonkeyPatch) -> None:
    """As if nothing but that build were installed: ``sip.build = "best"`` is that one, in this process."""
    only = chosen(kind)
    patch.setattr(sip_build, "installed", lambda: (only,))
