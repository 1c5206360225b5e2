"""What ingest refuses, sets aside or repairs, and what it says then."""

import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from ingest_job import Job, digest, make_collection, run, write_wav  # noqa: E402

FAILED, WRONG_USAGE = 1, 2


class IngestTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-ingest-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.audio, self.store = self.folder / "audio", self.folder / "store"

    def ingest(self, *arguments, status=0, ranks=0, env=None):
        job = run(self.folder, *arguments, ranks=ranks, env=env)
        self.assertEqual(job.status, status, job.stderr)
        return job

    def dump(self, dataset):
        return subprocess.run(["h5dump", "-d", dataset, "index.h5"], cwd=self.store, check=True, text=True,
                              capture_output=True).stdout


class Refusal(IngestTest):
    def setUp(self):
        super().setUp()
        make_collection(self.audio, classes=2, tracks_per_class=6, seconds=1)

    def fresh_digest(self, *arguments):
        shutil.rmtree(self.store)
        self.ingest(*arguments)
        return digest(self.store)

    def test_missing_and_empty_folders(self):
        shutil.rmtree(self.audio)
        self.assertIn("no such folder", self.ingest(status=WRONG_USAGE).stderr)
        self.audio.mkdir()
        (self.audio / "notes.txt").touch()
        job = self.ingest(status=WRONG_USAGE, ranks=2)
        self.assertIn("Looked for .wav, .au, .flac, .ogg, .mp3, .aif, .aiff; found 1 .txt", job.stderr)
        self.assertEqual(job.stderr.count("Looked for"), 1, "said once, not by every rank")
        self.assertFalse(self.store.exists())

    def test_a_second_job_on_the_same_store(self):
        first = Job(self.folder)
        first.wait_until(lambda: first.shards() > 0)
        first.process.send_signal(signal.SIGSTOP)
        second = self.ingest(status=WRONG_USAGE, ranks=2)
        self.assertIn("another job is working on this folder", second.stderr)
        first.process.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(), 0, first.stderr)

    def test_single_processes_started_by_srun(self):
        step = {"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "4", "SLURM_NTASKS": "4"}
        job = self.ingest(status=WRONG_USAGE, env=step)
        self.assertIn("srun started 4 processes", job.stderr)
        self.assertIn("srun --mpi=pmix", job.stderr)
        self.ingest(ranks=2, env=step)  # mpirun inside of a step

    def test_fewer_ranks_than_tasks(self):
        """In a batch script, without srun: possibly meant, so it is said and done."""
        batch = {"SLURM_JOB_ID": "7", "SLURM_NTASKS": "4"}
        for ranks in (0, 2):
            job = self.ingest(env=batch, ranks=ranks)
            self.assertEqual(job.stderr.count(f"SLURM_NTASKS is 4, but this job has {max(ranks, 1)}"), 1, job.stderr)
        self.assertNotIn("SLURM_NTASKS", self.ingest(env={**batch, "SLURM_NTASKS": "2"}, ranks=2).stderr)

    def test_another_configuration(self):
        self.ingest()
        made = digest(self.store)
        job = self.ingest("features.hop_length=256", status=WRONG_USAGE, ranks=2)
        self.assertIn("features.hop_length: 256 here, 512 there", job.stderr)
        self.assertIn("--rebuild", job.stderr)
        self.assertEqual(digest(self.store), made)
        self.ingest("features.hop_length=256", "--rebuild", ranks=2)
        self.assertEqual(digest(self.store), self.fresh_digest("features.hop_length=256"))

    def test_a_changed_collection(self):
        self.ingest()
        made, first = digest(self.store), (self.store / "shard-00000.h5").stat().st_mtime_ns
        write_wav(self.audio / "b" / "005.wav", 3, seed="longer")  # the last track
        job = self.ingest(status=WRONG_USAGE, ranks=2)
        self.assertIn("1 of its 4 shards no longer fit", job.stderr)
        self.assertEqual(digest(self.store), made)
        self.ingest("--rebuild", ranks=2)
        self.assertEqual((self.store / "shard-00000.h5").stat().st_mtime_ns, first, "a valid shard was touched")
        self.assertEqual(digest(self.store), self.fresh_digest())

    def test_a_collection_that_has_grown_by_whole_shards(self):
        self.ingest()
        for i in range(6, 9):
            write_wav(self.audio / "b" / f"{i:03}.wav", 1, seed=f"more {i}")
        self.assertIn("1 of its 5 shards no longer fit", self.ingest(status=WRONG_USAGE).stderr)
        self.ingest("--rebuild")
        self.assertEqual(digest(self.store), self.fresh_digest())

    def test_a_smaller_collection(self):
        self.ingest()
        for i in (3, 4, 5):
            (self.audio / "b" / f"{i:03}.wav").unlink()
        self.assertIn("1 of its 4 shards no longer fit", self.ingest(status=WRONG_USAGE).stderr)
        self.ingest("--rebuild")
        self.assertEqual(digest(self.store), self.fresh_digest())

    def test_shards_left_by_an_unfinished_store_of_a_larger_collection(self):
        self.ingest()
        for name in ("index.h5", "shard-00001.h5", "shard-00002.h5"):
            (self.store / name).unlink()
        for i in range(1, 6):
            (self.audio / "b" / f"{i:03}.wav").unlink()  # three shards are left to make; shard 3 is none of them
        self.assertIn("1 of its 2 shards no longer fit", self.ingest(status=WRONG_USAGE).stderr)
        self.ingest("--rebuild")
        self.assertEqual(digest(self.store), self.fresh_digest())

    def test_a_damaged_shard_is_made_anew(self):
        self.ingest()
        made = digest(self.store)
        with open(self.store / "shard-00002.h5", "r+b") as shard:
            shard.seek(-1000, os.SEEK_END)
            byte = shard.read(1)
            shard.seek(-1, os.SEEK_CUR)
            shard.write(bytes([byte[0] ^ 1]))
        self.assertIn("1 damaged shards are made anew", self.ingest(ranks=2).stderr)
        self.assertEqual(digest(self.store), made)

    def test_shards_that_cannot_be_read_are_not_taken_for_damaged_ones(self):
        self.store.mkdir()
        (self.store / "shard-00000.h5").write_bytes(b"something else of that name")
        self.assertIn("none of the shards there can be read", self.ingest(status=WRONG_USAGE).stderr)
        self.assertEqual((self.store / "shard-00000.h5").read_bytes(), b"something else of that name")
        self.ingest("--rebuild")
        self.assertEqual(digest(self.store), self.fresh_digest())

    def test_a_full_disk(self):
        """A limit on the size of files stands for it: it needs no rights, and writing fails in the same place."""
        limit = (50_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        job = Job(self.folder, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
        self.assertEqual(job.wait(), FAILED)
        self.assertIn("shard-0000", job.stderr)
        self.assertIn("then run the same command again: finished shards are kept", job.stderr)
        self.assertEqual([p.name for p in self.store.iterdir()], [".lock"])
        self.ingest()
        self.assertEqual(digest(self.store), self.fresh_digest())

    def test_a_lost_index_is_written_again(self):
        self.ingest()
        made = digest(self.store)
        (self.store / "index.h5").unlink()
        self.ingest(ranks=2)
        self.assertEqual(digest(self.store), made)


class Artists(IngestTest):
    def test_groups_come_from_the_tags_and_a_track_without_is_its_own(self):
        make_collection(self.audio, classes=1, tracks_per_class=2, seconds=1)
        name = b"Some One"
        tag = b"LIST" + struct.pack("<I4s4sI", 12 + len(name), b"INFO", b"IART", len(name)) + name
        path = self.audio / "a" / "001.wav"
        wav = path.read_bytes() + tag
        path.write_bytes(wav[:4] + struct.pack("<I", len(wav) - 8) + wav[8:])
        job = self.ingest("dataset.group=artist", ranks=2)
        self.assertIn("1 of 2 tracks have no known artist", job.stderr)
        groups = self.dump("/tracks/group")
        self.assertIn("Some One", groups)
        self.assertIn("a/000", groups)


class Quarantine(IngestTest):
    def setUp(self):
        super().setUp()
        make_collection(self.audio, classes=1, tracks_per_class=2, seconds=1)
        (self.audio / "b").mkdir()
        (self.audio / "b" / "empty.wav").touch()
        (self.audio / "b" / "header_only.wav").write_bytes((self.audio / "a" / "000.wav").read_bytes()[:44])
        (self.audio / "b" / "noise.wav").write_bytes(random.Random(1).randbytes(5000))
        (self.audio / "b" / "._a.wav").write_bytes(b"\0\5\26\7")
        (self.audio / "b" / "nowhere.wav").symlink_to("lost.wav")

    def test_every_unusable_file_is_a_row(self):
        job = self.ingest(ranks=2)
        self.assertIn("2 tracks, 0.00 hours in 2 shards, 4 quarantined (reasons: decode 2, empty 1, read 1)", job.stdout)
        rows = "".join(self.dump(f"/quarantine/{column}") for column in ("path", "stage", "reason"))
        for text in ("b/empty.wav", "b/header_only.wav", "b/noise.wav", "b/nowhere.wav", "no samples"):
            self.assertIn(text, rows)
        self.assertNotIn("._a.wav", rows)
        self.assertNotIn(str(self.folder), rows)

    def test_not_one_usable_track_is_an_error(self):
        shutil.rmtree(self.audio / "a")
        for ranks in (2, 0):  # made, and found complete
            job = self.ingest(status=FAILED, ranks=ranks)
            self.assertIn("none of the 4 audio files could be used", job.stderr)


if __name__ == "__main__":
    unittest.main()
