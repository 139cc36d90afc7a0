"""Claims of the identity provider: what gives which role, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import OidcConfig
from core.errors import Refused
from server.signing_in.claims import lacking, told

CONFIG = OidcConfig(
    issuer="https://sso.city.example",
    client_id="minwon",
    roles_claim="realm_access.roles",
    roles=("cc-agents=agent", "cn=lead,ou=cc=supervisor", "cc-agents=editor"),
    team_claim="groups",
    teams=("/cc/tax=세무팀", "/cc/welfare=복지팀"),
)
CLAIMS: dict[str, Any] = {
    "iss": "https://sso.city.example",
    "sub": "0042",
    "preferred_username": "Haneul",
    "name": "김하늘",
    "realm_access": {"roles": ["cc-agents", "other"]},
    "groups": ["/everybody", "/cc/tax"],
}


def test_a_name_within_a_name_several_roles_of_one_value_and_the_first_team_that_is_known() -> None:
    found = told(CLAIMS, CONFIG)
    assert (found.id, found.name, found.roles, found.team) == ("haneul", "김하늘", ("agent", "editor"), "세무팀")
    assert found.subject == "https://sso.city.example 0042"


def test_a_value_with_signs_of_its_own_and_a_text_instead_of_a_list() -> None:
    assert told(CLAIMS | {"realm_access": {"roles": "cn=lead,ou=cc"}}, CONFIG).roles == ("supervisor",)
    flat = {name: value for name, value in CLAIMS.items() if name != "realm_access"} | {
        "realm_access.roles": ["cc-agents"]
    }
    assert told(flat, CONFIG).roles == ("agent", "editor"), "a claim that is really called so"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"preferred_username": ""}, "no_name"),
        ({"preferred_username": "kim haneul"}, "no_name"),
        ({"preferred_username": 7}, "no_name"),
        ({"preferred_username": "x" * 65}, "no_name"),
        ({"realm_access": {"roles": ["gardeners"]}}, "no_role"),
        ({"realm_access": None}, "no_role"),
        ({"realm_access": {"roles": [{"name": "cc-agents"}]}}, "no_role"),
        ({"groups": ["/parks"]}, "no_team"),
    ],
)
def test_what_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        told(CLAIMS | change, CONFIG)
    assert refused.value.code == code


def test_no_team_is_fine_and_an_unmapped_one_is_its_own_name_where_nothing_is_mapped() -> None:
    assert told(CLAIMS | {"groups": []}, CONFIG).team == ""
    plain = OidcConfig(roles=("cc-agents=agent",), roles_claim="realm_access.roles", team_claim="team")
    assert told(CLAIMS | {"team": "민원팀"}, plain).team == "민원팀"


def test_user_info_is_read_only_where_something_is_missing() -> None:
    assert not lacking(CLAIMS, CONFIG)
    assert lacking({"sub": "1"}, CONFIG)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_a_provider_writes_it_is_a_role_or_a_refusal(value: Any) -> None:
    try:
        assert told(CLAIMS | {"realm_access": {"roles": value}}, CONFIG).roles
    except Refused as refused:
        assert refused.code == "no_role"
