"""Sockets are open files: here and in the processes that inherit our limit."""

from __future__ import annotations

import resource

from core.errors import EnvironmentFault


def allow_files(wanted: int) -> None:
    """Raise the soft limit. ``EnvironmentFault`` where the hard one is lower."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise EnvironmentFault(f"only {hard} open files are allowed here: raise it (ulimit -Hn {wanted})")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
