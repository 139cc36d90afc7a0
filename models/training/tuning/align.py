"""Monophone Gaussian alignment of recordings: frame labels for adapt.py.

usage: align.py REAL.npz SYNTH.npz OUT.npz [--rounds 12]
Starts from Gaussians estimated on the synthetic speech (whose alignment is exact), then
Viterbi-realigns the recordings' clean copies, with up to 8 Gaussians per state.
Three states per phone hold every phone for at least 30 ms, and the few parameters keep
pauses and long vowels from swallowing speech, as a network trained without alignment does.
"""
import argparse
import multiprocessing
import os
import sys
import time

import numpy as np

import fullsum
import g2p

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import make_data      # noqa: E402

DIM = 39
STATES = 3 * fullsum.COUNT


def deltas(f):
    f = f[:, :13].astype(np.float32)
    f = f - f.mean(0)

    def d(x):
        p = np.pad(x, ((2, 2), (0, 0)), "edge")
        return (2 * (p[4:] - p[:-4]) + p[3:-1] - p[1:-3]) / 10
    one = d(f)
    return np.concatenate([f, one * 3, d(one) * 6], 1)


class Mixtures:
    """Diagonal Gaussian mixtures per state."""

    def __init__(self, frames, states):
        self.floor = 0.02 * frames.var(0) + 1e-3
        self.w = np.ones((STATES, 1))
        self.mu = np.zeros((STATES, 1, DIM))
        self.var = np.zeros((STATES, 1, DIM))
        for s in range(STATES):
            x = frames[states == s]
            x = x if len(x) > 20 else frames
            self.mu[s, 0], self.var[s, 0] = x.mean(0), np.maximum(x.var(0), self.floor)

    def components(self, x):
        """(frames, states, mixtures) log densities with weights."""
        inv = 1 / self.var
        const = np.log(self.w + 1e-10) - 0.5 * (np.log(2 * np.pi * self.var).sum(2) + (self.mu ** 2 * inv).sum(2))
        k = self.mu.shape[1]
        flat = lambda a: a.reshape(STATES * k, DIM)
        out = x @ flat(self.mu * inv).T - 0.5 * (x ** 2) @ flat(inv).T + const.reshape(-1)
        return out.reshape(len(x), STATES, k)

    def loglik(self, x):
        c = self.components(x)
        m = c.max(2)
        return m + np.log(np.exp(c - m[..., None]).sum(2))

    def split(self):
        d = 0.2 * np.sqrt(self.var)
        self.mu = np.concatenate([self.mu + d, self.mu - d], 1)
        self.var = np.concatenate([self.var, self.var], 1)
        self.w = np.concatenate([self.w, self.w], 1) / 2

    def update(self, frames, states):
        order = np.argsort(states, kind="stable")
        edges = np.searchsorted(states[order], np.arange(STATES + 1))
        for s in range(STATES):
            x = frames[order[edges[s]:edges[s + 1]]]
            if len(x) < 30:
                continue
            inv = 1 / self.var[s]
            c = (np.log(self.w[s] + 1e-10) - 0.5 * (np.log(self.var[s]).sum(1) + (self.mu[s] ** 2 * inv).sum(1))
                 + x @ (self.mu[s] * inv).T - 0.5 * (x ** 2) @ inv.T)
            r = np.exp(c - c.max(1, keepdims=True))
            r /= r.sum(1, keepdims=True)
            n = r.sum(0)
            for m in range(len(n)):
                if n[m] > 15:
                    self.mu[s, m] = r[:, m] @ x / n[m]
                    self.var[s, m] = np.maximum(r[:, m] @ (x ** 2) / n[m] - self.mu[s, m] ** 2, self.floor)
                self.w[s, m] = max(n[m], 1) / len(x)


def best_path(scores, graph):
    """(state per frame, node changes) of the best alignment; scores (frames, STATES)."""
    ids, preds, starts, finals = graph
    n, k = len(ids), max(len(p) for p in preds) or 1
    links = np.full((n, k), n)
    for i, p in enumerate(preds):
        links[i, :len(p)] = sorted(p)
    base = 3 * np.asarray(ids)
    e = scores[:, base[:, None] + np.arange(3)]                    # frames, nodes, 3
    v = np.full((n + 1, 3), -np.inf)
    first = sorted(starts)
    v[first, 0] = e[0, first, 0]
    back = np.zeros((len(scores), n, 3), np.int32)                 # -1: stayed; else predecessor node (state 0), 0 (others)
    rows = np.arange(n)
    for t in range(1, len(scores)):
        came = v[:, 2][links]
        b = came.argmax(1)
        came = came[rows, b]
        stay = v[:n]
        new = np.empty((n, 3))
        move = np.stack([came, v[:n, 0], v[:n, 1]], 1)
        keep = stay >= move
        new = np.where(keep, stay, move) + e[t]
        back[t] = np.where(keep, -1, 0)
        back[t, :, 0] = np.where(keep[:, 0], -1, links[rows, b])
        v[:n] = new
    last = max(finals, key=lambda i: v[i, 2])
    if not np.isfinite(v[last, 2]):
        return None
    i, s, path = last, 2, []
    for t in range(len(scores) - 1, -1, -1):
        path.append((i, s))
        if t and back[t, i, s] >= 0:
            if s == 0:
                i, s = int(back[t, i, s]), 2
            else:
                s -= 1
    path.reverse()
    return np.array([base[i] + s for i, s in path]), np.array([i for i, _ in path]), v[last, 2] / len(scores)


_gmm = None


def work(job):
    x, text = job
    return best_path(_gmm.loglik(x), fullsum.utterance_graph(text))


def main():
    global _gmm
    ap = argparse.ArgumentParser()
    ap.add_argument("real")
    ap.add_argument("synthetic")
    ap.add_argument("out")
    ap.add_argument("--rounds", type=int, default=12)
    ap.add_argument("--jobs", type=int, default=2)
    a = ap.parse_args()
    z = np.load(a.synthetic)
    feats, labels, lengths = z["feats"], z["labels"], z["lengths"]
    fpos = lpos = 0
    xs, ss = [], []
    for n in lengths[:800]:
        f = feats[fpos + make_data.CONTEXT:fpos + make_data.CONTEXT + n]
        y = labels[lpos:lpos + (n + 2) // 3].astype(int)
        fpos, lpos = fpos + n + 2 * make_data.CONTEXT + 2, lpos + (n + 2) // 3
        begin = np.append(np.flatnonzero((y % 2 == 0) | (np.diff(y // 2, prepend=-1) != 0)), len(y))
        s = np.concatenate([3 * (y[b] // 2) + np.minimum(2, 3 * np.arange(3 * (e - b)) // (3 * (e - b)))
                            for b, e in zip(begin, begin[1:])])[:n]
        xs.append(deltas(f))
        ss.append(s)
    _gmm = Mixtures(np.concatenate(xs), np.concatenate(ss))
    z = np.load(a.real)
    pos, todo = 0, []
    feats = z["feats"]
    for i, k, n in z["index"]:
        text = str(z["text"][i])
        if k == 0 and g2p.hangul(text) and text:
            todo.append((int(i), deltas(feats[pos:pos + n]), text))
        pos += n
    del feats
    t0 = time.time()
    for r in range(a.rounds):
        with multiprocessing.Pool(a.jobs) as pool:
            paths = pool.map(work, [(x, t) for _, x, t in todo], chunksize=16)
        good = [(x, p) for (_, x, _), p in zip(todo, paths) if p is not None]
        frames, states = np.concatenate([x for x, _ in good]), np.concatenate([p[0] for _, p in good])
        print(f"round {r}: {len(good)} aligned, score {np.mean([p[2] for _, p in good]):.2f}, "
              f"silence {np.mean(states < 3):.3f} {time.time() - t0:.0f}s", flush=True)
        if r + 1 < a.rounds:
            if r in (3, 5, 7):
                _gmm.split()
            _gmm.update(frames, states)
            _gmm.update(frames, states)
    out = {}
    for (i, _, _), p in zip(todo, paths):
        if p is not None:
            change = np.append(True, p[1][1:] != p[1][:-1])
            out[f"phones{i}"] = (p[0] // 3)[change].astype(np.int16)
            out[f"starts{i}"] = np.flatnonzero(change).astype(np.int32)
            out[f"score{i}"] = np.float32(p[2])
    np.savez(a.out, **out)


if __name__ == "__main__":
    main()
