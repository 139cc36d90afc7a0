from __future__ import annotations

from agent_assist.entry_index import EntryIndex
from agent_assist.korean import Analyser
from core.store.entry import Entry


def test_title_counts_more_than_keyword_and_keyword_more_than_body(language: Analyser) -> None:
    index = EntryIndex(
        (
            Entry(id="b", title="가로등 고장", body="여권"),
            Entry(id="k", title="가로등 고장", keywords=("여권",)),
            Entry(id="t", title="여권 고장", body="가로등"),
        ),
        language,
    )
    term = index.vocabulary["n여권"]
    body, keyword, title = (index.postings.impact(term, document) for document in range(3))
    assert title > keyword > body > 0


def test_department_category_and_procedure_are_found(language: Analyser) -> None:
    index = EntryIndex(
        (Entry(id="1", title="가", department="민원여권과", category="서류>증명", procedure=("수수료 납부",)),),
        language,
    )
    assert {"n민원", "n증명", "n수수료"} <= index.vocabulary.keys()


def test_an_empty_database(language: Analyser) -> None:
    index = EntryIndex((), language)
    assert index.postings.size == 0
    assert index.vocabulary == {}


def test_a_giant_body_is_read_to_a_limit(language: Analyser) -> None:
    index = EntryIndex((Entry(id="1", title="제목", body="도로 " * 10_000 + "여권"),), language)
    assert "n도로" in index.vocabulary
    assert "n여권" not in index.vocabulary


def test_what_callers_may_mean_is_of_titles_or_of_several_entries(language: Analyser) -> None:
    once = Entry(id="1", title="여권", body="콘크리트")
    assert EntryIndex((once,), language).sounds.like("여귄", 0.7)
    assert not EntryIndex((once,), language).sounds.like("콘크리토", 0.7)
    several = tuple(Entry(id=str(at), title="여권", body="콘크리트") for at in range(3))
    assert EntryIndex(several, language).sounds.like("콘크리토", 0.7)
