"""The key of the nonces."""

from __future__ import annotations

from pathlib import Path

from telephony.digest_key import digest_key


def test_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    key = digest_key(tmp_path / "run")
    assert len(key) == 32 and digest_key(tmp_path / "run") == key
    assert (tmp_path / "run" / "digest.key").stat().st_mode & 0o777 == 0o600


def test_a_broken_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "digest.key").write_bytes(b"half")
    assert len(digest_key(tmp_path)) == 32
