"""The process lives in the city's zone: office hours, quiet hours and "today" are the city's on every machine, also in
a container, whose clock shows UTC."""

from __future__ import annotations

import os
import time


def live_in(timezone: str) -> None:
    """``timezone``: IANA name. Child processes inherit it; threads that read the clock meanwhile see one or the other,
    so it is done before any begins."""
    os.environ["TZ"] = timezone
    time.tzset()
