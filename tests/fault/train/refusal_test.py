"""What chorale train refuses, and what it says then."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from job import Job  # noqa: E402
from train_job import Train, checkpoints, has_checkpoint, history, make_store, train, weights  # noqa: E402

FAILED, WRONG_USAGE = 1, 2


class Refusal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-train-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_store(cls.folder)
        job = train(cls.folder, "train.epochs=2", run="two")
        if job.status != 0:
            raise AssertionError(job.stderr)

    def setUp(self):
        self.run_folder = self.folder / "run"
        self.addCleanup(shutil.rmtree, self.run_folder, ignore_errors=True)
        shutil.copytree(self.folder / "two", self.run_folder)

    def train(self, *overrides, status, ranks=0):
        job = train(self.folder, *overrides, ranks=ranks)
        self.assertEqual(job.status, status, job.stderr)
        return job

    def test_a_finished_run_says_so(self):
        before = weights(self.run_folder)
        job = self.train("train.epochs=2", status=0)
        self.assertIn("this run is finished", job.stderr)
        self.assertIn("2 epochs, best epoch", job.stdout)
        self.assertEqual(weights(self.run_folder), before)

    def test_patience_ends_a_run(self):
        # A rate this small changes nothing that the loss can show, so some epoch is not better.
        self.train("train.lr=1e-12", "train.patience=1", "train.epochs=1000", "--fresh", status=0)
        self.assertLess(len(history(self.run_folder)), 1000)
        job = self.train("train.lr=1e-12", "train.patience=1", "train.epochs=1000", status=0)
        self.assertIn("this run is finished", job.stderr)

    def test_another_experiment(self):
        job = self.train("train.lr=0.5", "model.hidden=8", status=WRONG_USAGE, ranks=2)
        self.assertIn("train.lr: 0.5 here, 0.001 there", job.stderr)
        self.assertIn("model.hidden: [8] here, [16] there", job.stderr)
        self.assertIn("--fresh", job.stderr)
        self.assertEqual(job.stderr.count("train.lr"), 1)

    def test_keys_that_may_change(self):
        moved = self.folder / "moved"
        shutil.copytree(self.folder / "store", moved)
        self.addCleanup(shutil.rmtree, moved)
        self.train(f"store.path={moved}", "dataset.root=/elsewhere", "train.epochs=3", "train.patience=9",
                   "train.threads=1", "train.bucket_mib=1", "train.checkpoint_every=2", status=0)
        self.assertEqual(len(history(self.run_folder)), 3)

    def test_fresh_keeps_the_old_run(self):
        before = weights(self.run_folder)
        job = self.train("train.epochs=1", "--fresh", status=0)
        old = self.folder / "run.old-1"
        self.addCleanup(shutil.rmtree, old)
        self.assertIn("run.old-1", job.stderr)
        self.assertEqual(weights(old), before)
        self.assertEqual(checkpoints(self.run_folder), ["best-0001", "epoch-0001"])

    def test_a_store_of_another_configuration(self):
        job = self.train("features.n_fft=1024", "--fresh", f"run.dir={self.folder}/other", status=WRONG_USAGE)
        self.assertIn("features.n_fft: 1024 here, 512 there", job.stderr)
        self.assertIn("--rebuild", job.stderr)

    def test_a_store_whose_tracks_have_changed(self):
        changed = self.folder / "changed"
        shutil.copytree(self.folder / "audio", changed)
        self.addCleanup(shutil.rmtree, changed)
        next((changed / "a").iterdir()).unlink()
        store = [f"dataset.root={changed}", f"store.path={self.folder}/changed_store"]
        self.addCleanup(shutil.rmtree, self.folder / "changed_store")
        ingest = Job("chorale-ingest", self.folder / "train.toml", *store)
        self.assertEqual(ingest.wait(), 0, ingest.stderr)
        job = self.train("train.epochs=3", *store, status=WRONG_USAGE)
        self.assertIn("songs may have moved", job.stderr)
        evaluation = Job("chorale-eval", self.run_folder, *store)
        self.assertEqual(evaluation.wait(), WRONG_USAGE, evaluation.stderr)
        self.assertIn("songs it was trained on could be tested", evaluation.stderr)

    def test_no_store(self):
        job = self.train(f"store.path={self.folder}/nowhere", status=FAILED)
        self.assertIn("nowhere", job.stderr)

    def test_a_run_that_is_being_trained(self):
        first = Train(self.folder, "train.epochs=100000", run="busy")
        first.wait_until(lambda: has_checkpoint(first.run, 1))
        second = train(self.folder, "train.epochs=100000", run="busy")
        first.kill()
        self.assertEqual(second.status, WRONG_USAGE, second.stderr)
        self.assertIn("busy", second.stderr)

    def test_a_damaged_checkpoint_is_passed_over_for_the_one_before_it(self):
        for damage in (lambda data: data[:-10], lambda data: data[:-1] + bytes([data[-1] ^ 4])):
            shutil.rmtree(self.run_folder)
            shutil.copytree(self.folder / "two", self.run_folder)
            before = weights(self.run_folder)
            newest = self.run_folder / "checkpoints" / "epoch-0002"
            for name in ("model.safetensors", "optimizer.safetensors"):
                (newest / name).write_bytes(damage((newest / name).read_bytes()))
            job = self.train("train.epochs=2", status=0)
            self.assertIn(f"{newest} is damaged and passed over: model.safetensors is not as it was written", job.stderr)
            self.assertIn("from epoch-0001", job.stderr)
            self.assertEqual(weights(self.run_folder), before)

    def test_only_damaged_checkpoints_are_no_reason_to_begin_anew(self):
        for folder in (self.run_folder / "checkpoints").glob("epoch-*"):
            (folder / "state.json").write_bytes(b"")
        job = self.train("train.epochs=3", status=FAILED)
        self.assertIn("no checkpoint of this run can be used", job.stderr)
        self.assertIn("state.json is not as it was written", job.stderr)

    def test_a_loss_that_is_not_finite(self):
        job = self.train("train.lr=1e30", "--fresh", f"run.dir={self.folder}/diverged", status=FAILED, ranks=2)
        self.assertIn("lower train.lr", job.stderr)

    def test_a_gpu_where_there_is_none(self):
        for ranks in (0, 2):
            job = self.train("train.device=cuda", "train.epochs=3", status=WRONG_USAGE, ranks=ranks)
            self.assertIn("train.device is cuda, but on rank 0", job.stderr)
            self.assertIn("./run build cuda", job.stderr)
            self.assertEqual(job.stderr.count("train.device is cuda"), 1)

    def test_fewer_samples_a_batch_than_ranks(self):
        job = self.train("train.batch_size=1", "--fresh", status=WRONG_USAGE, ranks=2)
        self.assertIn("train.batch_size is 1, for all ranks together, but there are 2 ranks", job.stderr)
        self.assertEqual(job.stderr.count("Raise it to 2 or more"), 1)

    def test_an_unknown_monitor_is_refused_before_the_run_is_touched(self):
        before = weights(self.run_folder)
        job = self.train("train.monitor=genre.macro_auc", "--fresh", status=WRONG_USAGE)
        self.assertIn("expected a figure of validation: loss, accuracy", job.stderr)
        self.assertEqual(weights(self.run_folder), before)

    def test_wrong_usage(self):
        self.assertIn('did you mean "cnn"', self.train("model.name=cnm", status=WRONG_USAGE).stderr)


if __name__ == "__main__":
    unittest.main()
