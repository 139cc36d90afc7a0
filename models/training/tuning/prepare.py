"""Recordings -> MFCC of several perturbed copies, for adapt.py.

usage: prepare.py FOLDER OUT.npz [--part train|held-out|all] [--copies 8]
Copy 0 is the clip itself through G.711; the others vary speed (0.88-1.12), vocal
tract/level/noise/band/codec (audio.telephone).
"""
import argparse
import multiprocessing
import os
import sys

import numpy as np

import clips

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import audio          # noqa: E402
import features       # noqa: E402


def one(job):
    i, path, copies = job
    out = []
    for k in range(copies):
        rng = np.random.default_rng([11, i, k])
        speed = 1.0 if k == 0 else rng.uniform(0.88, 1.12)
        lead, trail = rng.uniform(0, 2400), rng.uniform(0, 2400)
        x = clips.audio8k(path, speed)
        x = np.concatenate([np.zeros(int(lead)), x, np.zeros(int(trail))])
        x = x.astype(np.float32)
        if k == 0:
            x = audio.mulaw(audio.set_level(x, -6))
        else:
            x = audio.telephone(rng, x, hard=rng.random() < 0.5)
        out.append((features.mfcc(x).astype(np.float16), speed, int(lead) / clips.RATE))
    return i, out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("folder")
    ap.add_argument("out")
    ap.add_argument("--part", default="train")
    ap.add_argument("--copies", type=int, default=8)
    ap.add_argument("--jobs", type=int, default=2)
    a = ap.parse_args()
    todo = clips.load(a.folder)
    if a.part != "all":
        todo = clips.split(todo)[a.part == "held-out"]
    feats, index, shape = [], [], []
    with multiprocessing.Pool(a.jobs) as pool:
        for i, copies in pool.imap_unordered(one, [(i, c[3], a.copies) for i, c in enumerate(todo)], chunksize=8):
            for k, (f, speed, lead) in enumerate(copies):
                feats.append(f)
                shape.append((speed, lead))
                index.append((i, k, len(f)))
    np.savez(a.out, feats=np.concatenate(feats), index=np.array(index), shape=np.array(shape),
             text=np.array([c[2] for c in todo]), speaker=np.array([c[0] for c in todo]))
    print(f"{len(todo)} clips, {sum(n for _, k, n in index if k == 0) / 360000:.2f} h x {a.copies}")


if __name__ == "__main__":
    main()
