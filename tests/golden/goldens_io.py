"""Reading the signals and writing the goldens of tests/golden/features; see make_goldens.py."""
from pathlib import Path

import librosa
import numpy as np
import soundfile

from signals import RATE, feature_signals

DATA = Path(__file__).parent / "features" / "data"


def write_signal(name, signal, rate, extension="wav", subtype="PCM_16"):
    path = DATA / f"{name}.{extension}"
    soundfile.write(path, signal, rate, subtype=subtype)
    return path


def save(name, step, array):
    """X.step.npy: float32, float64 or int32 in C order. Frames come time-major: [frames, bins]."""
    array = np.ascontiguousarray(array)
    if array.dtype not in (np.float32, np.float64, np.int32):
        raise TypeError(f"{name}.{step}: {array.dtype}")
    np.save(DATA / f"{name}.{step}.npy", array)


def load_signal(name, extension="wav"):
    samples, _ = librosa.load(DATA / f"{name}.{extension}", sr=RATE)
    return samples


def load_feature_signals():
    """(name, samples at 22.05 kHz) of every feature signal, from the files that make_goldens.py wrote."""
    for name in feature_signals():
        yield name, load_signal(name, "flac")


def print_versions(*modules):
    for module in modules:
        print(module.__name__, module.__version__)
