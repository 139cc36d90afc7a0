"""What the page asks in its query is read strictly; nonsense is said, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from agent_assist.desk_json import before, limit
from core.errors import BadInput


@given(st.text(max_size=30))
def test_a_limit_is_a_small_number_or_said_to_be_wrong(text: str) -> None:
    request = make_mocked_request("GET", str(URL("/").with_query(limit=text)))
    try:
        assert 1 <= limit(request, 50) <= 200
    except BadInput as wrong:
        assert "1 to 200" in str(wrong)


def test_without_a_limit_it_is_the_usual_one() -> None:
    assert limit(make_mocked_request("GET", "/"), 50) == 50


@given(st.text(max_size=30))
def test_a_moment_has_its_zone_or_is_said_to_be_wrong(text: str) -> None:
    request = make_mocked_request("GET", str(URL("/").with_query(before=text)))
    try:
        moment = before(request)
    except BadInput as wrong:
        assert "2026-11-23T09:00:00Z" in str(wrong)
    else:
        assert moment is None if not text else moment is not None and moment.tzinfo is not None


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    assert before(make_mocked_request("GET", str(URL("/").with_query(before=moment.isoformat())))) == moment


@pytest.mark.parametrize("path", ["/", "/?before="])
def test_no_moment_is_the_newest(path: str) -> None:
    assert before(make_mocked_request("GET", path)) is None
