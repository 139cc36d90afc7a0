"""Adapt the synthetic-voice network to real transcribed recordings.

usage: adapt.py CHECKPOINT REAL.npz OUT.pt --labels ALI.npz [--synthetic SYNTH.npz] [--dev NAME=X.npz ...]
Every batch holds whole recordings (first frame cross-entropy on the alignment, then
lattice-free MMI as well) and stretches of synthetic speech (cross-entropy on its exact
labels), so that the old voices are not forgotten and batch norm sees both.
"""
import argparse
import os
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

import fullsum
import g2p

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import features       # noqa: E402
import make_data      # noqa: E402
import model          # noqa: E402
import phones         # noqa: E402

SAME = {"q": "g", "b": "p", "dZ;": "tS;", "d-": "t", "E": "e", "L": "l", "k-": "q-", "k": "g"}   # for scoring only


def online_cmn(f, mean, window=600, share=200):
    """Kaldi's OnlineCmvn: the mean of the last 600 frames, backed by up to 200 of the global one."""
    c = np.concatenate([np.zeros((1, f.shape[1])), np.cumsum(f.astype(np.float64), 0)])
    end = np.arange(1, len(f) + 1)
    begin = np.maximum(0, end - window)
    n = (end - begin)[:, None]
    g = np.minimum(share, window - n)
    return (f - (c[end] - c[begin] + g * mean) / (n + g)).astype(np.float32)


def padded(f, context):
    extra = -len(f) % 3 + 2
    return np.concatenate([np.repeat(f[:1], context, 0), f, np.repeat(f[-1:], context + extra, 0)])


def mel_basis():
    """MFCC -> mel and back (40 coefficients of 40 bands: nothing is lost)."""
    n = features.DIM
    d = np.sqrt(2 / n) * np.cos(np.pi / n * (np.arange(n)[None] + 0.5) * np.arange(n)[:, None])
    d[0] = np.sqrt(1 / n)
    lifter = 1 + 11 * np.sin(np.pi * np.arange(n) / 22)
    d = lifter[:, None] * d
    return torch.from_numpy(np.linalg.inv(d)).float(), torch.from_numpy(d).float()


class Recordings:
    def __init__(self, path, cmn_mean=None, hangul_only=True, minutes=None, copies=None, seed=3):
        z = np.load(path)
        self.text = [str(t) for t in z["text"]]
        feats, self.copies, self.shape = z["feats"], {}, {}
        pos = 0
        for (i, k, n), shape in zip(z["index"], z["shape"]):
            if copies is None or k < copies:
                f = feats[pos:pos + n].astype(np.float32)
                self.shape.setdefault(int(i), []).append((*shape, int(n)))
                self.copies.setdefault(int(i), []).append(online_cmn(f, cmn_mean) if cmn_mean is not None else f)
            pos += n
        self.clips = [i for i in sorted(self.copies) if not hangul_only or g2p.hangul(self.text[i])]
        if minutes:
            order = np.random.default_rng(seed).permutation(self.clips)
            total, keep = 0, []
            for i in order:
                if total < minutes * 6000:
                    keep.append(int(i))
                    total += len(self.copies[int(i)][0])
            self.clips = keep
        self.seconds = sum(len(self.copies[i][0]) for i in self.clips) / 100


    def align(self, path):
        """Frame labels of every copy, from the clean copy's alignment; clips without one are dropped."""
        z = np.load(path)
        self.labels = {}
        for i in self.clips:
            if f"phones{i}" in z:
                ids, starts = z[f"phones{i}"].astype(int), z[f"starts{i}"] / 100
                first = self.shape[i][0][1]
                self.labels[i] = [make_data.frame_labels(np.maximum(0, lead + (starts - first) / speed), ids, n)
                                  for speed, lead, n in self.shape[i]]
        self.clips = [i for i in self.clips if all(l is not None for l in self.labels.get(i, [None]))]


def away(labels, penalty, reach=3):
    """Penalties for pdfs of phones that the alignment has nowhere within `reach` frames."""
    b, t = labels.shape
    near = torch.zeros(b, t, phones.NUM_PDFS // 2)
    near.scatter_(2, (labels.clamp(min=0) // 2)[..., None], 1.0)
    near = F.max_pool1d(near.transpose(1, 2), 2 * reach + 1, 1, reach).transpose(1, 2)
    return -penalty * (1 - near).repeat_interleave(2, dim=2)


def run_net(net, f):
    with torch.no_grad():
        x = padded(f, model.CONTEXT)
        return net(torch.from_numpy(x)[None])[0].numpy()[:(len(f) + 2) // 3]


def phone_error(net, data, bigram, scale=1.0, limit=10 ** 9):
    net.eval()
    errors = total = dels = 0
    for i in data.clips[:limit]:
        ref = [SAME.get(p, p) for w in g2p.words(data.text[i], joined=True) for p in w]
        hyp = [SAME.get(p, p) for p in fullsum.viterbi(run_net(net, data.copies[i][0]), bigram, scale)]
        errors += distance(ref, hyp)
        total += len(ref)
        dels += len(hyp)
    return 100 * errors / total, 100 * dels / total


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("checkpoint")
    ap.add_argument("real")
    ap.add_argument("out")
    ap.add_argument("--labels", required=True, help="alignment written by align.py")
    ap.add_argument("--synthetic")
    ap.add_argument("--dev", nargs="*", default=[])
    ap.add_argument("--epochs", type=float, default=30)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--batch", type=int, default=24)
    ap.add_argument("--mmi", type=float, default=1.0)
    ap.add_argument("--ce", type=float, default=0.2)
    ap.add_argument("--synth-weight", type=float, default=0.3)
    ap.add_argument("--extra", type=int, default=8, help="synthetic stretches per batch")
    ap.add_argument("--away", type=float, default=4.0, help="penalty per frame of phones far from their aligned place")
    ap.add_argument("--warm", type=float, default=0.5, help="share of the steps with cross-entropy only")
    ap.add_argument("--dropout", type=float, default=0.1)
    ap.add_argument("--cmn", action="store_true")
    ap.add_argument("--scratch", action="store_true", help="random weights instead of the checkpoint's")
    ap.add_argument("--width", type=int)
    ap.add_argument("--minutes", type=float)
    ap.add_argument("--copies", type=int)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--steps", type=int, help="instead of --epochs")
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    old = torch.load(a.checkpoint)
    width = a.width or old["width"]
    net = model.Tdnn(features.DIM, phones.NUM_PDFS, width)
    mean = (old["cmn_mean"] if "cmn_mean" in old else old["net"]["mean"]).numpy().astype(np.float64)
    if not a.scratch:
        net.load_state_dict(old["net"])
    net.std.copy_(old["net"]["std"])
    net.mean.copy_(torch.zeros_like(net.mean) if a.cmn else old["net"]["mean"])
    net.drop.p = a.dropout
    cmn_mean = mean if a.cmn else None

    real = Recordings(a.real, cmn_mean, minutes=a.minutes, copies=a.copies)
    real.align(a.labels)
    graphs = {i: fullsum.utterance_graph(real.text[i]) for i in real.clips}
    sequences = []
    for i in real.clips:
        for joined in (True, False):
            s = [fullsum.SIL]
            for w in g2p.words(real.text[i], joined):
                s += [phones.BASE_ID[p] for p in w]
                if (not joined) and rng.random() < 0.5:
                    s.append(fullsum.SIL)
            sequences.append(s + [fullsum.SIL])
    synth = None
    if a.synthetic:
        z = np.load(a.synthetic)
        labels, lengths = z["labels"].astype(np.int64), z["lengths"]
        feats, fpos, lpos, synth = z["feats"], 0, 0, []
        for n in lengths:
            f = feats[fpos + make_data.CONTEXT:fpos + make_data.CONTEXT + n].astype(np.float32)
            f = online_cmn(f, cmn_mean) if a.cmn else f
            y = labels[lpos:lpos + (n + 2) // 3]
            synth.append((f, y))
            if len(sequences) < 3 * len(real.clips):
                sequences.append([int(v) // 2 for v in y if v % 2 == 0])
            fpos += n + 2 * make_data.CONTEXT + 2
            lpos += len(y)
    trigram, bigram = fullsum.phone_trigram(sequences)
    dev = {d.split("=")[0]: Recordings(d.split("=")[1], cmn_mean) for d in a.dev}
    inverse, forward = mel_basis()
    c = model.CONTEXT

    def batch(items, extra):
        """Recordings, padded to the longest, and `extra` synthetic stretches of that length."""
        which = [(i, int(rng.integers(len(real.copies[i])))) for i in items]
        fs = [real.copies[i][k] for i, k in which]
        t = max((len(f) + 2) // 3 for f in fs)
        x = np.zeros((len(fs) + extra, 3 * t - 2 + 2 * c, features.DIM), np.float32)
        y = torch.full((len(fs) + extra, t), -1, dtype=torch.int64)
        for b, f in enumerate(fs):
            x[b] = f[np.clip(np.arange(-c, x.shape[1] - c), 0, len(f) - 1)]
            l = real.labels[which[b][0]][which[b][1]]
            y[b, :len(l)] = torch.from_numpy(l.astype(np.int64))
        for b in range(extra):
            f, l = synth[rng.integers(len(synth))]
            s = int(rng.integers(max(1, len(l) - t + 1)))
            piece = l[s:s + t]
            y[len(fs) + b, :len(piece)] = torch.from_numpy(piece)
            x[len(fs) + b] = f[np.clip(np.arange(3 * s - c, 3 * s - c + x.shape[1]), 0, len(f) - 1)]
        return torch.from_numpy(x), torch.tensor([(len(f) + 2) // 3 for f in fs]), y

    def masked(x):
        """SpecAugment in the mel domain: bands and stretches set to the mean."""
        z = (x - net.mean) @ inverse.T
        for b in range(len(x)):
            for _ in range(2):
                w = int(rng.integers(0, 7))
                s = int(rng.integers(0, features.DIM - w))
                z[b, :, s:s + w] = 0
            for _ in range(1 + x.shape[1] // 150):
                w = int(rng.integers(0, 18))
                s = int(rng.integers(0, max(1, x.shape[1] - w)))
                z[b, s:s + w] = 0
        return z @ forward.T + net.mean

    lengths = {i: len(real.copies[i][0]) for i in real.clips}
    per_epoch = max(1, len(real.clips) // a.batch)
    steps = a.steps or int(a.epochs * per_epoch)
    print(f"{len(real.clips)} clips, {real.seconds / 60:.1f} min, {steps} steps, "
          f"{sum(p.numel() for p in net.parameters())} parameters", flush=True)
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=1e-2)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, a.lr, total_steps=steps + 1, pct_start=0.15)
    queue, t0, shown = [], time.time(), np.zeros(3)

    def report(step):
        text = " ".join("%s PER %.1f (length %.0f%%)" % (k, *phone_error(net, d, bigram, limit=120)) for k, d in dev.items())
        print(f"step {step}/{steps} mmi {shown[0]:.3f} ce {shown[1]:.3f} synth {shown[2]:.3f} {text} {time.time() - t0:.0f}s", flush=True)

    if dev:
        report(0)
    every = max(1, steps // 5)
    for step in range(steps):
        if not queue:
            order = sorted(rng.permutation(real.clips).tolist(), key=lambda i: lengths[i] + rng.uniform(0, 60))
            queue = [order[k:k + a.batch] for k in range(0, len(order), a.batch)]
            queue = [queue[k] for k in rng.permutation(len(queue))]
        items = queue.pop()
        net.train()
        n = len(items)
        n = len(items)
        x, t, y = batch(items, a.extra if synth else 0)
        x[:n] = masked(x[:n])
        with torch.autocast("cpu", torch.bfloat16):
            output = net(x)
        output = output.float()
        logits = output[:n]
        ce = F.cross_entropy(logits.reshape(-1, phones.NUM_PDFS), y[:n].reshape(-1), ignore_index=-1)
        loss, mmi = (a.ce if step >= a.warm * steps else 1.0) * ce, torch.zeros(())
        if a.mmi and step >= a.warm * steps:
            graph = fullsum.collate([graphs[i] for i in items])
            num = fullsum.numerator(logits + away(y[:n], a.away), t, graph)
            mmi = ((fullsum.denominator(logits, t, trigram) - num) * (num > -1e8)).sum() / t.sum()
            loss = loss + a.mmi * mmi + 2e-4 * (logits ** 2).mean()
        shown[:2] += 0.02 * (np.array([mmi.item(), ce.item()]) - shown[:2])
        if synth:
            s = F.cross_entropy(output[n:].reshape(-1, phones.NUM_PDFS), y[n:].reshape(-1), ignore_index=-1)
            loss = loss + a.synth_weight * s
            shown[2] += 0.02 * (s.item() - shown[2])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        sched.step()
        if (step + 1) % every == 0 or step + 1 == steps:
            report(step + 1)
    net.drop.p = 0.05
    out = {"net": net.state_dict(), "width": width, "priors": old["priors"], "bigram": bigram}
    if a.cmn:
        out["cmn_mean"] = torch.from_numpy(mean)
    torch.save(out, a.out)


if __name__ == "__main__":
    main()
