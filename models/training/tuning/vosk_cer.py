"""CER of a Vosk model on transcribed recordings: 8 kHz, G.711 round trip, libvosk.

usage: vosk_cer.py MODEL FOLDER [--held-out] [--n 0] [--show 5]
Spaces are left out of the CER; syllable pieces ("돌 _봄") are joined.
"""
import argparse
import json
import os
import sys
import time

import numpy as np
import vosk

import clips

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import audio          # noqa: E402
import evaluate       # noqa: E402


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("model")
    ap.add_argument("folder")
    ap.add_argument("--held-out", action="store_true", help="only the speakers that training leaves out")
    ap.add_argument("--n", type=int, default=0, help="only every n-th clip")
    ap.add_argument("--show", type=int, default=0)
    a = ap.parse_args()
    vosk.SetLogLevel(-1)
    model = vosk.Model(a.model)
    todo = clips.load(a.folder)
    if a.held_out:
        todo = clips.split(todo)[1]
    if a.n:
        todo = todo[::a.n]
    errors = chars = insertions = 0
    busy = spoken = 0.0
    by_speaker = {}
    for i, (speaker, _, text, path) in enumerate(todo):
        x = audio.mulaw(audio.set_level(clips.audio8k(path), -6))
        x = np.concatenate([np.zeros(1600, np.float32), x, np.zeros(4000, np.float32)])
        t = time.process_time()
        got = evaluate.recognise(model, x)[0].replace(" _", "").lstrip("_")
        busy += time.process_time() - t
        spoken += len(x) / 8000
        ref, hyp = text.replace(" ", ""), got.replace(" ", "").replace("_", "")
        e = evaluate.distance(ref, hyp)
        s = by_speaker.setdefault(speaker, [0, 0])
        s[0] += e
        s[1] += len(ref)
        errors += e
        chars += len(ref)
        insertions += len(hyp)
        if i % max(1, len(todo) // max(1, a.show)) == 0 and a.show:
            print(f"  ref {text}\n  hyp {got}")
    print(f"{a.folder} n={len(todo)} CER {100 * errors / chars:.1f}% (characters {chars}, recognised {insertions}) "
          f"RTF {busy / spoken:.3f}", {s[-6:]: round(100 * e / max(n, 1)) for s, (e, n) in sorted(by_speaker.items())[:8]})


if __name__ == "__main__":
    main()
