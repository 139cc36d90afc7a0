#!/bin/sh
# Tunes the synthetic-voice model on transcribed recordings; about 45 min on two cores for 1 h of speech.
# usage: tune.sh PYTHON RECORDINGS WORK OUT [MORE_TEXT]
#   PYTHON      with torch, numpy, scipy, soxr, soundfile, kaldi-native-fbank, pynini, vosk
#   RECORDINGS  speaker folders with *.trans.txt, or a folder with manifest.tsv (see clips.py)
#   MORE_TEXT   optional: sentences in the callers' domain, one a line, for lexicon and LM
# Every 4th speaker is held out for the figures at the end; PART=all trains on everybody.
set -eu
python=$1 recordings=$2 work=$3 out=$4 text=${5:-}
here=$(dirname "$0") part=${PART:-train} steps=${STEPS:-2400}
training=$here/..
mkdir -p "$work"
export OMP_NUM_THREADS=2
$python "$training/make_data.py" "$work/synth.npz" 1800 31 1 --generic 1500
$python "$here/prepare.py" "$recordings" "$work/real.npz" --part "$part" --copies 8
$python "$here/align.py" "$work/real.npz" "$work/synth.npz" "$work/align.npz"
$python "$here/adapt.py" "$training/checkpoint.pt" "$work/real.npz" "$work/stage1.pt" --labels "$work/align.npz" \
    --synthetic "$work/synth.npz" --cmn --steps "$steps" --warm 0.6 --threads 2
$python "$here/adapt.py" "$work/stage1.pt" "$work/real.npz" "$work/tuned.pt" --labels "$work/align.npz" \
    --synthetic "$work/synth.npz" --cmn --steps $((steps * 3 / 4)) --warm 0.2 --lr 1.5e-3 --seed 2 --threads 2
$python "$here/export_tuned.py" "$work/tuned.pt" "$out" "$recordings" --part "$part" ${text:+--text "$text"}
$python "$here/vosk_cer.py" "$out" "$recordings" --held-out
