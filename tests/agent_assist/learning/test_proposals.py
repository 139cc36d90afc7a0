from __future__ import annotations

from datetime import UTC, datetime

from agent_assist.korean import Analyser
from agent_assist.learning.proposals import PROPOSALS_LIMIT, USES_LIMIT, EntryTerms, Use, entry_terms, proposals
from core.store.entry import Entry
from core.store.knowledge import Synonym, SynonymState

AT = datetime(2026, 11, 26, tzinfo=UTC)
POLES = EntryTerms(office=frozenset({"n전주", "n이설"}), every=frozenset({"n전주", "n이설", "n신청", "v옮기"}))
PASSPORT = EntryTerms(office=frozenset({"n여권", "n발급"}), every=frozenset({"n여권", "n발급", "n신청"}))


def uses(entry: EntryTerms, said: str, calls: range, *, agents: int = 3, accepted: bool = True) -> list[Use]:
    return [
        Use(
            call_id=f"call-{at}",
            agent_id=f"agent-{at % agents}",
            said=tuple(said.split()),
            entry=entry,
            accepted=accepted,
        )
        for at in calls
    ]


OTHERS = uses(PASSPORT, "n여권 n신청", range(100, 120))


def proposed(given: list[Use], *known: Synonym) -> dict[str, tuple[str, ...]]:
    return {synonym.lay: synonym.office for synonym in proposals(given, known, AT)}


def test_a_lay_word_of_several_calls_and_agents_is_proposed() -> None:
    (found,) = proposals(uses(POLES, "n전봇대 n신청", range(4)) + OTHERS, [], AT)
    assert (found.lay, found.state, found.seen, found.by, found.at) == ("전봇대", "proposed", 4, "", AT)
    assert set(found.office) == {"전주", "이설"}


def test_verbs_are_proposed_in_their_dictionary_form() -> None:
    assert "뽑다" in proposed(uses(POLES, "v뽑 n신청", range(4)) + OTHERS)


def test_too_few_calls_or_only_one_agent_are_not_enough() -> None:
    assert proposed(uses(POLES, "n전봇대", range(2)) + OTHERS) == {}
    assert proposed(uses(POLES, "n전봇대", range(6), agents=1) + OTHERS) == {}


def test_the_same_call_again_is_no_second_witness() -> None:
    assert proposed(uses(POLES, "n전봇대", range(1)) * 5 + OTHERS) == {}


def test_a_word_that_goes_with_everything_is_none() -> None:
    chatter = uses(POLES, "n우물쭈물", range(4)) + uses(PASSPORT, "n우물쭈물 n여권", range(100, 120))
    assert proposed(chatter) == {}


def test_what_the_entry_has_or_the_caller_named_herself_is_none() -> None:
    assert proposed(uses(POLES, "n이설", range(5)) + OTHERS) == {}
    assert "전주" not in proposed(uses(POLES, "n전봇대 n전주", range(5)) + OTHERS).get("전봇대", ())


def test_numbers_and_everyday_words_are_none() -> None:
    assert proposed(uses(POLES, "n공일공 n010 n오늘 n사람 v하", range(5)) + OTHERS) == {}


def test_cards_put_away_speak_against_it() -> None:
    good = uses(POLES, "n전봇대", range(4)) + OTHERS
    assert proposed(good + uses(POLES, "n전봇대", range(50, 53), accepted=False)) == {}
    assert "전봇대" in proposed(good + uses(POLES, "n전봇대", range(50, 51), accepted=False))


def test_what_editors_settled_is_not_proposed_again() -> None:
    given = uses(POLES, "n전봇대", range(4)) + OTHERS

    def known(state: SynonymState) -> Synonym:
        return Synonym(lay="전봇대", office=("전주",), state=state, at=AT)

    assert proposed(given, known("off")) == {}
    assert proposed(given, known("in_force")) == {}
    assert "전봇대" in proposed(given, known("proposed"))


def test_nothing_to_compare_with_nothing_proposed() -> None:
    assert proposed(uses(POLES, "n전봇대", range(9))) == {}
    assert proposed([]) == {}


def test_the_order_of_the_uses_makes_no_difference() -> None:
    given = uses(POLES, "n전봇대 v뽑", range(5)) + OTHERS
    assert proposals(given, [], AT) == proposals(given[::-1], [], AT)


def test_limits() -> None:
    words = [f"n말씨{chr(0xAC00 + at)}" for at in range(PROPOSALS_LIMIT + 50)]
    chunks = [uses(POLES, " ".join(words[at : at + 30]), range(at * 10, at * 10 + 4)) for at in range(0, 250, 30)]
    many = [use for chunk in chunks for use in chunk] + uses(PASSPORT, "n여권", range(9000, 9300))
    assert len(proposals(many, [], AT)) == PROPOSALS_LIMIT
    late = uses(PASSPORT, "n여권", range(USES_LIMIT)) + uses(POLES, "n전봇대", range(4))
    assert proposals(late, [], AT) == ()


def test_the_terms_of_an_entry(language: Analyser) -> None:
    entry = Entry(id="1", title="전주 이설 신청", keywords=("전봇대 옮기기",), body="한국전력에서 옮깁니다.")
    found = entry_terms(entry, language)
    assert {"n이설", "n전봇대"} <= found.office
    assert not [term for term in found.office if not term.startswith("n")]
    assert "v옮기" in found.every
    assert found.office <= found.every
