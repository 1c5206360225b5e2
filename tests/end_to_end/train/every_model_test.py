"""Every network on two ranks: learns the synthetic collection above chance, and continues with the same bits."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from job import Job  # noqa: E402
from train_job import history, train, weights  # noqa: E402

BIN = Path(os.environ["CHORALE_BIN"])
CHANCE = 0.1  # ten genres

CONFIG = """
[dataset]
kind = "gtzan"
root = "{folder}/audio"
group = "artist"
[split]
validation = 0.2
test = 0.2
[features]
hop_length = 1024
store = ["mel", "features_103"]
[store]
path = "{folder}/store"
[train]
slice_seconds = 3.0
slice_overlap = 0.5
batch_size = 16
lr = 3e-3
patience = 0
threads = 1
"""

SMALL = {
    "cnn": ["model.channels=[8, 16, 16]", "model.hidden=32"],
    "lstm": ["model.units=16", "model.hidden=32"],
    "gru": ["model.units=16", "model.hidden=32"],
    "hybrid": ["model.channels=[8, 16, 16]", "model.units=16", "model.hidden=32"],
    "slice_cnn": ["model.channels=[8, 8, 16]", "model.hidden=[32, 16]", "model.conv_dropout=0", "model.dropout=0"],
    "crnn1d": ["model.channels=[16, 16, 16]", "model.units=16"],
    "crnn2d": ["model.channels=[8, 8, 16, 16]", "model.units=16"],
    "rnn": ["model.units=32"],
    "vgg_small": ["model.channels=[8, 16, 16]", "model.hidden=32"],
    "resnet_attention": ["model.channels=[8, 8, 16, 32]", "model.hidden=[32, 16]", "model.dropout=0"],
    "multitask_cnn": ["model.channels=[8, 8, 16, 16]", "model.hidden=[32, 16]", "model.units=32",
                      "train.vector=features_103"],
    "multitask_rnn": ["model.units=16", "model.hidden=[32, 16]"],
    "vgg16": ["model.channels=[8, 16, 16, 32, 32]", "model.hidden=[64, 64]", "model.dropout=0", "train.lr=1e-3"],
    "resnet18": ["model.channels=[8, 8, 16, 32]"],
    "resnet50": ["model.channels=[8, 8, 16, 16]"],
}

BASELINES = ("random_forest", "gradient_boosting", "logistic_regression")  # baselines_test.py


class EveryModel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-models-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        subprocess.run([BIN / "chorale", "synth", cls.folder / "audio", "--tracks-per-class", "8", "--seconds", "9",
                        "--artists-per-class", "8"], check=True, capture_output=True)
        (cls.folder / "train.toml").write_text(CONFIG.format(folder=cls.folder))
        ingest = Job("chorale-ingest", cls.folder / "train.toml")
        if ingest.wait() != 0:
            raise AssertionError(ingest.stderr)

    def train(self, run, *options):
        job = train(self.folder, *options, ranks=2, run=run)
        self.assertEqual(job.status, 0, job.stderr)
        return self.folder / run

    def test_none_is_left_out(self):
        listed = subprocess.run([BIN / "chorale", "train", "--list-models"], check=True, capture_output=True, text=True)
        self.assertEqual(sorted(line.split()[0] for line in listed.stdout.splitlines()[1:]), sorted([*SMALL, *BASELINES]))

    def test_learns_and_continues(self):
        for name, options in SMALL.items():
            with self.subTest(name):
                options = [f"model.name={name}", *options]
                whole = self.train(f"{name}-whole", *options, "train.epochs=4")
                parts = self.train(f"{name}-parts", *options, "train.epochs=3")
                self.train(f"{name}-parts", *options, "train.epochs=4")
                self.assertEqual(weights(whole), weights(parts))
                self.assertEqual(history(whole), history(parts))
                longer = self.train(f"{name}-parts", *options, "train.epochs=14")
                # Of 250 slices; chance has a standard deviation of 0.02.
                self.assertGreater(max(float(row["train_accuracy"]) for row in history(longer)), 2 * CHANCE)


if __name__ == "__main__":
    unittest.main()
