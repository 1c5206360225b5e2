"""What a training job costs beside its steps: the time to its first step, and memory over many epochs.

    python tests/bench/session.py build/release

On the collection of ./run demo, made anew in a temporary folder. The peer of the start is Python that imports torch
and has done nothing else yet.
"""

import csv
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PYTHON = "build/venv/bin/python"
RUNS, EPOCHS, SETTLED = 5, 50, 5
SMALL = ["model.channels=[8, 16, 16]", "model.hidden=32", "train.slice_overlap=0.5"]


def quiet(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def make_store(chorale, folder):
    quiet(chorale, "synth", folder / "audio", "--tracks-per-class", 30, "--seconds", 12, "--seed", 1)
    config = [Path("configs/demo.toml"), f"dataset.root={folder}/audio", f"store.path={folder}/store"]
    quiet(chorale, "ingest", *config)
    return config


def first_step(command, run):
    """Seconds from starting the command to the end of its first step; then the job is stopped."""
    began = time.perf_counter()
    job = subprocess.Popen([str(word) for word in [*command, f"run.dir={run}"]], stderr=subprocess.PIPE, text=True)
    for line in job.stderr:
        if re.search("first step", line):
            seconds = time.perf_counter() - began
            job.terminate()
            job.communicate()
            return seconds
    raise RuntimeError(f"{command}: ended with {job.wait()} before its first step")


def seconds_of(*command):
    began = time.perf_counter()
    quiet(*command)
    return time.perf_counter() - began


def starts(chorale, config, folder):
    train = [chorale, "train", *config]
    two = ["mpirun", "-n", "2", "--bind-to", "none", *train, "train.threads=1"]
    figures = {"one process": [], "two ranks": [], "Python, import torch": []}
    for n in range(RUNS):
        figures["one process"].append(first_step(train, folder / f"one{n}"))
        figures["two ranks"].append(first_step(two, folder / f"two{n}"))
        figures["Python, import torch"].append(seconds_of(PYTHON, "-c", "import torch"))
    return figures


def memory(chorale, config, folder):
    run = folder / "long"
    quiet(chorale, "train", *config, f"run.dir={run}", f"train.epochs={EPOCHS}", "train.patience=0", *SMALL)
    with open(run / "timing.csv", newline="") as file:
        return [float(row["memory_mib"]) for row in csv.DictReader(file)]


def main(build):
    chorale = Path(build, "bin/chorale")
    os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    with tempfile.TemporaryDirectory(prefix="chorale-bench-") as scratch:
        folder = Path(scratch)
        config = make_store(chorale, folder)
        print(f"Start to first step, seconds: median of {RUNS} (all)\n")
        for name, values in starts(chorale, config, folder).items():
            print(f"  {name:22} {statistics.median(values):5.2f}  ({', '.join(f'{v:.2f}' for v in values)})")
        resident = memory(chorale, config, folder)
    print(f"\nResident memory over {EPOCHS} epochs, MiB: {resident[SETTLED - 1]:.0f} after {SETTLED}, "
          f"{max(resident[SETTLED:]):.0f} at most later, {resident[-1]:.0f} at the end")


main(*sys.argv[1:])
