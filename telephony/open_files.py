"""How many files a SIP worker may have open: each leg needs a few, and systems begin at 1,024."""

from __future__ import annotations

import resource

FILES_A_LEG = 4
"""RTP and RTCP sockets, and as many while a re-INVITE or a new call in the same slot replaces them."""
FILES_ELSE = 256
"""Python, SIP transports, TCP connections of peers, the node."""


def files_for(legs: int) -> int:
    """Open files that a process with so many legs may need."""
    return FILES_A_LEG * legs + FILES_ELSE


def raise_open_files(legs: int) -> int:
    """Raise the soft limit as far as ``legs`` need it and the hard one lets us; returns the limit in force."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files_for(legs)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted if soft == resource.RLIM_INFINITY else soft
    reached = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (reached, hard))
    return reached


def legs_within(files: int) -> int:
    """Legs that so many open files allow."""
    return max(0, (files - FILES_ELSE) // FILES_A_LEG)
