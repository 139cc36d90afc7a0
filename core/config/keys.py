"""The keys under which secrets and recordings are sealed."""

from __future__ import annotations

from core.config.section import Section


class KeysConfig(Section, frozen=True, kw_only=True):
    """Master keys: what is kept encrypted (recordings, second factors, webhook secrets) opens with them alone."""

    master_file: str = ""
    """A file with one key a line, the newest first, mode 0600; relative to this file. `minwon keys make` prints a key.
    '' = `keys/master.keys` in the home folder, made at first use: keep it on another disk than what it locks."""
    master: str = ""
    """The keys themselves, commas between them, the newest first: for an environment that is filled from a vault.
    Better kept apart, in `master_file`."""
