"""Every test here runs on both builds of pjsua2, and finds one bridge with two workers for all tests of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.config import SipConfig
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.builds import BUILDS, install_only

CONFIG = SipConfig(port=0, rtp_port=0, workers=2, hotline=("120",), no_audio_s=1.0, no_audio_end_s=2.0)


@pytest.fixture(scope="module", params=BUILDS, autouse=True)
def build(request: pytest.FixtureRequest) -> Iterator[Kind]:
    """The one build that is installed, as far as the tests can see."""
    with pytest.MonkeyPatch.context() as patch:
        install_only(request.param, patch)
        yield request.param


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bridge(build: Kind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SipBridge]:
    """Ready to take calls."""
    async with SipBridge(CONFIG, run_dir=short(tmp_path_factory) / "run") as one:
        yield one


def short(factory: pytest.TempPathFactory) -> Path:
    """A folder whose path leaves room for a socket's name."""
    return factory.mktemp("sip")
