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
            self.assertGreater(row["memory_mib"], 50)

    def test_memory_does_not_grow_over_epochs(self):
        run = self.trained("long", "train.epochs=50", "model.hidden=64")
        memory = [row["memory_mib"] for row in json.loads((run / "history.json").read_text())]
        self.assertEqual(len(memory), 50)
        # What a leak of 1 MiB an epoch would add is 40; allocators settle in the first few.
        self.assertLess(max(memory[10:]) - memory[9], 10)

    def test_a_damaged_table_does_not_hold_up_a_run(self):
        run = self.trained("damaged", "train.epochs=1")
        (run / "timing.csv").write_text("epoch,seconds\n1,not a number\n")
        job = train(self.folder, "train.epochs=3", run="damaged")
        self.assertEqual(job.status, 0, job.stderr)
        self.assertIn("timing.csv.damaged-1", job.stderr)
        self.assertEqual((run / "timing.csv.damaged-1").read_text(), "epoch,seconds\n1,not a number\n")
        self.assertEqual((run / "history.csv").read_bytes(), (self.folder / "run/history.csv").read_bytes())
        rows = json.loads((run / "history.json").read_text())
        self.assertEqual([row["seconds"] is None for row in rows], [True, False, False])

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
