"""Linear interpolation of two back-off n-gram models into one, for lm.NGram.to_fst."""
import os
import sys
from collections import defaultdict

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import lm             # noqa: E402


class Mixed(lm.NGram):
    def __init__(self, models, weights):
        self.order = max(m.order for m in models)
        self.prob = [dict() for _ in range(self.order)]
        self.backoff = [dict() for _ in range(self.order)]
        for n in range(1, self.order + 1):
            histories = defaultdict(list)
            for gram in {g for m in models if m.order >= n for g in m.prob[n - 1]}:
                p = sum(w * m.lower(gram[:-1][-(m.order - 1):], gram[-1]) for m, w in zip(models, weights))
                self.prob[n - 1][gram] = p
                histories[gram[:-1]].append(gram[-1])
            if n > 1:
                for history, words in histories.items():
                    seen = sum(self.prob[n - 1][history + (w,)] for w in words)
                    lower = sum(self.lower(history[1:], w) for w in words)
                    self.backoff[n - 2][history] = max(1e-6, 1.0 - seen) / max(1e-6, 1.0 - lower)
