"""Recordings as they come from the wild: every sample format, rate and channel count, headers that lie, names that are no
text, links in circles. Each becomes a track with what is there, or a row of the quarantine table that says why not."""

import array
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from ingest_job import digest, run, write_wav  # noqa: E402

MP3 = Path(os.environ["CHORALE_SOURCE"]) / "tests/golden/features/data/mp3.mp3"  # 0.1 s, stereo, 44.1 kHz
WRONG_USAGE = 2
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


def tone(rate, seconds=0.25):
    return [0.5 * math.sin(2 * math.pi * 440 * i / rate) for i in range(round(rate * seconds))]


def encode(samples, kind, bits):
    if kind == FLOAT:
        return array.array("f" if bits == 32 else "d", samples).tobytes()
    if bits == 8:
        return bytes(round(127 * s) + 128 for s in samples)
    return b"".join(round(s * (2 ** (bits - 1) - 1)).to_bytes(bits // 8, "little", signed=True) for s in samples)


def wav_header(rate, channels, kind, bits, data_bytes, extensible=False):
    frame = channels * bits // 8
    fields = struct.pack("<HHIIHH", EXTENSIBLE if extensible else kind, channels, rate, rate * frame, frame, bits)
    if extensible:
        guid = struct.pack("<H", kind) + bytes.fromhex("000000001000800000aa00389b71")
        fields += struct.pack("<HHI", 22, bits, (1 << channels) - 1) + guid
    chunk = b"fmt " + struct.pack("<I", len(fields)) + fields
    return b"RIFF" + struct.pack("<I", min(20 + len(chunk) + data_bytes, 2**32 - 1)) + b"WAVE" + chunk + b"data" + struct.pack(
        "<I", data_bytes)


def wav(samples, rate=22050, channels=1, kind=PCM, bits=16, extensible=False):
    """The same samples on every channel."""
    data = encode([s for s in samples for _ in range(channels)], kind, bits)
    return wav_header(rate, channels, kind, bits, len(data), extensible) + data


def with_frame_count(mp3, count):
    """The MP3 with another number of frames in its Xing header."""
    at = mp3.index(b"Xing") + 8
    return mp3[:at] + struct.pack(">I", count) + mp3[at + 4 :]


class RecordingsTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-recordings-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.audio, self.store = self.folder / "audio", self.folder / "store"
        (self.audio / "a").mkdir(parents=True)

    def add(self, name, content):
        (self.audio / "a" / name).write_bytes(content)

    def ingest(self, *arguments, status=0, ranks=0):
        job = run(self.folder, *arguments, ranks=ranks)
        self.assertEqual(job.status, status, job.stderr)
        return job

    def column(self, dataset):
        """The values of a column of the index, as h5dump prints them."""
        text = subprocess.run(["h5dump", "-y", "-w", "0", "-d", dataset, "index.h5"], cwd=self.store, check=True,
                              capture_output=True).stdout.decode("latin-1")
        data = text[text.index("DATA {") :].split("}")[0]
        texts = re.findall(r'"((?:[^"\\]|\\.)*)"', data)
        return [re.sub(r"(\\000)+$", "", t) for t in texts] if texts else re.findall(r"-?[\d.]+(?:e[-+]\d+)?", data)

    def tracks(self, column="duration"):
        return dict(zip(self.column("/tracks/path"), map(float, self.column(f"/tracks/{column}"))))

    def quarantine(self):
        return dict(zip(self.column("/quarantine/path"), self.column("/quarantine/reason")))


class Formats(RecordingsTest):
    def test_sample_formats_and_channels(self):
        samples = tone(22050)
        for bits in (8, 16, 24, 32):
            self.add(f"pcm{bits}.wav", wav(samples, bits=bits))
        for bits in (32, 64):
            self.add(f"float{bits}.wav", wav(samples, kind=FLOAT, bits=bits))
        for channels in (2, 6, 8):
            self.add(f"channels{channels}.wav", wav(samples, channels=channels, bits=24, extensible=True))
        job = self.ingest(ranks=2)
        self.assertIn("9 tracks", job.stdout)
        self.assertIn(", 0 quarantined", job.stdout)
        seconds = len(samples) / 22050
        for path, duration in self.tracks().items():
            self.assertAlmostEqual(duration, seconds, places=4, msg=path)
        channels = self.tracks("channels")
        self.assertEqual([channels[f"a/channels{n}.wav"] for n in (2, 6, 8)], [2, 6, 8])

    def test_sample_rates(self):
        rates = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000)
        for rate in rates:
            self.add(f"{rate}.wav", wav(tone(rate), rate=rate))
        self.ingest()
        self.assertEqual(self.tracks("source_rate"), {f"a/{rate}.wav": rate for rate in rates})
        for path, duration in self.tracks().items():
            self.assertAlmostEqual(duration, 0.25, places=3, msg=path)
        frames = set(self.tracks("frame_count").values())
        self.assertEqual(frames, {1 + int(0.25 * 22050) // 512}, "the same length at the same rate")

    def test_samples_that_are_not_finite(self):
        self.add("sound.wav", wav(tone(22050)))
        for name, bad in (("nan", math.nan), ("infinite", math.inf), ("absurd", 1e30)):
            samples = tone(22050)
            samples[5000] = bad
            self.add(f"{name}.wav", wav(samples, kind=FLOAT, bits=32))
        job = self.ingest(ranks=2)
        self.assertIn("1 tracks", job.stdout)
        self.assertIn("3 quarantined (reasons: decode 3)", job.stdout)
        for name in ("nan", "infinite", "absurd"):
            self.assertIn("not finite or a million times full scale", self.quarantine()[f"a/{name}.wav"])


class Lengths(RecordingsTest):
    def test_mp3_headers_that_lie_about_the_length(self):
        """Everything is decoded, whatever the header says."""
        mp3 = MP3.read_bytes()
        self.add("right.mp3", mp3)
        counts = {"none": 0, "one": 1, "low": 20, "whole": 119, "high": 500, "huge": 2**32 - 1}
        for name, count in counts.items():
            self.add(f"{name}.mp3", with_frame_count(20 * mp3, count))
        self.ingest()
        duration = self.tracks()
        self.assertAlmostEqual(duration.pop("a/right.mp3"), 0.1, places=3)
        self.assertEqual(len(duration), len(counts))
        for name, seconds in duration.items():
            self.assertGreaterEqual(seconds, 2.0, name)
            self.assertLessEqual(seconds, 120 * 1152 / 44100, name)

    def test_wav_headers_that_lie_about_the_length(self):
        data = encode(tone(22050), PCM, 16)
        for name, announced in (("right", len(data)), ("high", 10**9), ("streamed", 2**32 - 1)):
            self.add(f"{name}.wav", wav_header(22050, 1, PCM, 16, announced) + data)
        self.ingest()
        self.assertEqual(len(set(self.tracks().values())), 1, self.tracks())

    def add_sparse(self, name, seconds, rate=1000):
        """A recording of 8 bits that takes no room on the disk."""
        path = self.audio / "a" / name
        path.write_bytes(wav_header(rate, 1, PCM, 8, seconds * rate))
        os.truncate(path, 44 + seconds * rate)

    def test_two_hours_are_ingested_and_four_are_too_long(self):
        self.add_sparse("two_hours.wav", 2 * 3600)
        self.add_sparse("four_hours.wav", 4 * 3600)
        slow = ("audio.sample_rate=1000", "features.n_fft=256", "features.hop_length=64", "features.mel.n_mels=20")
        job = self.ingest(*slow, ranks=2)
        self.assertIn("1 tracks, 2.00 hours", job.stdout)
        self.assertEqual(self.tracks(), {"a/two_hours.wav": 7200})
        self.assertIn("audio.max_seconds = 10800", self.quarantine()["a/four_hours.wav"])

    def test_the_limit_can_be_set(self):
        self.add("short.wav", wav(tone(22050)))
        self.add("long.wav", wav(tone(22050, 2.5)))
        self.ingest("audio.max_seconds=2")
        self.assertEqual(list(self.tracks()), ["a/short.wav"])
        self.assertIn("audio.max_seconds = 2", self.quarantine()["a/long.wav"])


class Effects(RecordingsTest):
    """Cleaning and variants of recordings that are too short or too quiet for them."""

    ALL = ("clean.trim_top_db=60", "clean.denoise=stationary", "augment.time_stretch=[0.8, 1.25]", "augment.pitch_shift=[-2]",
           "augment.noise=[20]", "augment.gain=[-6]")

    def setUp(self):
        super().setUp()
        self.add("sound.wav", wav(tone(22050)))

    def test_what_cannot_be_cleaned_or_varied_is_a_row(self):
        self.add("blip.wav", wav(tone(22050, 0.02)))
        self.add("silence.wav", wav([0.0] * 5000))
        job = self.ingest(*self.ALL, ranks=2)
        self.assertIn("2 quarantined", job.stdout)
        reasons = self.quarantine()
        self.assertIn("too short for noise reduction: 441 samples, needs 1024", reasons["a/blip.wav"])
        self.assertIn("silent: there is no level", reasons["a/silence.wav"])
        variants = {"", "gain_-6", "noise_20", "pitch_shift_-2", "time_stretch_0.8", "time_stretch_1.25"}
        made = set(zip(self.column("/tracks/path"), self.column("/tracks/variant")))
        self.assertEqual(made, {("a/sound.wav", v) for v in variants} | {
            ("a/silence.wav", v) for v in variants - {"noise_20"}})

    def test_the_same_bytes_on_any_number_of_ranks(self):
        for i in range(5):
            self.add(f"{i}.wav", wav(tone(16000 + 1000 * i, 0.1 + 0.05 * i), rate=16000 + 1000 * i))
        self.ingest(*self.ALL)
        made = digest(self.store)
        for ranks in (2, 3):
            shutil.rmtree(self.store)
            self.ingest(*self.ALL, ranks=ranks)
            self.assertEqual(digest(self.store), made)


class Names(RecordingsTest):
    def test_names_that_are_no_text(self):
        sound = wav(tone(22050))
        names = (b"caf\xe9.wav", b"\xff\xfe\x80.wav", "naïve 音.wav".encode(), b'quote " and\nline.wav', b"-x $(y).wav")
        for name in names:
            with open(os.fsencode(self.audio / "a") + b"/" + name, "wb") as out:
                out.write(sound)
        job = self.ingest(ranks=2)
        self.assertIn(f"{len(names)} tracks", job.stdout)
        made, index = digest(self.store), (self.store / "index.h5").read_bytes()
        for name in names:
            self.assertIn(b"a/" + name, index, "the bytes of the name, unchanged")
        shutil.rmtree(self.store)
        self.ingest()
        self.assertEqual(digest(self.store), made)


class Links(RecordingsTest):
    def setUp(self):
        super().setUp()
        write_wav(self.audio / "a" / "sound.wav", 1, seed="sound")

    def test_a_folder_that_leads_back_to_one_above_it(self):
        (self.audio / "a" / "again").symlink_to("..")
        job = self.ingest(status=WRONG_USAGE, ranks=2)
        self.assertIn("a/again: this link leads back to", job.stderr)
        self.assertIn("Remove the link", job.stderr)
        self.assertEqual(job.stderr.count("leads back"), 1, "said once, not by every rank")

    def test_files_that_lead_to_each_other(self):
        (self.audio / "a" / "self.wav").symlink_to("self.wav")
        (self.audio / "a" / "one.wav").symlink_to("two.wav")
        (self.audio / "a" / "two.wav").symlink_to("one.wav")
        (self.audio / "a" / "other.wav").symlink_to("sound.wav")
        job = self.ingest(ranks=2)
        self.assertIn("2 tracks", job.stdout)
        self.assertEqual(set(self.quarantine()), {"a/self.wav", "a/one.wav", "a/two.wav"})
        self.assertIn("a link that leads to itself", self.quarantine()["a/self.wav"])


if __name__ == "__main__":
    unittest.main()
