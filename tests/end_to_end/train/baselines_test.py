"""Random forest, boosted trees and logistic regression: from a store of vectors alone to one report."""

import csv
import hashlib
import json
import math
import random
import struct
import sys
import tempfile
import unittest
import wave
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from job import Job  # noqa: E402
from train_job import checkpoints, history  # noqa: E402

WRONG_USAGE, TRY_AGAIN = 2, 75
MODELS = ("random_forest", "gradient_boosting", "logistic_regression")
TONES = {"low": (220, 0.05), "middle": (880, 0.2), "high": (2500, 0.6)}  # Hz, noise
TRACKS = 14

CONFIG = """
[dataset]
kind = "folder"
root = "{folder}/audio"
[split]
validation = 0.2
test = 0.3
[features]
store = ["features_103"]
[store]
path = "{folder}/store"
[train]
vector = "features_103"
threads = 1
"""


def write_tone(path, frequency, noise, seed):
    stream = random.Random(seed)
    frequency *= 1 + 0.2 * stream.random()
    samples = [0.3 * math.sin(2 * math.pi * frequency * i / 22050) + noise * stream.uniform(-0.5, 0.5)
               for i in range(22050)]
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        out.writeframes(struct.pack(f"<{len(samples)}h", *(round(20000 * s) for s in samples)))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Baselines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-baselines-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        for label, (frequency, noise) in TONES.items():
            (cls.folder / "audio" / label).mkdir(parents=True)
            for i in range(TRACKS):
                write_tone(cls.folder / "audio" / label / f"{i:02}.wav", frequency, noise, f"{label}{i}")
        cls.config = cls.folder / "train.toml"
        cls.config.write_text(CONFIG.format(folder=cls.folder))
        cls.run_program("chorale-ingest", cls.config)
        for model in MODELS:
            cls.fit(model, model)
            cls.run_program("chorale-eval", cls.folder / model)

    @classmethod
    def run_program(cls, program, *arguments, status=0, ranks=0):
        job = Job(program, *arguments, ranks=ranks)
        if job.wait() != status:
            raise AssertionError(f"{program} {arguments} ended with {job.status}: {job.stderr}")
        return job

    @classmethod
    def fit(cls, model, run, *options, **expected):
        return cls.run_program("chorale-train", cls.config, f"model.name={model}", f"run.dir={cls.folder / run}",
                               *options, **expected)

    def newest_model(self, run, kind):
        return next(max((self.folder / run / "checkpoints").glob(f"{kind}-*")).glob("model.*"))

    def test_learn_more_than_chance(self):
        for model in MODELS:
            with self.subTest(model):
                metrics = json.loads((self.folder / model / "metrics.json").read_text())
                self.assertEqual(metrics["n_songs"], 12)  # 0.3 of 14 tracks in each of 3 classes
                self.assertEqual(metrics["n_slices"], 12)
                self.assertGreaterEqual(metrics["song"]["accuracy"], 0.75)  # by chance 0.33, and 0.001 to get there
                with open(self.folder / model / "predictions.csv", newline="") as file:
                    for row in csv.DictReader(file):
                        self.assertAlmostEqual(sum(float(row[f"p_{c}"]) for c in TONES), 1, delta=1e-5)  # float32

    def test_importance_of_columns(self):
        for model in MODELS:
            with self.subTest(model):
                run = self.folder / model
                with open(run / "tables" / "feature_importance.csv", newline="") as file:
                    rows = list(csv.DictReader(file))
                self.assertEqual(len(rows), 102 + 12)  # estimated_key is a category of 12
                shares = [float(row["share"]) for row in rows]
                self.assertEqual(shares, sorted(shares, reverse=True))
                self.assertAlmostEqual(sum(shares), 1, delta=1e-6)
                self.assertNotIn(rows[0]["column"], ("duration", "sample_rate"))  # the same of all tracks
                for ending in ("md", "tex", "json"):
                    self.assertTrue((run / "tables" / f"feature_importance.{ending}").is_file())
                bars = (run / "figures" / "feature_importance.tsv").read_text().splitlines()[1:]
                self.assertEqual(len(bars), 20)
                self.assertEqual(bars[0].split("\t")[2], rows[0]["column"])
                for ending in ("svg", "png"):
                    self.assertTrue((run / "figures" / f"feature_importance.{ending}").is_file())

    def test_the_same_again_on_more_threads_and_ranks(self):
        for model in MODELS:
            with self.subTest(model):
                job = self.fit(model, f"{model}-2", "train.threads=2", ranks=2)
                self.assertIn("rank 0 fits", job.stderr)
                self.run_program("chorale-eval", self.folder / f"{model}-2")
                for file in ("predictions.csv", "history.csv"):
                    self.assertEqual(digest(self.folder / f"{model}-2" / file), digest(self.folder / model / file))
                self.fit(model, f"{model}-3")
                self.run_program("chorale-eval", self.folder / f"{model}-3")
                self.assertEqual(digest(self.newest_model(f"{model}-3", "best")), digest(self.newest_model(model, "best")))
                self.assertEqual(digest(self.folder / f"{model}-3" / "predictions.csv"),
                                 digest(self.folder / model / "predictions.csv"))

    def test_boosting_stops_early_and_keeps_the_best_round(self):
        rows = history(self.folder / "gradient_boosting")
        losses = [float(row["validation_loss"]) for row in rows]
        best = losses.index(min(losses)) + 1
        self.assertEqual(len(rows), min(500, best + 15))  # train.patience
        self.assertEqual(checkpoints(self.folder / "gradient_boosting"), [f"best-{best:04}", f"epoch-{len(rows):04}"])

    def test_more_patience_fits_a_run_further(self):
        options = ("model.trees=40", "model.subsample=0.7", "model.colsample_bytree=0.5")
        self.fit("gradient_boosting", "whole", *options, "train.patience=0")
        self.fit("gradient_boosting", "parts", *options, "train.patience=1")
        self.assertLess(len(history(self.folder / "parts")), 40)
        self.fit("gradient_boosting", "parts", *options, "train.patience=0")
        for kind in ("epoch", "best"):
            self.assertEqual(digest(self.newest_model("parts", kind)), digest(self.newest_model("whole", kind)))
        self.assertEqual(digest(self.folder / "parts" / "history.csv"), digest(self.folder / "whole" / "history.csv"))

    def test_killed_and_stopped_in_the_middle(self):
        def start(run, trees):
            job = Job("chorale-train", self.config, "model.name=gradient_boosting", "train.patience=0",
                      f"model.trees={trees}", f"run.dir={self.folder / run}")
            job.wait_until((self.folder / run / "environment.json").exists)
            return job

        start("killed", 1000).kill()
        self.fit("gradient_boosting", "killed", "model.trees=1000", "train.patience=0")
        self.assertEqual(len(history(self.folder / "killed")), 1000)
        job = start("stopped", 900_000)
        job.process.terminate()
        self.assertEqual(job.wait(), TRY_AGAIN, job.stderr)
        self.assertIn("run the same command again", job.stderr)

    def test_a_finished_run_says_so_and_another_is_refused(self):
        self.assertIn("this run is finished", self.fit("random_forest", "random_forest").stderr)
        job = self.fit("random_forest", "random_forest", "model.trees=7", status=WRONG_USAGE)
        self.assertIn("model.trees: 7 here, 500 there", job.stderr)

    def test_what_is_refused(self):
        def refusal(*options, model="random_forest"):
            return self.fit(model, "refused", *options, status=WRONG_USAGE, ranks=2).stderr

        self.assertIn("learns from one vector of numbers a track", refusal("train.vector=\"\""))
        lacking = refusal("train.vector=features_518")
        self.assertIn('Set features.store = ["features_103", "features_518"]', lacking)
        self.assertIn("chorale ingest", lacking)
        self.assertIn("random_forest has no such option", refusal("model.eta=0.1"))
        self.assertIn("logistic_regression has no such option", refusal("model.trees=3", model="logistic_regression"))
        self.assertIn("train.monitor", refusal("train.monitor=nothing"))
        self.assertFalse((self.folder / "refused").exists())
        evaluation = self.run_program("chorale-eval", self.folder / "random_forest", "split.seed=1",
                                      status=WRONG_USAGE)
        self.assertIn("split.seed", evaluation.stderr)
        for wish in ("explain", "embeddings"):
            evaluation = self.run_program("chorale-eval", self.folder / "random_forest", f"eval.{wish}=true",
                                          status=WRONG_USAGE)
            self.assertIn(f"eval.{wish}: random_forest is no network", evaluation.stderr)

    def test_one_report(self):
        out = self.folder / "report"
        self.run_program("chorale-report", *(self.folder / model for model in MODELS), "-o", out)
        with open(out / "tables" / "comparison.csv", newline="") as file:
            self.assertEqual([row["experiment"] for row in csv.DictReader(file)], [f"{m} on audio" for m in MODELS])
        self.assertFalse((out / "tables" / "comparison-2.csv").exists())

    def test_inspect(self):
        run = self.run_program("chorale-inspect", self.folder / "gradient_boosting").stdout
        self.assertIn("features_103, 114 columns", run)
        best = next((self.folder / "gradient_boosting" / "checkpoints").glob("best-*"))
        self.assertIn("trees of XGBoost", self.run_program("chorale-inspect", best).stdout)
        linear = next((self.folder / "logistic_regression" / "checkpoints").glob("best-*"))
        self.assertIn("3 x 114", self.run_program("chorale-inspect", linear).stdout)


if __name__ == "__main__":
    unittest.main()
