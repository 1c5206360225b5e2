"""A small collection of audio, ingested as a user would: alone or under mpirun, watched by what it writes."""

import hashlib
import os
import random
import signal
import subprocess
import time
import wave
from pathlib import Path

PROGRAM = Path(os.environ["CHORALE_BIN"]) / "chorale-ingest"
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMP_NUM_THREADS="1")
DEADLINE = 120  # seconds; far beyond what any job here takes

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


def children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return sorted(found)


class Job:
    """One run of chorale-ingest. ranks=0: started without mpirun. `before` runs in the new process."""

    def __init__(self, folder, *arguments, ranks=0, env=None, before=None):
        config = folder / "ingest.toml"
        config.write_text(CONFIG.format(root=folder / "audio", store=folder / "store"))
        launcher = ["mpirun", "-n", str(ranks), "--oversubscribe"] if ranks else []
        self.ranks, self.store = ranks, folder / "store"
        self.process = subprocess.Popen([*launcher, PROGRAM, config, *arguments], env={**ENVIRONMENT, **(env or {})},
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        preexec_fn=before, restore_signals=False)  # SIGXFSZ stays ignored

    def wait(self):
        self.stdout, self.stderr = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode

    def shards(self):
        return len(list(self.store.glob("shard-*.h5")))

    def writing(self):
        return any(self.store.glob("shard-*.partial"))

    def wait_until(self, condition):
        """Looks until the condition holds; an error when the job ends before."""
        end = time.monotonic() + DEADLINE
        while not condition():
            if self.process.poll() is not None:
                raise AssertionError(f"the job ended too early: {self.process.communicate()}")
            if time.monotonic() > end:
                raise AssertionError("the job does not get that far")
            time.sleep(0.0005)

    def rank_pids(self):
        return children(self.process.pid) if self.ranks else [self.process.pid]

    def kill(self):
        """kill -9 of everything at once, as when a node loses power."""
        for pid in [self.process.pid, *self.rank_pids()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return self.wait()


def run(folder, *arguments, ranks=0, env=None):
    job = Job(folder, *arguments, ranks=ranks, env=env)
    job.status = job.wait()
    return job
