"""chorale train and eval on GPUs, one rank a GPU: runs repeat, continue bit for bit, and are evaluated."""

import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from job import Job  # noqa: E402
from train_job import history, make_store, train, weights  # noqa: E402

GPUS = int(os.environ["CHORALE_GPUS"])
WRONG_USAGE = 2


class TrainingRun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-train-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_store(cls.folder)

    def train(self, run, *overrides, status=0, ranks=GPUS):
        job = train(self.folder, "train.device=cuda", *overrides, ranks=ranks, run=run)
        self.assertEqual(job.status, status, job.stderr)
        return job

    def test_runs_repeat_and_continue(self):
        for precision in ("fp32", "bf16"):
            with self.subTest(precision):
                a, b, c = (f"{precision}-{name}" for name in "abc")
                options = [f"train.precision={precision}", "train.seed=3"]
                self.train(a, "train.epochs=4", *options)
                self.train(b, "train.epochs=4", *options)
                self.train(c, "train.epochs=2", *options)
                self.train(c, "train.epochs=4", *options)
                for other in (b, c):
                    self.assertEqual(history(self.folder / a), history(self.folder / other))
                    self.assertEqual(weights(self.folder / a), weights(self.folder / other))

    def test_residency_and_graphs_change_nothing(self):
        self.train("streamed", "train.epochs=3", "train.resident=stream", "train.cuda_graphs=off")
        self.train("resident", "train.epochs=3", "train.resident=device")
        self.assertEqual(weights(self.folder / "streamed"), weights(self.folder / "resident"))

    def test_environment_and_evaluation(self):
        self.train("evaluated", "train.epochs=2")
        run = self.folder / "evaluated"
        self.assertTrue(json.loads((run / "environment.json").read_text())["device"].startswith("cuda:0 ("))
        accuracy = []
        for device in ("cuda", "cpu"):
            job = Job("chorale-eval", run, f"train.device={device}")
            self.assertEqual(job.wait(), 0, job.stderr)
            accuracy.append(json.loads((run / "metrics.json").read_text())["slice"]["accuracy"])
        self.assertAlmostEqual(*accuracy, delta=0.02)  # a slice or two may lie between two classes

    def test_more_ranks_than_gpus(self):
        job = self.train("shared", "train.epochs=1", ranks=GPUS + 1, status=WRONG_USAGE)
        self.assertIn(f"ranks 0 and {GPUS} would share one GPU", job.stderr)
        self.assertIn("--gpus-per-task=1", job.stderr)
        shutil.rmtree(self.folder / "shared", ignore_errors=True)


if __name__ == "__main__":
    unittest.main()
