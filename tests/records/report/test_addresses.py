"""To whom reports may go."""

from __future__ import annotations

import pytest

from core.faulty import Faulty
from records.report.addresses import MOST, checked

DOMAINS = ("hanbit.go.kr",)


def test_each_once_whatever_the_case_of_the_domain() -> None:
    assert checked([" a@hanbit.go.kr", "b.c@HANBIT.go.kr", "a@hanbit.go.kr", ""], DOMAINS) == (
        "a@hanbit.go.kr",
        "b.c@HANBIT.go.kr",
    )


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        ["a@gmail.com"],
        ["a@evil-hanbit.go.kr"],
        ["a@hanbit.go.kr.evil.com"],
        ["a@hanbit.go.kr\r\nBcc: x@evil.com"],
        ["a b@hanbit.go.kr"],
        ["@hanbit.go.kr"],
        [f"a{n}@hanbit.go.kr" for n in range(MOST + 1)],
    ],
)
def test_nobody_else(addresses: list[str]) -> None:
    with pytest.raises(Faulty):
        checked(addresses, DOMAINS)


def test_without_domains_nobody_gets_any() -> None:
    with pytest.raises(Faulty):
        checked(["a@hanbit.go.kr"], ())
