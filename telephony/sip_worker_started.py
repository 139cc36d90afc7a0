"""The one line that a SIP worker writes on stdout."""

from __future__ import annotations

import msgspec


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """How the start went."""

    address: str = ""
    """host:port of the SIP socket."""
    code: str = ""
    """'' = ready; else the code of a ``MinwonError``."""
    advice: str = ""
    """That error's message."""
