"""What a run leaves of its course: history.csv, history.json, and event files as TensorBoard itself reads them."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from train_job import history, make_store, train, weights  # noqa: E402

SOURCE = Path(os.environ["CHORALE_SOURCE"])
PYTHON = SOURCE / "build/tensorboard/bin/python"  # ./run test installs TensorBoard there


def events(run):
    reader = Path(__file__).with_name("read_events.py")
    return json.loads(subprocess.run([PYTHON, reader, run], check=True, capture_output=True, text=True).stdout)


class Records(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-records-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_store(cls.folder)
        for run in ("run", "again"):
            cls.trained(run, "train.epochs=3")

    @classmethod
    def trained(cls, run, *overrides):
        job = train(cls.folder, *overrides, run=run)
        if job.status != 0:
            raise AssertionError(job.stderr)
        return cls.folder / run

    def test_two_runs_of_one_seed_are_the_same(self):
        run, again = self.folder / "run", self.folder / "again"
        self.assertEqual((run / "history.csv").read_bytes(), (again / "history.csv").read_bytes())
        self.assertEqual(weights(run), weights(again))

    def test_the_json_says_what_the_tables_say(self):
        run = self.folder / "run"
        rows = json.loads((run / "history.json").read_text())
        self.assertEqual([row["epoch"] for row in rows], [1, 2, 3])
        for row, text in zip(rows, history(run)):
            for name, value in text.items():
                self.assertEqual(row[name], float(value), name)
            self.assertGreater(row["seconds"], 0)
            self.assertGreaterEqual(row["data_wait"], 0)

    def test_tensorboard_reads_the_same_figures(self):
        run = self.folder / "run"
        read = events(run)
        names = {"train/loss": "train_loss", "train/accuracy": "train_accuracy", "validation/loss": "validation_loss",
                 "validation/accuracy": "validation_song_accuracy", "learning_rate": "lr"}
        for tag, column in names.items():
            expected = [[i + 1, float(row[column])] for i, row in enumerate(history(run))]
            for (step, value), (epoch, figure) in zip(read["scalars"][tag], expected, strict=True):
                self.assertEqual(step, epoch)
                self.assertAlmostEqual(value, figure, delta=1e-6 * abs(figure))  # history.csv has seven digits
        self.assertEqual(len(read["scalars"]["samples_per_second"]), 3)
        (tag, images), = read["images"].items()
        self.assertEqual(tag, "confusion/genre")
        for step, width, height, said_width, said_height in images:
            self.assertEqual((width, height), (said_width, said_height))
            self.assertEqual(width, height)
        self.assertEqual([image[0] for image in images], [1, 2, 3])

    def test_a_continued_run_adds_to_them(self):
        run = self.trained("continued", "train.epochs=1")
        self.trained("continued", "train.epochs=3")
        self.assertEqual(len(list(run.glob("events.out.tfevents.*"))), 2)
        self.assertEqual((run / "history.csv").read_bytes(), (self.folder / "run/history.csv").read_bytes())
        self.assertEqual(events(run)["scalars"]["train/loss"], events(self.folder / "run")["scalars"]["train/loss"])

    def test_the_environment_is_written_down(self):
        environment = json.loads((self.folder / "run/environment.json").read_text())
        self.assertRegex(environment["commit"], r"^([0-9a-f]{12}\+?|unknown)$")
        self.assertEqual(environment["seeds"], {"train": 0, "split": 0, "augment": 0})
        self.assertEqual((environment["ranks"], environment["device"]), (1, "cpu"))


if __name__ == "__main__":
    unittest.main()
