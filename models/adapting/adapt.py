"""A model of ours with a city's own words: lexicon, language model and graph anew, everything else as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.errors import BadInput, ModelFault
from models.adapting.changes import Group, with_classes, with_free, with_phrases
from models.adapting.forms import BARE, Form, common_forms, forms_of_classes
from models.adapting.grammar import closed, opened, relabelled
from models.adapting.wanted import OTHER, Wanted
from models.kaldi import folder
from models.kaldi.fst import read_fst
from models.kaldi.lexicon import UNKNOWN, Vocabulary, ordered, read_vocabulary
from models.kaldi.lookahead import word_graph
from models.kaldi.phones import Pronunciation
from models.label import LABEL_FILE, Label, read_label, sizes_of, written
from models.stocking import sums

Pronounce = Callable[[Iterable[str]], Mapping[str, Sequence[Pronunciation]]]
"""Words -> how they are said."""
Tell = Callable[[str], None]
"""Hears which step begins."""

_SIDE_FORM: Final = 0.3
"""How likely a free word with a particle is, next to the word alone."""


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What came into the model."""

    names: tuple[Wanted, ...]
    """Those that the model did not know."""
    known: tuple[Wanted, ...]
    """Those that it knew already."""
    words: int
    """New words in the lexicon: names in all their forms, and words of phrases."""
    pronunciations: int
    arcs: int
    """By which the language model grew."""


class _Plan(msgspec.Struct, frozen=True):
    """Which words go where."""

    groups: dict[tuple[str, Form], tuple[list[str], list[str]]]
    """Class and form -> members, new words."""
    free: dict[str, float]
    phrases: list[tuple[str, ...]]
    names: list[Wanted]
    known: list[Wanted]

    def grouped(self) -> set[str]:
        """New words beside members of their class."""
        return {word for _, new in self.groups.values() for word in new}

    def words(self) -> set[str]:
        """All that must be in the lexicon."""
        return self.grouped() | set(self.free) | {word for phrase in self.phrases for word in phrase}


def adapted(
    model: Path,
    target: Path,
    wanted: Sequence[Wanted],
    phrases: Sequence[tuple[str, ...]],
    *,
    pronounce: Pronounce,
    tell: Tell = lambda step: None,
) -> Added:
    """Write the model in ``model`` with these words into the empty folder ``target``. ``phrases`` are words that often
    follow each other (entries' titles), known or not.

    Raises ``ModelFault`` where the model was not made by this product, ``BadInput`` where there is nothing to add.
    """
    tell("reading the model")
    lexicon, classes = folder.read_source(model)
    try:
        before = read_vocabulary((model / "graph/words.txt").read_text(encoding="utf-8"))
        grammar = opened(read_fst((model / "graph/Gr.fst").read_bytes(), "graph/Gr.fst"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelFault(f"{model} is no complete model of this product ({error}); install it again") from error
    plan = _planned(wanted, phrases, classes, before)
    if not plan.names and not plan.phrases:
        raise BadInput(f"there is nothing to add: the model knows all {len(wanted)} words already")
    new = sorted(plan.words() - set(lexicon))
    tell(f"pronouncing {len(new)} words")
    lexicon |= {word: list(pronunciations) for word, pronunciations in pronounce(new).items()}
    vocabulary, entries = ordered(lexicon)
    number = vocabulary.numbers
    tell("language model")
    size = len(grammar.label)
    grammar = relabelled(grammar, {old: number[word] for word, old in before.numbers.items()})
    grammar = with_classes(grammar, [_numbered(*words, number) for words in plan.groups.values()])
    grammar = with_free(grammar, {number[word]: weight for word, weight in plan.free.items()})
    grammar = with_phrases(grammar, [[number[word] for word in phrase] for phrase in plan.phrases])
    tell(f"graph of {len(vocabulary.words)} words")
    shutil.copytree(model, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(LABEL_FILE, sums.FILE, "graph"))
    shutil.copytree(model / "graph/phones", target / "graph/phones")
    folder.write_graphs(target, vocabulary, word_graph(vocabulary, entries), closed(grammar))
    folder.write_source(target, lexicon, _extended(classes, plan.names))
    _write_label(model, target, len(plan.names))
    return Added(
        names=tuple(plan.names),
        known=tuple(plan.known),
        words=len(new),
        pronunciations=sum(len(lexicon[word]) for word in new),
        arcs=len(grammar.label) - size,
    )


def _planned(
    wanted: Sequence[Wanted],
    phrases: Sequence[tuple[str, ...]],
    classes: Mapping[str, Sequence[str]],
    vocabulary: Vocabulary,
) -> _Plan:
    members = forms_of_classes(classes, (word for word in vocabulary.words if word != UNKNOWN and word[0] != "_"))
    plan = _Plan({}, {}, [], [], [])
    for name in wanted:
        last = name.words[-1]
        if all(word in vocabulary.numbers for word in name.words):
            plan.known.append(name)
            continue
        plan.names.append(name)
        forms = members.get(name.kind, {}) if len(name.words) == 1 else {}
        for form, words in forms.items():
            plan.groups.setdefault((name.kind, form), (words, []))[1].append(form.of(last))
        for form in common_forms(name.kind):
            word = form.of(last)
            if form not in forms and word not in vocabulary.numbers:
                plan.free[word] = 1.0 if form == BARE else _SIDE_FORM
            if len(name.words) > 1:
                plan.phrases.append((*name.words[:-1], word))
    plan.phrases.extend(phrases)
    grouped = plan.grouped()
    for word in (word for phrase in plan.phrases for word in phrase):
        if word not in vocabulary.numbers and word not in grouped:
            plan.free.setdefault(word, 1.0)
    return plan


def _numbered(members: list[str], new: list[str], number: Mapping[str, int]) -> Group:
    return Group(tuple(number[word] for word in members), tuple(number[word] for word in dict.fromkeys(new)))


def _extended(classes: Mapping[str, Sequence[str]], names: Sequence[Wanted]) -> dict[str, list[str]]:
    """The classes with the new names: the next names stand where these do."""
    found = {kind: list(words) for kind, words in classes.items()}
    for name in names:
        if name.kind != OTHER and len(name.words) == 1:
            found.setdefault(name.kind, []).append(name.words[0])
    return found


def _write_label(model: Path, target: Path, count: int) -> None:
    label = read_label(model) or Label(language="ko")
    said = f"{label.label or model.name}; adapted from {model.name}: {count} names of the city's own"
    changed = msgspec.structs.replace(label, label=said, sizes=sizes_of(target))
    (target / LABEL_FILE).write_text(written(changed), encoding="utf-8")
