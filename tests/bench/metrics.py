"""Scores of ten million slices of 16 classes, beside numpy and scikit-learn.

    python tests/bench/metrics.py build/release

The peer computes what it has functions for: means of songs, confusion, accuracy, F1, AUC and average precision of songs.
Chorale adds votes, calibration, top-k and bootstrap intervals. Both from probabilities in memory.
"""

import resource
import statistics
import subprocess
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score, confusion_matrix, f1_score, roc_auc_score

SLICES, CLASSES, OF_SONG, RUNS = 10_000_000, 16, 20, 3


def peer():
    rng = np.random.default_rng(1)
    songs = SLICES // OF_SONG
    truth = rng.integers(0, CLASSES, songs)
    probabilities = rng.random((SLICES, CLASSES), dtype=np.float32)
    probabilities[np.arange(SLICES), np.repeat(truth, OF_SONG)] *= 1.5
    started = time.perf_counter()
    predicted = probabilities.argmax(1)
    means = probabilities.reshape(songs, OF_SONG, CLASSES).mean(1)
    for labels, answers in ((np.repeat(truth, OF_SONG), predicted), (truth, means.argmax(1))):
        confusion_matrix(labels, answers)
        f1_score(labels, answers, average="macro")
    for c in range(CLASSES):
        roc_auc_score(truth == c, means[:, c])
        average_precision_score(truth == c, means[:, c])
    return time.perf_counter() - started


def main(build):
    program = [f"{build}/tests/bench_slice_metrics", str(SLICES), str(CLASSES), str(OF_SONG)]
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(subprocess.run(program, check=True, capture_output=True, text=True).stdout.strip())
        theirs.append(peer())
    print(f"Metrics of {SLICES:,} slices of {CLASSES} classes, {RUNS} runs")
    for line in ours:
        print(f"  Chorale                {line}")
    print(f"  numpy, scikit-learn    {statistics.median(theirs):.2f} s, peak "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


main(*sys.argv[1:])
