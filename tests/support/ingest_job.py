"""A small collection of audio, ingested as a user would: alone or under mpirun, watched by what it writes."""

import hashlib
import random
import wave

import job

CONFIG = """
[dataset]
kind = "folder"
root = "{root}"
[store]
path = "{store}"
tracks_per_shard = 3
"""


def write_wav(path, seconds, seed):
    """Noise that wanders, so that no two tracks and no two frames are alike."""
    stream = random.Random(seed)
    block = stream.randbytes(2 * 4410)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        for i in range(round(seconds * 5)):
            out.writeframes(block[2 * i :] + block[: 2 * i])


def make_collection(root, classes=3, tracks_per_class=20, seconds=4):
    for label in "abcdefgh"[:classes]:
        (root / label).mkdir(parents=True)
        for i in range(tracks_per_class):
            write_wav(root / label / f"{i:03}.wav", seconds + 0.2 * i, seed=f"{label}{i}")


def digest(store):
    """sha256 of every file of a store, by name."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(store.iterdir())}


class Job(job.Job):
    """One run of chorale-ingest."""

    def __init__(self, folder, *arguments, **options):
        config = folder / "ingest.toml"
        config.write_text(CONFIG.format(root=folder / "audio", store=folder / "store"))
        self.store = folder / "store"
        super().__init__("chorale-ingest", config, *arguments, **options)

    def shards(self):
        return len(list(self.store.glob("shard-*.h5")))

    def writing(self):
        return any(self.store.glob("shard-*.partial"))


def run(folder, *arguments, ranks=0, env=None):
    finished = Job(folder, *arguments, ranks=ranks, env=env)
    finished.wait()
    return finished
