"""Links are secrets: the rules, and their proof by random walks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from ars import links as rules
from ars.links import Expired, Known, Links, OtherBrowser, Unbound, Unknown, hashed, new_browser
from core.errors import Refused

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_the_first_browser_that_does_something_has_the_link() -> None:
    links = Links(10)
    token = links.open("v1", ends=NOON + HOUR)
    assert links.look(token, "", NOON) == Unbound("v1")  # a messenger's preview
    assert links.look(token, "hers", NOON) == Unbound("v1")
    assert links.bind(token, "", NOON) == Unbound("v1")  # no cookie, no owner
    assert links.bind(token, "hers", NOON) == Known("v1")
    assert links.bind(token, "his", NOON) == OtherBrowser("v1")
    assert links.look(token, "", NOON) == OtherBrowser("v1")
    assert links.look(token, "hers", NOON) == Known("v1")


def test_a_second_link_is_bound_by_itself() -> None:
    links = Links(10)
    first = links.open("v1", ends=NOON + HOUR)
    links.bind(first, "phone", NOON)
    second = links.open("v1", ends=NOON + MINUTE)
    assert links.ending("v1") == NOON + HOUR
    assert links.bind(second, "tablet", NOON) == Known("v1")
    assert links.look(first, "tablet", NOON) == OtherBrowser("v1")
    assert len(links.records("v1")) == 2


def test_of_many_links_the_oldest_goes() -> None:
    links = Links(10)
    tokens = [links.open("v1", ends=NOON + HOUR) for _ in range(rules.OF_A_VISIT + 1)]
    assert links.look(tokens[0], "", NOON) == Expired()
    assert links.look(tokens[1], "", NOON) == Unbound("v1")


def test_what_is_no_token() -> None:
    links = Links(10)
    for nonsense in ("", "x", "x" * 10_000_000, "../../etc/passwd", "\udcff", "한글"):
        assert links.look(nonsense, "hers", NOON) == Unknown()


def test_too_many_visits_are_refused() -> None:
    links = Links(2)
    links.open("v1", ends=NOON + HOUR)
    links.open("v2", ends=NOON + HOUR)
    links.open("v2", ends=NOON + HOUR)
    with pytest.raises(Refused) as refused:
        links.open("v3", ends=NOON + HOUR)
    assert refused.value.code == "visits_full"


def test_ended_links_are_remembered_for_a_day() -> None:
    links = Links(10)
    token = links.open("v1", ends=NOON + HOUR)
    links.bind(token, "hers", NOON)
    assert links.look(token, "hers", NOON + HOUR) == Expired()
    assert links.expire(NOON + HOUR) == ["v1"]
    assert len(links) == 0
    links.expire(NOON + timedelta(hours=24))
    assert links.look(token, "hers", NOON) == Expired()  # even if the clock is put back
    links.expire(NOON + timedelta(hours=25))
    assert links.look(token, "hers", NOON + timedelta(hours=25)) == Unknown()


def test_the_memory_of_ended_links_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_REMEMBERED", 3)
    links = Links(10)
    tokens = []
    for n in range(5):
        tokens.append(links.open(f"v{n}", ends=NOON + HOUR))
        links.drop(f"v{n}")
    looks = [links.look(token, "", NOON) for token in tokens]
    assert looks == [Unknown(), Unknown(), Expired(), Expired(), Expired()]


def test_more_time() -> None:
    links = Links(10)
    token = links.open("v1", ends=NOON + MINUTE)
    links.ends("v1", NOON + HOUR)
    links.ends("nobody", NOON + HOUR)
    assert links.look(token, "", NOON + 2 * MINUTE) == Unbound("v1")
    links.ends("v1", NOON)
    assert links.look(token, "", NOON + 2 * MINUTE) == Expired()


def test_a_page_that_came_first_is_moved_to_its_call() -> None:
    links = Links(10)
    web = links.open("web", ends=NOON + MINUTE)
    links.bind(web, "hers", NOON)
    sms = links.open("call", ends=NOON + HOUR)
    code = links.code("web", NOON)
    links.move("web", "call")
    assert links.look(web, "hers", NOON + 2 * MINUTE) == Known("call")
    assert links.look(web, "his", NOON) == OtherBrowser("call")
    assert links.look(sms, "", NOON) == Unbound("call")
    assert links.by_code(code, NOON) is None
    assert links.ending("web") is None
    links.move("web", "call")
    links.move("call", "call")
    assert links.look(web, "hers", NOON) == Known("call")


def test_moved_to_a_call_that_has_no_link_yet() -> None:
    links = Links(1)
    web = links.open("web", ends=NOON + MINUTE)
    links.move("web", "call")
    assert links.look(web, "", NOON) == Unbound("call")
    assert links.ending("call") == NOON + MINUTE


def test_a_code_works_once() -> None:
    links = Links(10)
    links.open("v1", ends=NOON + HOUR)
    code = links.code("v1", NOON)
    assert re.fullmatch("[0-9]{6}", code)
    assert links.code("v1", NOON + 7 * MINUTE) == code
    assert links.by_code(code, NOON + 7 * MINUTE) == "v1"
    assert links.by_code(code, NOON + 7 * MINUTE) is None


def test_a_renewed_code_leaves_the_old_one_to_its_end() -> None:
    links = Links(10)
    links.open("v1", ends=NOON + HOUR)
    old = links.code("v1", NOON)
    new = links.code("v1", NOON + 9 * MINUTE)
    assert new != old
    assert links.by_code(old, NOON + 9.5 * MINUTE) == "v1"
    assert links.by_code(new, NOON + 9.5 * MINUTE) is None  # the page is joined: its other code is gone, too


@pytest.mark.parametrize("later", [10 * MINUTE, -10 * MINUTE, timedelta(days=3), -timedelta(days=3)])
def test_a_code_is_over_in_ten_minutes_whichever_way_the_clock_went(later: timedelta) -> None:
    links = Links(10)
    links.open("v1", ends=NOON + timedelta(days=9))
    code = links.code("v1", NOON)
    assert links.by_code(code, NOON + later) is None
    assert links.code("v1", NOON + later) != code


def test_codes_are_unique_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_CODES", 50)
    drawn = iter(n // 3 for n in range(1000))  # each number three times: the second draw must be thrown away
    monkeypatch.setattr(rules.secrets, "randbelow", lambda _bound: next(drawn))
    links = Links(100)
    for n in range(52):
        links.open(f"v{n}", ends=NOON + HOUR)
    codes = [links.code(f"v{n}", NOON) for n in range(50)]
    assert len(set(codes)) == 50
    with pytest.raises(Refused) as refused:
        links.code("v50", NOON)
    assert refused.value.code == "codes_full"
    assert links.code("v50", NOON + 10 * MINUTE)  # the dead make room


def test_no_code_for_a_visit_that_is_over() -> None:
    links = Links(10)
    links.open("v1", ends=NOON + MINUTE)
    code = links.code("v1", NOON)
    assert links.by_code(code, NOON + MINUTE) is None
    for visit in ("v1", "nobody"):
        with pytest.raises(Refused, match="over"):
            links.code(visit, NOON + MINUTE)


def test_a_restart_keeps_links_and_no_secret() -> None:
    links = Links(10)
    token, browser = links.open("v1", ends=NOON + HOUR), new_browser()
    short = links.open("v2", ends=NOON + MINUTE)
    links.bind(token, browser, NOON)
    kept = links.records()
    assert token not in repr(kept) and browser not in repr(kept) and short not in repr(kept)
    after = Links(10)
    after.restore(kept, NOON + 2 * MINUTE)
    assert after.look(token, browser, NOON + 2 * MINUTE) == Known("v1")
    assert after.look(token, "other", NOON + 2 * MINUTE) == OtherBrowser("v1")
    assert after.look(short, "", NOON + 2 * MINUTE) == Expired()
    assert links.records("nobody") == []


def test_links_of_visits_that_did_not_survive_say_expired() -> None:
    links = Links(10)
    lost, found = links.open("v1", ends=NOON + HOUR), links.open("v2", ends=NOON + HOUR)
    after = Links(10)
    after.remember(links.records())
    after.restore(links.records("v2"), NOON)
    after.remember(links.records())
    assert after.look(lost, "", NOON) == Expired()
    assert after.look(found, "", NOON) == Unbound("v2")
    assert len(after) == 1
    after.expire(NOON + HOUR + timedelta(days=1))
    assert after.look(lost, "", NOON) == Unknown()


def test_tokens_are_128_random_bits() -> None:
    links = Links(10)
    tokens = {links.open("v1", ends=NOON + HOUR) for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch("[A-Za-z0-9_-]{22}", token) for token in tokens)


VISITS = st.sampled_from([f"v{n}" for n in range(5)])
BROWSERS = st.sampled_from(["", "anna", "bora", "chan"])
JUMPS = st.one_of(st.integers(-7200, 7200), st.integers(-(10**7), 10**7)).map(lambda s: timedelta(seconds=s))


class Walk(RuleBasedStateMachine):
    """Everything that may happen, in any order, with a clock that jumps, beside a model that is too simple to be
    wrong: what each token may open, and who bound it."""

    tokens = Bundle("tokens")
    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.links = Links(4)
        self.now = NOON
        self.visit_of: dict[str, str] = {}
        self.owner: dict[str, str] = {}
        self.end: dict[str, datetime] = {}
        self.dead: set[str] = set()
        self.code_of: dict[str, str] = {}

    @rule(by=JUMPS)
    def clock_jumps(self, by: timedelta) -> None:
        self.now = min(max(self.now + by, datetime(2020, 1, 1, tzinfo=UTC)), datetime(2040, 1, 1, tzinfo=UTC))

    @rule(target=tokens, visit=VISITS, lives=st.integers(-60, 7200))
    def open(self, visit: str, lives: int) -> str:
        ends = self.now + timedelta(seconds=lives)
        if visit not in self.end and len(self.end) >= 4:
            with pytest.raises(Refused):
                self.links.open(visit, ends=ends)
            return "never opened"
        token = self.links.open(visit, ends=ends)
        assert token not in self.visit_of
        self.end[visit] = max(self.end.get(visit, ends), ends)
        self.visit_of[token] = visit
        living = [t for t, v in self.visit_of.items() if v == visit and t not in self.dead]
        self.dead |= set(living[: -rules.OF_A_VISIT])
        return token

    @rule(token=tokens, browser=BROWSERS)
    def look(self, token: str, browser: str) -> None:
        assert self.links.look(token, browser, self.now) == self.expected(token, browser)
        assert self.links.visit_of(token) == (None if token in self.dead else self.visit_of.get(token))

    @rule(token=tokens, browser=BROWSERS)
    def bind(self, token: str, browser: str) -> None:
        if browser and isinstance(self.expected(token, browser), Unbound):
            self.owner[token] = browser
        assert self.links.bind(token, browser, self.now) == self.expected(token, browser)

    @rule(visit=VISITS, lives=st.integers(-60, 7200))
    def ends(self, visit: str, lives: int) -> None:
        self.links.ends(visit, self.now + timedelta(seconds=lives))
        if visit in self.end:
            self.end[visit] = self.now + timedelta(seconds=lives)

    @rule(visit=VISITS)
    def drop(self, visit: str) -> None:
        self.links.drop(visit)
        self.bury(visit)

    @rule()
    def expire(self) -> None:
        over = {visit for visit, ends in self.end.items() if self.now >= ends}
        assert set(self.links.expire(self.now)) == over
        for visit in over:
            self.bury(visit)

    @rule(old=VISITS, new=VISITS)
    def move(self, old: str, new: str) -> None:
        self.links.move(old, new)
        if old != new and old in self.end:
            self.end[new] = max(self.end.get(new, self.end[old]), self.end.pop(old))
            moved = [t for t, v in self.visit_of.items() if v == old and t not in self.dead]
            for token in moved:  # they are the youngest of the new visit
                del self.visit_of[token]
                self.visit_of[token] = new
            living = [t for t, v in self.visit_of.items() if v == new and t not in self.dead]
            self.dead |= set(living[: -rules.OF_A_VISIT])
            self.code_of = {code: visit for code, visit in self.code_of.items() if visit != old}

    @rule(target=codes, visit=VISITS)
    def code(self, visit: str) -> str:
        if visit not in self.end or self.now >= self.end[visit]:
            with pytest.raises(Refused):
                self.links.code(visit, self.now)
            return "none"
        code = self.links.code(visit, self.now)
        assert self.code_of.get(code, visit) == visit
        self.code_of[code] = visit
        return code

    @rule(code=codes)
    def by_code(self, code: str) -> None:
        found = self.links.by_code(code, self.now)
        assert found is None or (found == self.code_of[code] and self.now < self.end[found])
        assert self.links.by_code(code, self.now) is None

    @rule()
    def restart(self) -> None:
        kept = self.links.records()
        assert not any(token in repr(kept) for token in self.visit_of)
        self.links = Links(4)
        self.links.restore(kept, self.now)
        for visit in [visit for visit, ends in self.end.items() if self.now >= ends]:
            self.bury(visit)
        for token in self.dead:  # what had ended before is forgotten by the new node
            self.visit_of.pop(token, None)
        self.code_of.clear()

    @invariant()
    def nothing_leaks(self) -> None:
        assert len(self.links) == len(self.end) <= 5
        assert {r.token_hash for r in self.links.records()} == {
            hashed(token) for token in self.visit_of if token not in self.dead
        }

    def bury(self, visit: str) -> None:
        if self.end.pop(visit, None) is not None:
            self.dead |= {token for token, v in self.visit_of.items() if v == visit}
            self.code_of = {code: v for code, v in self.code_of.items() if v != visit}

    def expected(self, token: str, browser: str) -> object:
        """By the model; of what is over it only knows that it opens nothing."""
        if token not in self.visit_of or token in self.dead:
            found = self.links.look(token, browser, self.now)
            assert isinstance(found, Expired | Unknown)
            return found
        visit = self.visit_of[token]
        if self.now >= self.end[visit]:
            return Expired()
        if token not in self.owner:
            return Unbound(visit)
        return Known(visit) if browser == self.owner[token] else OtherBrowser(visit)


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=250, stateful_step_count=50, suppress_health_check=[HealthCheck.too_slow])
