"""A run that is killed or stopped, and continued, ends with the same bytes as one that was left alone."""

import os
import re
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from train_job import Train, checkpoints, has_checkpoint, history, make_store, train, weights  # noqa: E402

AGAIN = 75


class Interruption(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-train-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_store(cls.folder)
        for ranks in (0, 2, 3):
            job = train(cls.folder, ranks=ranks, run=f"alone-{ranks}")
            if job.status != 0:
                raise AssertionError(job.stderr)

    def run_name(self):
        return self.id().rpartition(".")[2]

    def assert_same(self, ranks, run):
        alone = self.folder / f"alone-{ranks}"
        self.assertEqual(weights(run), weights(alone))
        self.assertEqual((run / "history.csv").read_bytes(), (alone / "history.csv").read_bytes())

    def complete(self, ranks, name):
        job = train(self.folder, ranks=ranks, run=name)
        self.assertEqual(job.status, 0, job.stderr)
        self.assertIn("continuing", job.stderr)
        self.assert_same(ranks, job.run)

    def test_killed_after_some_checkpoint(self):
        for ranks in (0, 2):
            name = f"{self.run_name()}-{ranks}"
            for epoch in (1, 3, 4):
                job = Train(self.folder, ranks=ranks, run=name)
                job.wait_until(lambda: has_checkpoint(job.run, epoch))
                self.assertEqual(job.kill(), -signal.SIGKILL)
            with self.subTest(ranks=ranks):
                self.complete(ranks, name)

    def test_killed_between_history_and_checkpoint(self):
        name = self.run_name()
        job = Train(self.folder, run=name)
        job.wait_until(lambda: len(job.rows()) == 3)
        job.kill()
        self.complete(0, name)

    def test_one_killed_rank_ends_all_which_name_it(self):
        for ranks, rank in ((2, 0), (2, 1), (3, 1)):
            with self.subTest(ranks=ranks, rank=rank):
                name = f"{self.run_name()}-{ranks}-{rank}"
                job = Train(self.folder, ranks=ranks, run=name, indifferent=True)
                job.wait_until(lambda: has_checkpoint(job.run, 2))  # the third epoch is under way
                pid = job.rank_pids()[rank]
                start = time.monotonic()
                os.kill(pid, signal.SIGKILL)
                job.wait()
                self.assertLess(time.monotonic() - start, 30)
                died = rf"rank {rank} of {ranks} \(.*, process {pid}\) died"
                self.assertEqual(len(re.findall(died, job.stderr)), ranks - 1, job.stderr)
                self.complete(ranks, name)

    def test_one_killed_rank_under_an_mpirun_that_kills_the_others(self):
        name = self.run_name()
        job = Train(self.folder, ranks=2, run=name)
        job.wait_until(lambda: has_checkpoint(job.run, 2))
        start = time.monotonic()
        os.kill(job.rank_pids()[1], signal.SIGKILL)
        self.assertEqual(job.wait(), 128 + signal.SIGKILL)
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn("rank 1", job.stderr)  # mpirun's words, if it drops those of rank 0
        self.complete(2, name)

    def stop(self, ranks, name, send, *options):
        job = Train(self.folder, *options, ranks=ranks, run=name)
        job.wait_until(lambda: len(job.rows()) == 2)
        send(job)
        self.assertEqual(job.wait(), AGAIN, job.stderr)
        self.assertIn("The same command continues", job.stderr)
        self.assertRegex(checkpoints(job.run)[-1], r"^epoch-000\d-s\d{6}$")
        return job

    def test_sigterm(self):
        name = self.run_name()
        self.stop(0, name, lambda job: job.process.send_signal(signal.SIGTERM))
        self.complete(0, name)

    def test_sigterm_to_one_rank_stops_all(self):
        for rank in (0, 1):
            with self.subTest(rank=rank):
                name = f"{self.run_name()}-{rank}"
                self.stop(2, name, lambda job: os.kill(job.rank_pids()[rank], signal.SIGTERM))
                self.complete(2, name)

    def test_sigusr1_to_mpirun(self):
        name = self.run_name()
        self.stop(2, name, lambda job: job.process.send_signal(signal.SIGUSR1))
        self.complete(2, name)

    def test_in_the_middle_of_a_schedule_with_an_average(self):
        common = ("train.ema=0.9", "train.clip_norm=0.5", "train.accumulate=3", "train.decay=weights",
                  "train.weight_decay=0.01")
        schedules = {
            "plateau": ("train.optimizer=sgd", "train.factor=0.5", "train.plateau_patience=0", "train.lr=0.5"),
            "cosine": ("train.optimizer=adamw", "train.warmup_epochs=1"),
        }
        for ranks, (schedule, special) in zip((0, 2), schedules.items()):
            options = (*common, *special, f"train.schedule={schedule}")
            with self.subTest(schedule=schedule):
                alone = train(self.folder, *options, ranks=ranks, run=f"alone-{schedule}")
                self.assertGreater(len({row["lr"] for row in history(alone.run)}), 1, "the rate never changed")
                stopped = self.stop(ranks, schedule, lambda job: os.kill(job.rank_pids()[0], signal.SIGTERM), *options)
                job = train(self.folder, *options, ranks=ranks, run=schedule)
                self.assertEqual(job.status, 0, job.stderr)
                self.assertEqual(weights(stopped.run), weights(alone.run))
                self.assertEqual(history(stopped.run), history(alone.run))

    def test_another_number_of_ranks_continues(self):
        name = self.run_name()
        self.stop(2, name, lambda job: os.kill(job.rank_pids()[0], signal.SIGTERM))
        job = train(self.folder, run=name)
        self.assertEqual(job.status, 0, job.stderr)
        self.assertEqual([int(row["epoch"]) for row in history(job.run)], [1, 2, 3, 4, 5, 6])

    def assert_losses_agree(self, runs, delta):
        for one, *others in zip(*map(history, runs), strict=True):
            for other in others:
                for column in ("train_loss", "validation_loss"):
                    self.assertAlmostEqual(float(one[column]), float(other[column]), delta=delta)

    def test_losses_of_one_and_two_ranks_agree(self):
        plain = ("model.norm=none", "model.dropout=0", "model.conv_dropout=0")
        runs = [train(self.folder, *plain, ranks=ranks, run=f"plain-{ranks}").run for ranks in (0, 2)]
        self.assert_losses_agree(runs, 1e-5)

    def test_losses_with_global_batch_norm_agree(self):
        slices = int(re.search(r"train: .* (\d+) slices", train(self.folder, run="count").stderr)[1])
        batch = next(size for size in range(16, slices) if slices % size == 1)  # two of three ranks have none of it
        options = ("train.batch_norm=global", f"train.batch_size={batch}", "model.norm=batch", "model.dropout=0",
                   "model.conv_dropout=0")
        jobs = [train(self.folder, *options, ranks=ranks, run=f"global-{ranks}") for ranks in (0, 2, 3)]
        self.assertEqual([job.status for job in jobs], [0, 0, 0], jobs[-1].stderr)
        # Roundings of a step go through Adam, which divides small gradients by themselves, and 80 steps.
        self.assert_losses_agree([job.run for job in jobs], 2e-4)

    def test_more_epochs_of_a_finished_run(self):
        name = self.run_name()
        train(self.folder, "train.epochs=4", run=name)
        self.complete(0, name)


if __name__ == "__main__":
    unittest.main()
