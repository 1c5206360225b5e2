"""Ingest that is killed, stopped, or run on another number of ranks ends with the same bytes."""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from ingest_job import Job, digest, make_collection, run  # noqa: E402

AGAIN = 75


class Ingest(unittest.TestCase):
    """A job that writes the store `expected`, whatever happens to it on the way."""

    overrides = ()
    tracks_per_class = 20
    summary = "60 tracks, 0.10 hours in 20 shards, 0 quarantined"

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-ingest-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_collection(cls.folder / "audio", tracks_per_class=cls.tracks_per_class)
        job = run(cls.folder, *cls.overrides)
        if job.status != 0:
            raise AssertionError(job.stderr)
        cls.expected = digest(cls.folder / "store")

    def setUp(self):
        shutil.rmtree(self.folder / "store", ignore_errors=True)

    def assert_completes(self, ranks):
        job = run(self.folder, *self.overrides, ranks=ranks)
        self.assertEqual(job.status, 0, job.stderr)
        self.assertIn(self.summary, job.stdout)
        self.assertEqual(digest(self.folder / "store"), self.expected)

    def assert_number_of_ranks_does_not_matter(self, *numbers):
        for ranks in numbers:
            with self.subTest(ranks=ranks):
                shutil.rmtree(self.folder / "store", ignore_errors=True)
                self.assert_completes(ranks)

    def kill_at(self, moments):
        """Kills the whole job, at random between two files or in the middle of one."""
        stream = random.Random(7)
        for _ in range(moments):
            job = Job(self.folder, *self.overrides, ranks=2)
            finished = job.shards()
            in_the_middle_of_a_file = stream.random() < 0.5
            job.wait_until(job.writing if in_the_middle_of_a_file else lambda: job.shards() > finished)
            self.assertEqual(job.kill(), -signal.SIGKILL)
            self.assertFalse((self.folder / "store" / "index.h5").exists())


class Everything(Ingest):
    """All that can be stored, of cleaned recordings and of their variants."""

    overrides = (
        'features.store=["stft", "mel", "mfcc", "chroma_stft", "chroma_cqt", "chroma_cens", "spectral_contrast",'
        ' "tonnetz", "tempogram", "features_103", "features_518", "estimates", "beats", "onsets"]',
        "features.mfcc.deltas=2",
        "clean.trim_top_db=60",
        'clean.denoise="stationary"',
        "augment.time_stretch=[1.1]",
        "augment.pitch_shift=[-2]",
        "augment.noise=[20]",
        "augment.gain=[-6]",
    )
    tracks_per_class = 6
    summary = "18 tracks and 72 variants"

    def test_bytes_do_not_depend_on_the_number_of_ranks(self):
        self.assert_number_of_ranks_does_not_matter(1, 2, 3, 5)

    def test_killed_at_four_moments(self):
        self.kill_at(4)
        self.assert_completes(ranks=2)


class Interruption(Ingest):
    def test_bytes_do_not_depend_on_the_number_of_ranks(self):
        self.assert_number_of_ranks_does_not_matter(1, 2, 3)

    def test_a_second_run_of_a_complete_store_writes_nothing(self):
        run(self.folder)
        before = {p: p.stat().st_mtime_ns for p in (self.folder / "store").iterdir()}
        self.assert_completes(ranks=2)
        self.assertEqual({p: p.stat().st_mtime_ns for p in (self.folder / "store").iterdir()}, before)

    def test_killed_at_ten_moments(self):
        self.kill_at(10)
        self.assert_completes(ranks=2)

    def stop(self, ranks, send):
        job = Job(self.folder, ranks=ranks)
        job.wait_until(lambda: job.shards() > 0)
        send(job)
        job.wait()
        return job

    def assert_says_again(self, job):
        self.assertEqual(job.process.returncode, AGAIN)
        self.assertIn("the same command continues", job.stderr)
        self.assertFalse((self.folder / "store" / "index.h5").exists())

    def test_sigterm_alone(self):
        self.assert_says_again(self.stop(0, lambda job: job.process.send_signal(signal.SIGTERM)))
        self.assert_completes(ranks=0)

    def test_sigterm_to_one_rank_stops_all(self):
        for rank in (0, 2):
            with self.subTest(rank=rank):
                shutil.rmtree(self.folder / "store", ignore_errors=True)
                self.assert_says_again(self.stop(3, lambda job: os.kill(job.rank_pids()[rank], signal.SIGTERM)))
                self.assert_completes(ranks=3)

    def test_sigusr1_to_mpirun(self):
        self.assert_says_again(self.stop(2, lambda job: job.process.send_signal(signal.SIGUSR1)))
        self.assert_completes(ranks=2)

    def test_sigterm_to_mpirun(self):
        """Open MPI passes it on, but keeps the ranks' last words and status to itself (docs/clusters.md)."""
        job = self.stop(2, lambda job: job.process.send_signal(signal.SIGTERM))
        self.assertNotEqual(job.process.returncode, 0)
        self.assert_completes(ranks=2)

    def test_the_death_of_one_rank_ends_the_job(self):
        job = Job(self.folder, ranks=3)
        job.wait_until(lambda: job.shards() > 0)
        start = time.monotonic()
        os.kill(job.rank_pids()[1], signal.SIGKILL)
        self.assertNotEqual(job.wait(), 0)
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn("rank 1", job.stderr)
        self.assert_completes(ranks=3)


if __name__ == "__main__":
    unittest.main()
