"""Losses that sum over all alignments: the numerator over a small pronunciation graph
of each utterance, the denominator over a phone trigram (lattice-free MMI).

Every phone has one state: its first 30 ms frame scores pdf 2p, each further one 2p + 1,
as in the exported model.
"""
import os
import sys
from collections import Counter

import numpy as np
import torch

import g2p

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import phones         # noqa: E402

SIL, COUNT = 0, len(phones.BASE)
DEAD = -1e30


def utterance_graph(text):
    """(phone ids, predecessors per node, start nodes, final nodes) of everything `text` may sound like."""
    ws = text.split()
    ids, preds, starts, ends = [], [], set(), set()

    def node(phone, before):
        ids.append(phone)
        preds.append(set(before))
        return len(ids) - 1

    lead = node(SIL, ())
    starts.add(lead)
    paused, joined, fresh = {lead}, set(), True    # nodes from which the next word may follow
    for i, w in enumerate(ws):
        out_paused, out_joined, seen = set(), set(), {}
        for left in (0, 1):
            for right in (0, 1):
                if (left and i == 0) or (right and i + 1 == len(ws)):
                    continue
                around = ([ws[i - 1]] if left else []) + [w] + ([ws[i + 1]] if right else [])
                seen.setdefault(tuple(g2p.words(" ".join(around), joined=True)[left]), []).append((left, right))
        for pron, sides in seen.items():
            before = set()
            for left in {s[0] for s in sides}:
                before |= joined if left else paused
            first = node(phones.BASE_ID[pron[0]], before)
            if fresh:
                starts.add(first)
            last, older = first, before
            for k, p in enumerate(pron[1:], 1):
                links = {last}
                if pron[k - 1] == "h" and (k == 1 or pron[k - 2] not in ("t", "tS")) and k > 1:
                    links |= older                 # a weak ㅎ may be silent
                older = {last}
                last = node(phones.BASE_ID[p], links)
            if any(r == 0 for _, r in sides):
                out_paused.add(last)
            if any(r for _, r in sides):
                out_joined.add(last)
        fresh = False
        sil = node(SIL, out_paused)
        if i + 1 == len(ws):
            ends = out_paused | {sil}
        paused, joined = out_paused | {sil}, out_joined
    return ids, preds, starts, ends


def collate(graphs):
    """Padded tensors of several graphs; index N is a dead node."""
    n = max(len(g[0]) for g in graphs)
    k = max(max(len(p) for p in g[1]) for g in graphs)
    ids = np.zeros((len(graphs), n), np.int64)
    preds = np.full((len(graphs), n, k), n, np.int64)
    start = np.full((len(graphs), n), DEAD, np.float32)
    final = np.full((len(graphs), n), DEAD, np.float32)
    for b, (i, p, s, e) in enumerate(graphs):
        ids[b, :len(i)] = i
        for j, links in enumerate(p):
            preds[b, j, :len(links)] = sorted(links)
        start[b, sorted(s)] = 0
        final[b, sorted(e)] = 0
    return [torch.from_numpy(x) for x in (ids, preds, start, final)]


def numerator(logits, lengths, graph):
    """log sum over the graph's alignments, per utterance."""
    ids, preds, start, final = graph
    b, t, _ = logits.shape
    n, k = preds.shape[1:]
    enter = torch.gather(logits, 2, (2 * ids)[:, None].expand(b, t, n)).unbind(1)
    stay = torch.gather(logits, 2, (2 * ids + 1)[:, None].expand(b, t, n)).unbind(1)
    flat = preds.reshape(b, n * k)
    dead = torch.full((b, 1), DEAD)
    alpha = start + enter[0]
    total = torch.zeros(b)
    for i in range(t):
        if i:
            came = torch.logsumexp(torch.gather(torch.cat([alpha, dead], 1), 1, flat).view(b, n, k), 2)
            alpha = torch.logaddexp(came + enter[i], alpha + stay[i])
        done = lengths == i + 1
        if done.any():
            total = torch.where(done, torch.logsumexp(alpha + final, 1), total)
    return total


def phone_trigram(sequences, discount=0.75):
    """(COUNT, COUNT, COUNT) tensor of p(c | a, b), from phone id lists that start with silence."""
    uni, bi, tri = np.ones(COUNT), np.zeros((COUNT,) * 2), np.zeros((COUNT,) * 3)
    for s in sequences:
        s = [SIL] + list(s)
        for a, b, c in zip(s, s[1:], s[2:]):
            tri[a, b, c] += 1
        for a, b in zip(s, s[1:]):
            bi[a, b] += 1
        for a in s[1:]:
            uni[a] += 1

    def smooth(counts, lower):
        total = counts.sum(-1, keepdims=True)
        left = discount * (counts > 0).sum(-1, keepdims=True) / np.maximum(total, 1)
        p = np.maximum(counts - discount, 0) / np.maximum(total, 1) + np.where(total > 0, left, 1.0) * lower
        return p / p.sum(-1, keepdims=True)

    p1 = uni / uni.sum()
    p2 = smooth(bi, p1[None])
    return torch.from_numpy(smooth(tri, p2[None])).float(), torch.from_numpy(p2).float()


def denominator(logits, lengths, trigram):
    """log sum over all phone strings weighted by the trigram, per utterance."""
    b, t, _ = logits.shape
    top = logits.detach().amax(2)
    e = torch.exp(logits - top[..., None])
    enter, stay = e[..., 0::2].unbind(1), e[..., 1::2].unbind(1)
    alpha = torch.zeros(b, COUNT, COUNT)
    alpha[:, SIL] = 1.0
    alpha = alpha * trigram[SIL, SIL][None, None] * enter[0][:, None]
    logs = []
    by_middle = trigram.transpose(0, 1).contiguous()          # [b, a, c]
    for i in range(t):
        if i:
            came = torch.matmul(alpha.permute(2, 0, 1), by_middle).transpose(0, 1)   # (batch, b, c)
            alpha = came * enter[i][:, None] + alpha * stay[i][:, None]
        z = alpha.sum((1, 2))
        alpha = alpha / z[:, None, None]
        logs.append(torch.log(z) + top[:, i])
    keep = (torch.arange(t)[None] < lengths[:, None]).float()
    return (torch.stack(logs, 1) * keep).sum(1)


def viterbi(scores, bigram, scale=1.0):
    """Best phone string of one utterance; scores (frames, pdfs), bigram of probabilities."""
    link = scale * np.log(np.asarray(bigram))
    enter, stay = scores[:, 0::2], scores[:, 1::2]
    v, back = enter[0] + link[SIL], []
    for t in range(1, len(scores)):
        m = v[:, None] + link
        best = m.argmax(0)
        new, old = m[best, np.arange(COUNT)] + enter[t], v + stay[t]
        back.append(np.where(old >= new, -1, best))
        v = np.maximum(new, old)
    p = int(v.argmax())
    out = [p]
    for row in reversed(back):
        if row[p] >= 0:
            p = int(row[p])
            out.append(p)
    return [phones.BASE[p] for p in reversed(out) if p != SIL]
