"""Whether chroma hears the note that was played: recordings of single notes, by chorale-ingest and by librosa 0.11.

    build/peers/bin/python tests/bench/chroma_of_notes.py build/release FOLDER

FOLDER: sub-folders of audio files whose names hold the note between underscores, as those of the Philharmonia
Orchestra do (cello_As3_1_forte.mp3 is A sharp 3). For notes longer than 0.4 s: how often the strongest pitch class
of the mean chroma is the note's, the frames counting alike, or by their power; and how often chorale and librosa hear
the same. The last rows leave out recordings that sound more than half a semitone off their name (by librosa.yin).
"""
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import h5py
import librosa
import numpy as np

RATE, SHORTEST = 22050, 0.4
CLASSES = {name: i for i, name in enumerate("C Cs D Ds E F Fs G Gs A As B".split())}
CHROMAS = ("chroma_cqt", "chroma_stft")


def ingest(build, folder, scratch):
    """Relative path -> the chromas [12, frames] that chorale-ingest stores."""
    config = scratch / "notes.toml"
    config.write_text(
        f'[dataset]\nkind = "folder"\nroot = "{folder}"\n[features]\nstore = {list(CHROMAS)}\n'
        f'[store]\npath = "{scratch / "store"}"\ndtype = "f32"\n'.replace("'", '"')
    )
    if subprocess.run([build / "bin" / "chorale-ingest", config], stdout=subprocess.DEVNULL).returncode:
        sys.exit("chorale-ingest failed, see above")
    tracks = {}
    for path in sorted((scratch / "store").glob("shard-*.h5")):
        with h5py.File(path) as shard:
            rows = zip(*(shard["tracks"][column][()] for column in ("path", "frame_offset", "frame_count")))
            for name, first, count in rows:
                chromas = {chroma: shard[chroma][first : first + count].T for chroma in CHROMAS}
                tracks[name.decode()] = chromas
    return tracks


def deviation(y, midi):
    """Semitones that the loud part of a note lies above its name."""
    low, high = librosa.midi_to_hz([midi - 5, midi + 5])
    pitch = librosa.yin(y, fmin=low, fmax=min(high, RATE / 2 - 1), sr=RATE, frame_length=4096)
    rms = librosa.feature.rms(y=y, frame_length=4096, hop_length=1024)[0]
    frames = min(pitch.size, rms.size)
    loud = rms[:frames] > 0.3 * rms.max()
    return abs(np.median(librosa.hz_to_midi(pitch[:frames][loud])) - midi)


def strongest(chroma, power):
    return {"frames alike": chroma.mean(axis=1).argmax(), "by power": (chroma * power).mean(axis=1).argmax()}


def hear(path, chromas):
    """(note, in tune, {(chroma, weight): (chorale, librosa)}), or None where no note is named or it is short."""
    named = re.search(r"_([A-G]s?)(\d)_", path.name)
    if not named:
        return None
    y, _ = librosa.load(path, sr=RATE)
    if y.size <= SHORTEST * RATE:
        return None
    name, octave = named.groups()
    power = librosa.feature.rms(y=y)[0] ** 2
    peers = {chroma: getattr(librosa.feature, chroma)(y=y, sr=RATE) for chroma in CHROMAS}
    heard = {}
    for chroma in CHROMAS:
        ours, theirs = strongest(chromas[chroma], power), strongest(peers[chroma], power)
        heard.update({(chroma, weight): (ours[weight], theirs[weight]) for weight in ours})
    note = CLASSES[name]
    return note, deviation(y, 12 * (int(octave) + 1) + note) <= 0.5, heard


def report(title, notes):
    print(f"\n{title}: {len(notes)} notes longer than {SHORTEST} s\n")
    print(f"{'':<12} {'':<13} {'chorale':>8} {'librosa':>8} {'the same':>9}")
    for chroma, weight in notes[0][2]:
        pairs = np.array([(note, *heard[chroma, weight]) for note, _, heard in notes])
        right = [np.mean(pairs[:, 0] == pairs[:, column]) for column in (1, 2)]
        same = np.mean(pairs[:, 1] == pairs[:, 2])
        print(f"{chroma:<12} {weight:<13} {right[0]:>8.1%} {right[1]:>8.1%} {same:>9.1%}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build, folder = (Path(argument).resolve() for argument in sys.argv[1:])
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        tracks = ingest(build, folder, Path(scratch))
    heard = (hear(folder / path, chromas) for path, chromas in tracks.items())
    notes = [note for note in heard if note is not None]
    if not notes:
        sys.exit(f"{folder}: no file whose name holds a note, as in cello_As3_1_forte.mp3")
    report("All", notes)
    report("In tune", [note for note in notes if note[1]])


if __name__ == "__main__":
    main()
