"""Forward and backward of the reference models' recurrent layers beside the same layers of Python PyTorch.

    python tests/bench/recurrent.py build/release [PYTHON] [THREADS ...]

The runs are interleaved; the fastest step of each counts, since other work on the machine only ever adds. PyTorch is
measured as a plain script, and tuned: with freed memory kept mapped, in the faster of fp32 and bf16.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
RUNS = 3
LAYERS = {  # cell, steps; batch, frames, inputs, units, layers, directions, gradient of the input
    "rnn": ("lstm", 40, (16, 129, 128, 64, 2, 1, 0)),
    "lstm": ("lstm", 5, (32, 129, 20, 256, 2, 2, 0)),
    "gru": ("gru", 5, (32, 129, 20, 256, 2, 2, 0)),
    "hybrid": ("lstm", 8, (32, 16, 2048, 256, 2, 2, 1)),
    "crnn1d": ("gru", 40, (16, 64, 128, 64, 2, 1, 1)),
    "crnn2d": ("gru", 60, (16, 4, 128, 32, 2, 1, 1)),
    "multitask_rnn": ("lstm", 10, (32, 129, 103, 128, 2, 2, 0)),
}
MAPPED = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}


def main(build, python="build/venv/bin/python", *threads):
    for count in threads or ("1", "2"):
        print(f"\n{count} thread(s), milliseconds a step: fastest of {RUNS} interleaved runs\n")
        print("| Layers of | Chorale fp32 | Chorale bf16 | PyTorch fp32 | tuned fp32 | tuned bf16 "
              "| fp32 / plain fp32 | best / plain fp32 | best / best tuned |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
        for name, (cell, steps, shape) in LAYERS.items():
            row(build, python, count, name, cell, steps, [str(n) for n in shape])


def row(build, python, threads, name, cell, steps, shape):
    ours, peer = [f"{build}/tests/bench_recurrent_step"], [python, str(HERE / "recurrent/peer.py")]
    columns = [(ours, "fp32", {}), (ours, "bf16", {}), (peer, "fp32", {}), (peer, "fp32", MAPPED), (peer, "bf16", MAPPED)]
    best = [float("inf")] * len(columns)
    for _ in range(RUNS):
        for i, (program, precision, environment) in enumerate(columns):
            command = [*program, cell, precision, threads, str(steps), *shape]
            out = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment})
            best[i] = min(best[i], float(out.stdout))
    fp32, bf16, plain, *tuned = best
    fastest = min(fp32, bf16)
    print(f"| {name} | " + " | ".join(f"{t:.2f}" for t in best) +
          f" | {plain / fp32:.2f} | {plain / fastest:.2f} | {min(tuned) / fastest:.2f} |", flush=True)


main(*sys.argv[1:])
