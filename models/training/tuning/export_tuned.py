"""Model directory from an adapted network, with the recordings' words in lexicon and LM.

usage: export_tuned.py CHECKPOINT DIRECTORY FOLDER [--part train|all]
FOLDER: the recordings (transcripts only are read).  Words get rule-based pronunciations
(with their cross-word variants) besides espeak-ng's; rare ones are also spelled as
syllable pieces.  The recordings' 4-gram is mixed with the grammar's trigram.
"""
import argparse
import os
import sys
from collections import Counter, defaultdict

import numpy as np
import torch

import clips
import g2p
import mix

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import corpus         # noqa: E402
import export         # noqa: E402
import generic        # noqa: E402
import graph          # noqa: E402
import kaldi_format as kf  # noqa: E402
import lm             # noqa: E402
import phones         # noqa: E402
import pieces         # noqa: E402
from espeak import Espeak  # noqa: E402

import pywrapfst as fst    # noqa: E402


def rule_pieces(keep=0.03):
    """As pieces.pronunciations, by the rules of g2p."""
    seen = defaultdict(Counter)
    for s in pieces.hangul():
        for before in pieces.BEFORE:
            for after in pieces.AFTER:
                got = pieces.split(before + s + after, g2p.words(before + s + after)[0])
                if got:
                    seen[s if not before else pieces.MARK + s][tuple(got[len(before)])] += 1
        for p in g2p.variants(s):
            seen[s][tuple(p)] += 3
    return {w: [list(p) for p, c in n.most_common(6) if c >= keep * sum(n.values())] for w, n in seen.items()}


def spelled(sentence, keep, known):
    """Words outside `keep` as pieces."""
    out = []
    for w in sentence.split():
        p = pieces.spell(w)
        out += [w] if w in keep or not all(x in known for x in p) else p
    return " ".join(out)


def cmvn_stats(mean):
    stats = np.zeros((2, len(mean) + 1))
    stats[0, :-1], stats[0, -1], stats[1, :-1] = 1000 * mean, 1000, 1000 * (mean ** 2 + 1)
    return b"\0B" + kf.matrix(stats)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("checkpoint")
    ap.add_argument("directory")
    ap.add_argument("folder")
    ap.add_argument("--part", default="train")
    ap.add_argument("--oracle", nargs="*", default=[], help="folders whose transcripts are put in as well: an upper bound")
    ap.add_argument("--text", help="file of further sentences for lexicon and LM, one a line")
    ap.add_argument("--text-weight", type=float, default=0.3)
    ap.add_argument("--limit", type=int, help="only so many transcripts")
    ap.add_argument("--weight", type=float, default=0.5, help="of the recordings' n-gram")
    ap.add_argument("--order", type=int, default=4)
    ap.add_argument("--no-g2p", action="store_true")
    ap.add_argument("--sentences", type=int, default=80000)
    ap.add_argument("--exclude")
    ap.add_argument("--scale", type=float, default=1.0)
    ap.add_argument("--beam", type=float, default=12.0)
    ap.add_argument("--max-active", type=int, default=3000)
    a = ap.parse_args()

    export.MODEL_CONF = export.MODEL_CONF.replace("beam=12.0\n--lat", f"beam={a.beam}\n--lat").replace("3000", str(a.max_active))
    export.write_am(a.directory, a.checkpoint, a.scale)
    checkpoint = torch.load(a.checkpoint)
    stats = os.path.join(a.directory, "am/global_cmvn.stats")
    if "cmn_mean" in checkpoint:
        with open(stats, "wb") as f:
            f.write(cmvn_stats(checkpoint["cmn_mean"].numpy()))
    elif os.path.exists(stats):
        os.remove(stats)

    everything = clips.load(a.folder)
    chosen = everything if a.part == "all" else clips.split(everything)[a.part == "held-out"]
    for folder in a.oracle:
        chosen = chosen + clips.load(folder)
    real = [c[2] for c in chosen if g2p.hangul(c[2]) and c[2]][:a.limit]
    exclude = set(open(a.exclude, encoding="utf-8").read().splitlines()) if a.exclude else ()

    grammar = corpus.sentences(a.sentences, 2, exclude) + generic.sentences(a.sentences, 3, exclude)
    vocabulary = {w for s in grammar for w in s.split()} | generic.vocabulary()
    counts = Counter(w for s in real for w in s.split())
    more = open(a.text, encoding="utf-8").read().splitlines() if a.text else []
    more = [s for s in (" ".join(l.split()) for l in more) if s and g2p.hangul(s)]
    vocabulary |= {w for w, c in Counter(w for s in more for w in s.split()).items() if c > 1 and len(w) < 12}
    espeak = Espeak()
    prons = {w: [phones.pronounce(espeak, w)] for w in sorted(vocabulary | set(counts))}
    extra = pieces.pronunciations(espeak)
    ruled = {} if a.no_g2p else rule_pieces()
    for piece, variants in list(extra.items()) + list(ruled.items()):
        known = prons.setdefault(piece, [])
        known += [p for p in variants if p not in known]
    unk = sorted({tuple(p) for v in extra.values() for p in v})
    if not a.no_g2p:
        for w in sorted(vocabulary | set(counts)):
            for p in (g2p.variants(w) if w in counts else g2p.words(w)):
                if p not in prons[w]:
                    prons[w].append(p)
    words = sorted(prons)

    old = grammar + pieces.sprinkle(generic.sentences(a.sentences, 4, exclude), 0.15, 5, extra)
    old_lm = lm.NGram(old, words, min_count=(1, 2, 2))
    often = {w for w, c in counts.items() if c > 1}
    new = real + [spelled(s, often | vocabulary, extra) for s in real] + [spelled(s, often, extra) for s in real]
    new += [spelled(s, (), extra) for s in real]
    new_lm = lm.NGram(new, words, order=a.order, min_count=(1,) * a.order, floor=0.001)
    models, weights = [new_lm, old_lm], [a.weight, 1 - a.weight]
    if more:
        spelt = [spelled(s, keep, extra) for s in more for keep in (vocabulary | set(counts), often)]
        spelt = [s for s in spelt if all(w in prons for w in s.split())]
        models.append(lm.NGram(spelt, words, min_count=(1, 1, 2), floor=0.001))
        weights = [(1 - a.text_weight) * w for w in weights] + [a.text_weight]
    ngram = mix.Mixed(models, weights)

    prons["[unk]"] = [list(p) for p in unk]
    lexicon = graph.Lexicon({w: p for w, p in prons.items() if all(p)})
    g = ngram.to_fst(lexicon.word_id, 0)
    hclr, disambig = graph.lookahead_graph(lexicon)
    fst.convert(g, "const").write(os.path.join(a.directory, "graph/Gr.fst"))
    with open(os.path.join(a.directory, "graph/HCLr.fst"), "wb") as f:
        f.write(hclr)
    with open(os.path.join(a.directory, "graph/disambig_tid.int"), "w") as f:
        f.writelines(f"{label}\n" for label in disambig)
    export.write_words(a.directory, lexicon)
    print(f"{len(real)} transcripts, {len(counts)} words, lexicon {len(lexicon.entries)} entries, G {g.num_states()} states")


if __name__ == "__main__":
    main()
