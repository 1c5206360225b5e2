"""A small store and runs of chorale-train on it."""

import csv
import hashlib
from pathlib import Path

import job
from ingest_job import make_collection

CONFIG = """
[dataset]
kind = "folder"
root = "{folder}/audio"
[split]
validation = 0.2
test = 0.2
[audio]
sample_rate = 8000
[features]
n_fft = 512
hop_length = 256
mel.n_mels = 20
[store]
path = "{folder}/store"
[run]
dir = "{folder}/run"
[model]
channels = [6, 8]
hidden = 16
[train]
slice_seconds = 0.5
epochs = 6
batch_size = 16
lr = 1e-3
patience = 0
"""


def make_store(folder):
    """Three classes of ten tracks, about 200 slices of 15 frames x 20 bands for training."""
    make_collection(folder / "audio", classes=3, tracks_per_class=10, seconds=1)
    (folder / "train.toml").write_text(CONFIG.format(folder=folder))
    ingest = job.Job("chorale-ingest", folder / "train.toml")
    if ingest.wait() != 0:
        raise AssertionError(ingest.stderr)


class Train(job.Job):
    def __init__(self, folder, *overrides, run="run", **options):
        self.run = folder / run
        super().__init__("chorale-train", folder / "train.toml", f"run.dir={self.run}", *overrides, **options)

    def rows(self):
        return history(self.run) if (self.run / "history.csv").exists() else []


def train(folder, *overrides, ranks=0, run="run"):
    finished = Train(folder, *overrides, ranks=ranks, run=run)
    finished.wait()
    return finished


def history(run):
    with (run / "history.csv").open() as file:
        return list(csv.DictReader(file))


def checkpoints(run):
    return sorted(p.name for p in (run / "checkpoints").iterdir() if not p.name.endswith(".partial"))


def has_checkpoint(run, epoch):
    """Of this epoch or a later one: the former are removed."""
    return (run / "checkpoints").exists() and any(
        int(name[6:10]) >= epoch for name in checkpoints(run) if name.startswith("epoch-"))


def weights(run):
    """sha256 of every tensor file of every checkpoint, by path."""
    files = sorted(run.glob("checkpoints/*/*.safetensors"))
    return {str(f.relative_to(run)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
