"""Mel ingest of 100 MP3 files by chorale-ingest and by librosa 0.11, one core each, in turns in one run.

    ./run bench ingest        (or: build/peers/bin/python tests/bench/ingest.py build/release)

The files are made here (30 s, 44.1 kHz stereo, chords, drums and noise), so that no data is needed.
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

import h5py
import librosa
import numpy as np
import soundfile

FILES, SECONDS, RATE, ROUNDS = 100, 30, 44100, 5


def music(seed):
    """Chords of saw waves, a beat and some noise in stereo: an encoder finds as much to do as in a song."""
    random = np.random.default_rng(seed)
    t = np.arange(SECONDS * RATE) / RATE
    beat = t * random.uniform(1.3, 2.5) % 1
    envelope = np.exp(-random.uniform(1, 6) * beat)
    song = random.standard_normal((t.size, 2), dtype=np.float32) * (0.8 * envelope**4 + 0.05)[:, None]
    for note in random.choice(36, size=4, replace=False):
        wave = envelope * (82.4 * 2 ** (note / 12) * t % 1 - 0.5)
        song += wave[:, None] * random.uniform(0.3, 1.0, size=2)
    return 0.7 * song / np.abs(song).max()


def make_files(folder):
    done = folder / "done"
    if done.exists():
        return
    print(f"making {FILES} MP3 files in {folder} ...", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    for i in range(FILES):
        path = folder / "ab"[i % 2] / f"{i:03d}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, music(i), RATE)
    done.touch()


def cpu_seconds():
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(action):
    """Seconds by the clock, and of CPU."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    action()
    return time.perf_counter() - wall, cpu_seconds() - cpu


def librosa_ingest(files, output):
    with h5py.File(output, "w") as store:
        for path in files:
            y, rate = librosa.load(path, sr=22050)
            mel = librosa.feature.melspectrogram(y=y, sr=rate)
            decibels = librosa.power_to_db(mel, top_db=None)
            store.create_dataset(path.stem, data=decibels.T.astype(np.float16))


def chorale_ingest(build, config, scratch):
    store = scratch / "store"
    shutil.rmtree(store, ignore_errors=True)
    subprocess.run([build / "bin" / "chorale-ingest", config, f"store.path={store}"], check=True, capture_output=True)


def chorale_stages(build, audio, scratch):
    store = scratch / "stages"
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir()
    command = [build / "tests" / "bench_ingest_stages", audio, store]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    build = Path(sys.argv[1]).resolve()
    scratch = build.parent / "bench"
    audio = scratch / "mp3"
    make_files(audio)
    files = sorted(audio.glob("*/*.mp3"))
    config = scratch / "ingest.toml"
    config.write_text(f'[dataset]\nkind = "folder"\nroot = "{audio}"\n')

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    librosa_ingest(files[:3], scratch / "librosa.h5")
    chorale_stages(build, audio, scratch)
    rounds = []
    for _ in range(ROUNDS):
        stages = chorale_stages(build, audio, scratch)
        stages["chorale"] = timed(lambda: chorale_ingest(build, config, scratch))
        stages["librosa"] = timed(lambda: librosa_ingest(files, scratch / "librosa.h5"))
        rounds.append(stages)
    report(rounds)


def report(rounds):
    audio = rounds[0]["audio"]
    steps = ("decode", "resample", "mel", "write")

    def median(value):
        return statistics.median(value(r) for r in rounds)

    def line(name, key):
        cells = []
        for clock in (0, 1):  # wall, CPU
            seconds = median(lambda r: r[key][clock])
            faster = median(lambda r: r["librosa"][clock] / r[key][clock])
            cells.append(f"{audio / seconds:>12,.0f} {1e3 * seconds / FILES:>10.1f} {faster:>13.2f}")
        print(f"{name:<34}" + "  ".join(cells))

    print(f"Mel ingest of {FILES} MP3 files of {SECONDS} s, {RATE} Hz stereo; one core each, median of {ROUNDS} rounds.\n")
    print(f"{'':<34}{'by the clock':>37}  {'CPU time':>37}")
    print(f"{'':<34}" + "  ".join(2 * [f"{'x real time':>12} {'ms a file':>10} {'times librosa':>13}"]))
    line(f"librosa {librosa.__version__}, HDF5 by h5py", "librosa")
    line("chorale-ingest, the whole program", "chorale")
    line("decoding alone (libsndfile)", "decode")
    shares = [(s, median(lambda r, s=s: r[s][1] / sum(r[x][1] for x in steps))) for s in steps]
    print("\nOf chorale's CPU time: " + ", ".join(f"{name} {100 * share:.1f} %" for name, share in shares))


if __name__ == "__main__":
    main()
