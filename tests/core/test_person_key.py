"""One person, one key, however the number is written; without the site's key nobody finds out who it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EnvironmentFault
from core.person_key import PersonKeys, open_person_keys
from core.site_key import KEY_BYTES

KEYS = PersonKeys(b"k" * KEY_BYTES)


@pytest.mark.parametrize("written", ["010-1234-5678", "+82 10-1234-5678", "821012345678", "0082-10-1234-5678"])
def test_one_number_has_one_key_however_it_is_written(written: str) -> None:
    assert KEYS.key(written) == KEYS.key("01012345678")


@pytest.mark.parametrize("nobody", ["", "anonymous", "sip:someone", "-"])
def test_who_withholds_the_number_has_no_key(nobody: str) -> None:
    assert KEYS.key(nobody) == ""


@given(st.from_regex(r"010[0-9]{8}", fullmatch=True))
def test_a_key_shows_nothing_of_the_number_and_depends_on_the_sites_secret(number: str) -> None:
    key = KEYS.key(number)
    assert len(key) == 32
    assert number[3:] not in key
    assert key != PersonKeys(b"j" * KEY_BYTES).key(number)


def test_the_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "person.key"
    first = open_person_keys(file).key("01012345678")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["person.key"]
    assert open_person_keys(file).key("01012345678") == first


def test_a_key_that_others_may_read_or_that_is_cut_short_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "person.key"
    open_person_keys(file)
    file.chmod(0o644)
    with pytest.raises(EnvironmentFault, match="chmod 600"):
        open_person_keys(file)
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(EnvironmentFault, match="5 bytes"):
        open_person_keys(file)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot use"):
        open_person_keys(tmp_path / "keys" / "person.key")
