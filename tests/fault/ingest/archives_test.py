"""A collection in an archive gives the bytes that the same collection in a folder gives, and archives that are not what
they should be are refused or set aside."""

import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from ingest_job import digest, make_collection, run, write_wav  # noqa: E402

WRONG_USAGE = 2


class Archives(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-archives-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.audio, self.store = self.folder / "audio", self.folder / "store"

    def ingest(self, root, *arguments, status=0, ranks=0):
        shutil.rmtree(self.store, ignore_errors=True)
        job = run(self.folder, f"dataset.root={root}", *arguments, ranks=ranks)
        self.assertEqual(job.status, status, job.stderr)
        return job

    def quarantine(self):
        columns = ("path", "stage", "reason")
        return "".join(subprocess.run(["h5dump", "-d", f"/quarantine/{column}", "index.h5"], cwd=self.store, check=True,
                                      text=True, capture_output=True).stdout for column in columns)

    def files(self):
        return sorted(path for path in self.audio.rglob("*") if path.is_file())

    def zip(self, method, name="a.zip", below=""):
        with zipfile.ZipFile(self.folder / name, "w", method) as archive:
            for path in self.files():
                archive.write(path, below + str(path.relative_to(self.audio)))
        return self.folder / name

    def tar(self, form=tarfile.PAX_FORMAT):
        with tarfile.open(self.folder / "a.tar", "w", format=form) as archive:
            archive.add(self.audio, ".")
        return self.folder / "a.tar"

    def test_the_same_bytes_from_a_folder_and_from_every_archive(self):
        make_collection(self.audio, classes=2, tracks_per_class=5, seconds=1)
        write_wav(self.audio / "a" / "n\u00e4me \u97f3.wav", 1, seed="name")
        (self.audio / "b" / "empty.wav").touch()
        (self.audio / "b" / "notes.txt").write_text("no audio")
        self.ingest(self.audio)
        made = digest(self.store)
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
            self.ingest(self.zip(method), ranks=2)
            self.assertEqual(digest(self.store), made, method)
        for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            self.ingest(self.tar(form), ranks=3)
            self.assertEqual(digest(self.store), made, form)
        self.ingest(self.zip(zipfile.ZIP_DEFLATED, below="my collection/") / "my collection")
        self.assertEqual(digest(self.store), made, "below a folder of the archive")

    def test_gtzan_from_an_archive(self):
        for genre in ("blues", "rock"):
            (self.audio / "genres" / genre).mkdir(parents=True)
            for i in range(2):
                write_wav(self.audio / "genres" / genre / f"{genre}.{i:05}.wav", 1, seed=f"{genre}{i}")
        gtzan = ("dataset.kind=gtzan", "split.artists=ignore")
        self.ingest(self.audio, *gtzan)
        made = digest(self.store)
        self.ingest(self.tar(), *gtzan)
        self.assertEqual(digest(self.store), made)

    def test_what_is_wrong_with_one_file_is_a_row(self):
        make_collection(self.audio, classes=1, tracks_per_class=2, seconds=1)
        with zipfile.ZipFile(self.zip(zipfile.ZIP_BZIP2), "a", zipfile.ZIP_BZIP2) as archive:
            archive.writestr("a/bomb.wav", bytes(40_000_000))
            archive.write(self.audio / "a" / "000.wav", "../../up.wav")
            archive.writestr("a/damaged.wav", b"x" * 3000)
        path = self.folder / "a.zip"
        content = bytearray(path.read_bytes())
        record = content.rfind(b"PK\x01\x02")
        content[record + 16] ^= 1  # the checksum
        path.write_bytes(content)
        job = self.ingest(path, "audio.max_file_mib=16", ranks=2)
        self.assertIn("2 tracks, 0.00 hours in 2 shards, 3 quarantined (reasons: list 1, read 2)", job.stdout)
        rows = self.quarantine()
        for text in ("a/bomb.wav", "38 MiB, more than audio.max_file_mib = 16", "a/damaged.wav", "CRC error",
                     "../../up.wav", "leads out of the archive"):
            self.assertIn(text, rows)

    def test_limits_hold_for_folders_too(self):
        make_collection(self.audio, classes=1, tracks_per_class=2, seconds=1)
        write_wav(self.audio / "a" / "long.wav", 30, seed="long")
        self.ingest(self.audio, "audio.max_file_mib=1")
        self.assertIn("more than audio.max_file_mib = 1", self.quarantine())
        self.ingest(self.audio, "audio.max_seconds=20")
        self.assertIn("longer than audio.max_seconds = 20 s", self.quarantine())
        self.ingest(self.audio, "audio.duration=20", "audio.max_seconds=20")
        self.assertNotIn("longer", self.quarantine())

    def test_archives_that_are_cut_off_end_the_job_at_its_start(self):
        make_collection(self.audio, classes=1, tracks_per_class=3, seconds=1)
        for path, text in ((self.zip(zipfile.ZIP_STORED), "central directory"), (self.tar(), "cut off or damaged")):
            path.write_bytes(path.read_bytes()[:100_000])
            job = self.ingest(path, status=WRONG_USAGE, ranks=2)
            self.assertIn(text, job.stderr)
            self.assertIn("Copy it again", job.stderr)
            self.assertFalse(self.store.exists())

    def test_compressed_tars_are_refused_with_advice(self):
        make_collection(self.audio, classes=1, tracks_per_class=1, seconds=1)
        with tarfile.open(self.folder / "a.tar.gz", "w:gz") as archive:
            archive.add(self.audio, ".")
        job = self.ingest(self.folder / "a.tar.gz", status=WRONG_USAGE)
        self.assertIn("gunzip makes one", job.stderr)

    def test_sizes_that_lie_are_found_out(self):
        make_collection(self.audio, classes=1, tracks_per_class=2, seconds=1)
        for claimed in (100, 1_000_000):
            path = self.zip(zipfile.ZIP_DEFLATED)
            content = bytearray(path.read_bytes())
            record = content.rfind(b"PK\x01\x02")
            content[record + 24 : record + 28] = struct.pack("<I", claimed)
            path.write_bytes(content)
            job = self.ingest(path)
            self.assertIn("1 quarantined (reasons: read 1)", job.stdout)


if __name__ == "__main__":
    unittest.main()
