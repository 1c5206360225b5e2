"""Ingest by chorale-ingest and by librosa 0.11, one core each, in turns in one run, with a table by stage.

    ./run bench ingest            (or: build/peers/bin/python tests/bench/ingest.py build/release [SECTION ...])

The sections are mp3, wav, features_103 and ranks; without one, all. The files are made here (chords, drums and noise), so
that no data is needed. Every line gives the median over the rounds; the peers take turns within a round, so that
whatever else the machine does hits all of them.
"""
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
for variable in ("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"):
    os.environ.setdefault(variable, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "golden"))

import h5py
import librosa
import numpy as np
import soundfile

from feature_sets import features_103

FILES, SECONDS = 100, 30
CORES = os.sched_getaffinity(0)


def music(seed, rate, channels):
    """Chords of saw waves, a beat and some noise: an encoder finds as much to do as in a song."""
    random = np.random.default_rng(seed)
    t = np.arange(SECONDS * rate) / rate
    beat = t * random.uniform(1.3, 2.5) % 1
    envelope = np.exp(-random.uniform(1, 6) * beat)
    song = random.standard_normal((t.size, channels), dtype=np.float32) * (0.8 * envelope**4 + 0.05)[:, None]
    for note in random.choice(36, size=4, replace=False):
        wave = envelope * (82.4 * 2 ** (note / 12) * t % 1 - 0.5)
        song += wave[:, None] * random.uniform(0.3, 1.0, size=channels)
    return 0.7 * song / np.abs(song).max()


def make_files(folder, extension, rate, channels):
    done = folder / "done"
    if done.exists():
        return
    print(f"making {FILES} files in {folder} ...", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    for i in range(FILES):
        path = folder / "ab"[i % 2] / f"{i:03d}{extension}"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, music(i, rate, channels), rate)
    done.touch()


def cpu_seconds():
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(action):
    """Seconds by the clock, and of CPU."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    action()
    return time.perf_counter() - wall, cpu_seconds() - cpu


def load(path):
    return librosa.load(path, sr=22050)


def librosa_mel(files, store):
    for path in files:
        y, rate = load(path)
        mel = librosa.feature.melspectrogram(y=y, sr=rate)
        store.create_dataset(path.stem, data=librosa.power_to_db(mel, top_db=None).T.astype(np.float16))


def librosa_features_103(files, store):
    for path in files:
        store.create_dataset(path.stem, data=np.array(list(features_103(*load(path)).values()), np.float32))


class Bench:
    def __init__(self, build):
        self.build = Path(build).resolve()
        self.scratch = self.build.parent / "bench"
        self.store = self.scratch / "store"

    def ingest(self, root, *overrides, ranks=0):
        shutil.rmtree(self.store, ignore_errors=True)
        config = self.scratch / "ingest.toml"
        config.write_text(f'[dataset]\nkind = "folder"\nroot = "{root}"\n[store]\npath = "{self.store}"\n')
        launcher = ["mpirun", "-n", str(ranks), "--bind-to", "core"] if ranks else []
        job = subprocess.run([*launcher, self.build / "bin" / "chorale-ingest", config, *overrides],
                             capture_output=True, text=True)
        if job.returncode != 0:
            sys.exit(job.stderr)

    def stages(self, root, features):
        folder = self.scratch / "stages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        command = [self.build / "tests" / "bench_ingest_stages", root, folder, *features]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def compare(self, title, root, features, by_librosa, rounds):
        """A table of the peers, and one of the stages."""
        files = sorted(root.glob("*/*.*"))

        def of_librosa(some):
            with h5py.File(self.scratch / "librosa.h5", "w") as store:
                by_librosa(some, store)

        os.sched_setaffinity(0, {max(CORES)})
        of_librosa(files[:2])  # compiles what librosa compiles, and warms the page cache
        results = []
        for _ in range(rounds):
            result = self.stages(root, features)
            stored = "features.store=[" + ",".join(f'"{name}"' for name in features) + "]"
            result["chorale"] = timed(lambda: self.ingest(root, stored))
            result["librosa"] = timed(lambda: of_librosa(files))
            results.append(result)
        os.sched_setaffinity(0, CORES)
        report(title, len(files), results)

    def ranks(self, root, rounds):
        """Two ranks beside one, on so many files that the start does not count."""
        files = len(list(root.glob("*/*.*")))
        times = {1: [], 2: []}
        self.ingest(root, ranks=2)
        for _ in range(rounds):
            for ranks, seconds in times.items():
                seconds.append(timed(lambda r=ranks: self.ingest(root, "store.tracks_per_shard=32", ranks=r))[0])
        one, two = (statistics.median(times[ranks]) for ranks in (1, 2))
        print(f"## Ranks: mel of {files} MP3 files, {rounds} rounds\n")
        print("| Ranks | x real time | seconds, each round | times one rank |\n|---:|---:|---|---:|")
        for ranks, median in ((1, one), (2, two)):
            each = ", ".join(f"{s:.1f}" for s in times[ranks])
            print(f"| {ranks} | {files * SECONDS / median:,.0f} | {each} | {one / median:.2f} |")
        print()


def report(title, files, results):
    audio = results[0]["audio"]

    def median(value):
        return statistics.median(value(r) for r in results)

    def line(name, key):
        cells = []
        for clock in (0, 1):  # wall, CPU
            seconds = median(lambda r: r[key][clock])
            faster = median(lambda r: r["librosa"][clock] / r[key][clock])
            share = median(lambda r: r["decode_alone"][clock] / r[key][clock])
            cells.append(f"{audio / seconds:,.0f} | {1e3 * seconds / files:.1f} | {faster:.2f} | {share:.2f}")
        print(f"| {name} | " + " | ".join(cells) + " |")

    print(f"## {title}: {files} files of {SECONDS} s, one core each, {len(results)} rounds\n")
    columns = "x real time | ms a file | times librosa | of decoding alone"
    print(f"| | {columns} | CPU: {columns} |\n|---" + 8 * "|---:" + "|")
    line(f"librosa {librosa.__version__}, HDF5 by h5py", "librosa")
    line("chorale-ingest, the whole program", "chorale")
    line("libsndfile, decoding alone", "decode_alone")
    steps = list(results[0]["stages"])
    total = median(lambda r: sum(r["stages"][s][1] for s in steps))
    print("\n| Stage | ms a file (CPU) | share |\n|---|---:|---:|")
    for step in steps:
        seconds = median(lambda r, s=step: r["stages"][s][1])
        print(f"| {step} | {1e3 * seconds / files:.2f} | {100 * seconds / total:.1f} % |")
    print()


def some_of(folder, count):
    """So many files of a collection, by links: fewer than it has, or each several times."""
    some = folder.with_name(f"{folder.name}-{count}")
    shutil.rmtree(some, ignore_errors=True)
    files = sorted(folder.glob("*/*.*"))
    for i in range(count):
        path = files[i % len(files)]
        link = some / path.parent.name / f"{path.stem}-{i // len(files)}{path.suffix}"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    return some


def main(build, *sections):
    bench = Bench(build)
    mp3, wav = bench.scratch / "mp3", bench.scratch / "wav"
    make_files(mp3, ".mp3", 44100, 2)
    make_files(wav, ".wav", 22050, 1)
    sections = sections or ("mp3", "wav", "features_103", "ranks")
    if "mp3" in sections:
        bench.compare("Mel of MP3, 44.1 kHz stereo", mp3, ["mel"], librosa_mel, rounds=5)
    if "wav" in sections:
        bench.compare("Mel of WAV, 22.05 kHz mono", some_of(wav, 400), ["mel"], librosa_mel, rounds=5)
    if "features_103" in sections:
        for title, files in (("MP3, 44.1 kHz stereo", mp3), ("WAV, 22.05 kHz mono", wav)):
            some = some_of(files, 20)
            bench.compare(f"103 features of {title}", some, ["features_103"], librosa_features_103, rounds=3)
    if "ranks" in sections:
        bench.ranks(some_of(mp3, 1600), rounds=3)


if __name__ == "__main__":
    main(*sys.argv[1:])
