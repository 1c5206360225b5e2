"""Slices, whole tracks, vectors, variants and augmentation, from every place where frames may lie."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from ingest_job import make_collection  # noqa: E402
from job import Job  # noqa: E402
from train_job import CONFIG, history, train, weights  # noqa: E402

WRONG_USAGE = 2
STORE = ('features.store=["mel", "features_103"]', "audio.sample_rate=22050", "augment.time_stretch=[0.8]",
         "augment.pitch_shift=[2]")
AUGMENT = ("train.augment.time_masks=1", "train.augment.time_mask_width=8", "train.augment.frequency_masks=1",
           "train.augment.frequency_mask_width=4", "train.augment.mixup=0.4", "train.augment.cutmix=1",
           "train.augment.gain=6", "train.augment.noise=0.05")


class Inputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-inputs-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_collection(cls.folder / "audio", classes=2, tracks_per_class=6, seconds=2)
        (cls.folder / "train.toml").write_text(CONFIG.format(folder=cls.folder))
        ingest = Job("chorale-ingest", cls.folder / "train.toml", *STORE)
        if ingest.wait() != 0:
            raise AssertionError(ingest.stderr)

    def train(self, run, *overrides, ranks=0, status=0):
        job = train(self.folder, *STORE, "train.epochs=3", *overrides, ranks=ranks, run=run)
        self.assertEqual(job.status, status, job.stderr)
        return job

    def assert_same(self, run, other):
        self.assertEqual(weights(self.folder / run), weights(self.folder / other))
        self.assertEqual(history(self.folder / run), history(self.folder / other))

    def test_where_frames_lie_changes_no_bit(self):
        options = ("train.augment.crop=0.3", *AUGMENT)
        for place in ("stream", "host", "device"):
            self.train(f"from-{place}", f"train.resident={place}", *options, ranks=2)
        self.assert_same("from-host", "from-stream")
        self.assert_same("from-device", "from-stream")

    def test_augmentation_changes_training_and_not_validation(self):
        options = ("train.lr=1e-12", "train.epochs=1", "model.norm=none")  # so that the model stays what it was
        self.train("plain", *options)
        self.train("augmented", *options, *AUGMENT)
        plain, augmented = (history(self.folder / run)[0] for run in ("plain", "augmented"))
        self.assertNotEqual(plain["train_loss"], augmented["train_loss"])
        self.assertAlmostEqual(float(plain["validation_loss"]), float(augmented["validation_loss"]), 6)

    def test_a_continued_run_is_augmented_as_one_that_was_not_stopped(self):
        self.train("whole", *AUGMENT)
        self.train("parts", "train.epochs=1", *AUGMENT)
        self.train("parts", *AUGMENT)
        self.assertEqual(weights(self.folder / "parts")["checkpoints/epoch-0003/model.safetensors"],
                         weights(self.folder / "whole")["checkpoints/epoch-0003/model.safetensors"])

    def test_whole_tracks(self):
        options = ("train.slice_seconds=0", "train.batch_size=5", *AUGMENT)
        self.train("tracks", *options, ranks=2)
        self.train("tracks-device", "train.resident=device", *options, ranks=2)
        self.assert_same("tracks-device", "tracks")
        evaluation = Job("chorale-eval", self.folder / "tracks", "eval.part=validation")
        self.assertEqual(evaluation.wait(), 0, evaluation.stderr)
        metrics = json.loads((self.folder / "tracks" / "metrics.json").read_text())
        self.assertEqual(metrics["n_slices"], metrics["n_songs"])

    def test_vectors_travel_with_the_run(self):
        self.train("vectors", "model.name=multitask_cnn", "model.hidden=[16, 8]",
                   "train.vector=features_103", "train.epochs=1", *AUGMENT)
        state = json.loads(next((self.folder / "vectors").glob("checkpoints/epoch-*/state.json")).read_text())
        self.assertEqual(len(state["vector"]["mean"]), 103)
        self.assertEqual(sum(state["vector"]["categories"]), 12)
        evaluation = Job("chorale-eval", self.folder / "vectors", "eval.part=validation")
        self.assertEqual(evaluation.wait(), 0, evaluation.stderr)

    def test_what_the_store_lacks(self):
        vector = self.train("none", "train.vector=features_518", status=WRONG_USAGE, ranks=2)
        self.assertIn('Set features.store = ["mel", "features_103", "features_518"]', vector.stderr)
        self.assertIn("chorale ingest", vector.stderr)
        self.assertIn("does not hold mfcc", self.train("none", "train.input=mfcc", status=WRONG_USAGE).stderr)
        self.assertIn("one vector of numbers a track",
                      self.train("none", "train.input=features_103", status=WRONG_USAGE).stderr)

    def test_slices_longer_than_every_track(self):
        job = self.train("none", "train.slice_seconds=60", status=WRONG_USAGE, ranks=2)
        self.assertIn("longer than every track of the training part; the longest has", job.stderr)


if __name__ == "__main__":
    unittest.main()
