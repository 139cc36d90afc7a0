"""Write a Vosk model directory from a trained network, a lexicon and an LM."""
import argparse
import os

import numpy as np
import torch

import features
import kaldi_format as kf
import model
import phones

PRIOR_SCALE = 0.0          # dividing by the priors only hurts here: rare phones turn up in silence
MODEL_CONF = """--min-active=200
--max-active=3000
--beam=12.0
--lattice-beam=6.0
--acoustic-scale={scale}
--frame-subsampling-factor=3
--frames-per-chunk=12
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


def folded(checkpoint):
    """[(offsets, weight (out, in * offsets), bias)], normalisation folded in; last is logits - log prior."""
    sd = {k: v.double().numpy() for k, v in checkpoint["net"].items()}
    layers = []
    for i in range(1 + len(model.DILATIONS)):
        w, b = sd[f"convs.{i}.weight"], sd[f"convs.{i}.bias"]
        if i == 0:                                   # input mean and variance
            w = w / sd["std"][None, :, None]
            b = b - np.einsum("oik,i->o", w, sd["mean"])
        scale = sd[f"norms.{i}.weight"] / np.sqrt(sd[f"norms.{i}.running_var"] + 1e-5)
        w = w * scale[:, None, None]
        b = (b - sd[f"norms.{i}.running_mean"]) * scale + sd[f"norms.{i}.bias"]
        offsets = model.FIRST if i == 0 else [3 * model.DILATIONS[i - 1] * o for o in (-1, 0, 1)]
        layers.append((offsets, w.transpose(0, 2, 1).reshape(w.shape[0], -1), b))
    b = sd["out.bias"] - PRIOR_SCALE * np.log(checkpoint["priors"].double().numpy())
    layers.append(((0,), sd["out.weight"][:, :, 0], b))
    return layers


def acoustic_model(checkpoint):
    layers = folded(checkpoint)
    lines, parts, previous = [f"input-node name=input dim={features.DIM}"], [], "input"
    for i, (offsets, weight, bias) in enumerate(layers):
        terms = [previous if o == 0 else f"Offset({previous}, {o})" for o in offsets]
        descriptor = terms[0] if len(terms) == 1 else "Append(" + ", ".join(terms) + ")"
        name = f"tdnn{i + 1}" if i + 1 < len(layers) else "output"
        lines.append(f"component-node name={name}.affine component={name}.affine input={descriptor}")
        parts.append((f"{name}.affine", kf.affine(weight, bias)))
        if name == "output":
            lines.append("output-node name=output input=output.affine objective=linear")
        else:
            lines.append(f"component-node name={name}.relu component={name}.relu input={name}.affine")
            parts.append((f"{name}.relu", kf.relu(weight.shape[0])))
        previous = f"{name}.relu"
    pdfs = [(phones.forward_pdf(b), phones.self_loop_pdf(b)) for b in map(phones.base_of, phones.GRAPH_PHONES)]
    return kf.acoustic_model(kf.transition_model(pdfs), kf.nnet(lines, parts), model.CONTEXT, model.CONTEXT)


def word_boundaries():
    lines = []
    for i, name in enumerate(phones.GRAPH_PHONES, 1):
        kind = "nonword" if name == phones.SILENCE else phones.POSITION_NAME[name[-1]]
        lines.append(f"{i} {kind}")
    return "\n".join(lines) + "\n"


def write_am(directory, checkpoint_path, scale):
    for sub in ("am", "conf", "graph/phones"):
        os.makedirs(os.path.join(directory, sub), exist_ok=True)
    with open(os.path.join(directory, "am/final.mdl"), "wb") as f:
        f.write(acoustic_model(torch.load(checkpoint_path)))
    for name, text in (("conf/mfcc.conf", features.MFCC_CONF), ("conf/model.conf", MODEL_CONF.format(scale=scale)),
                       ("graph/phones/word_boundary.int", word_boundaries())):
        with open(os.path.join(directory, name), "w") as f:
            f.write(text)


def write_words(directory, lexicon):
    with open(os.path.join(directory, "graph/words.txt"), "w", encoding="utf-8") as f:
        f.writelines(f"{w} {i}\n" for i, w in enumerate(lexicon.words))


def main():
    import corpus
    import generic
    import graph
    import lm
    import pieces
    import pywrapfst as fst
    from espeak import Espeak

    ap = argparse.ArgumentParser()
    ap.add_argument("checkpoint")
    ap.add_argument("directory")
    ap.add_argument("--sentences", type=int, default=80000)
    ap.add_argument("--generic", type=int, default=80000, help="loosely formed sentences to add to the LM text")
    ap.add_argument("--pieces", type=float, default=0.15, help="share of generic words to spell in syllable pieces")
    ap.add_argument("--exclude", help="file of sentences to keep out of the LM text")
    ap.add_argument("--scale", type=float, default=1.0)
    ap.add_argument("--am-only", action="store_true")
    ap.add_argument("--static", action="store_true", help="one HCLG.fst (faster, but no runtime grammars)")
    a = ap.parse_args()
    write_am(a.directory, a.checkpoint, a.scale)
    if a.am_only:
        return
    exclude = set(open(a.exclude, encoding="utf-8").read().splitlines()) if a.exclude else ()
    text = corpus.sentences(a.sentences, 2, exclude)
    vocabulary = {w for s in text for w in s.split()}
    if a.generic:
        text += generic.sentences(a.generic, 3, exclude)
        vocabulary |= generic.vocabulary()
    espeak = Espeak()
    prons = {w: [phones.pronounce(espeak, w)] for w in sorted(vocabulary)}
    words = sorted(prons)
    if a.pieces:
        extra = pieces.pronunciations(espeak)
        text += pieces.sprinkle(generic.sentences(a.generic, 4, exclude), a.pieces, 5, extra)
        for piece, variants in extra.items():
            known = prons.setdefault(piece, [])
            known += [p for p in variants if p not in known]
        words = sorted(prons)
        # For runtime grammars: [unk] is any one syllable; the n-gram never predicts it.
        prons["[unk]"] = [list(p) for p in sorted({tuple(p) for v in extra.values() for p in v})]
    lexicon = graph.Lexicon({w: p for w, p in prons.items() if all(p)})
    ngram = lm.NGram(text, words, min_count=(1, 2, 2) if a.generic else (1, 1, 1))
    if a.static:
        g = ngram.to_fst(lexicon.word_id, lexicon.word_id["#0"])
        hclg = graph.static_graph(lexicon, g)
        print(f"words {len(vocabulary)}, G {g.num_states()} states, HCLG {hclg.num_states()} states")
        fst.convert(hclg, "const").write(os.path.join(a.directory, "graph/HCLG.fst"))
    else:
        g = ngram.to_fst(lexicon.word_id, 0)
        hclr, disambig = graph.lookahead_graph(lexicon)
        fst.convert(g, "const").write(os.path.join(a.directory, "graph/Gr.fst"))
        with open(os.path.join(a.directory, "graph/HCLr.fst"), "wb") as f:
            f.write(hclr)
        with open(os.path.join(a.directory, "graph/disambig_tid.int"), "w") as f:
            f.writelines(f"{label}\n" for label in disambig)
    write_words(a.directory, lexicon)


if __name__ == "__main__":
    main()
