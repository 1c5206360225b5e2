"""Writes tests/golden/features/data: signals of our own, and what librosa makes of them step by step.

    python3 -m venv build/goldens
    build/goldens/bin/pip install -r tests/golden/requirements.txt
    build/goldens/bin/python tests/golden/make_goldens.py

For a signal X:  X.wav (or another format)  the input
                 X.mono.npy   librosa.load(sr=None): decoded, mean over channels (where its rate is not 22050)
                 X.y.npy      librosa.load(sr=22050)
                 X.power.npy  |stft(y)|^2 of the frames in X.frames.npy, time-major
                 X.mel.npy    melspectrogram(y), time-major
                 X.db.npy     power_to_db(mel, ref=1.0, top_db=None), time-major
"""
from pathlib import Path

import librosa
import numpy as np
import soundfile

DATA = Path(__file__).parent / "features" / "data"
RATE = 22050


def time(seconds, rate=RATE):
    return np.arange(int(seconds * rate)) / rate


def harmonic(seconds, rate, pitch, seed):
    """A decaying harmonic tone in a little noise."""
    t = time(seconds, rate)
    tone = sum(np.sin(2 * np.pi * pitch * h * t + h) / h for h in range(1, 12) if pitch * h < 0.45 * rate)
    noise = np.random.default_rng(seed).standard_normal(t.size)
    return 0.25 * tone * np.exp(-2 * t) + 0.01 * noise


def chirp(seconds, rate):
    """50 Hz to 0.45 of the rate, without noise: the quiet bins are as hard as the loud ones."""
    t = time(seconds, rate)
    return 0.5 * np.sin(2 * np.pi * (50 * t + (0.45 * rate - 50) * t**2 / (2 * seconds)))


def stereo(seconds, rate):
    return np.stack([harmonic(seconds, rate, 330.0, 1), harmonic(seconds, rate, 494.0, 2)], axis=1)


def spectral_signals():
    """22.05 kHz mono: one for each thing an STFT can get wrong."""
    impulse = np.zeros(4000)
    impulse[2000] = 0.9
    return {
        "harmonic": harmonic(0.2, RATE, 220.0, 0),
        "chirp": chirp(0.2, RATE),
        "tone": 0.9 * np.sin(2 * np.pi * 1000.0 * time(0.15)),
        "silence": np.zeros(4000),
        "dc": np.full(4000, 0.5),
        "impulse": impulse,
        "square": np.clip(3.0 * np.sin(2 * np.pi * 311.0 * time(0.15)), -1.0, 1.0),
        "short": harmonic(0.05, RATE, 440.0, 3),  # shorter than n_fft
        "one_sample": np.array([0.7]),
        "hop_multiple": harmonic(8 * 512 / RATE, RATE, 150.0, 4),
    }


def resampled_signals():
    three = np.stack([harmonic(0.1, 32000, p, 5) for p in (200.0, 300.0, 400.0)], axis=1)
    return {
        "stereo_44100": (stereo(0.15, 44100), 44100),
        "mono_48000": (harmonic(0.12, 48000, 523.0, 6), 48000),
        "mono_8000": (harmonic(0.2, 8000, 196.0, 7), 8000),
        "mono_96000": (chirp(0.06, 96000), 96000),
        "three_channels_32000": (three, 32000),
        "short_11025": (harmonic(0.02, 11025, 300.0, 8), 11025),
    }


def codec_files():
    return {
        "flac_24": ("flac", "PCM_24"),
        "ogg": ("ogg", "VORBIS"),
        "mp3": ("mp3", "MPEG_LAYER_III"),
        "au": ("au", "PCM_16"),
        "wav_float": ("wav", "FLOAT"),
    }


def save(name, step, array):
    np.save(DATA / f"{name}.{step}.npy", np.ascontiguousarray(array))


def save_load(path, name):
    mono, rate = librosa.load(path, sr=None)
    if rate != RATE:
        save(name, "mono", mono)
    y, _ = librosa.load(path, sr=RATE)
    save(name, "y", y)
    return y


def save_spectra(name, y, each_step):
    power = np.abs(librosa.stft(y)) ** 2
    mel = librosa.feature.melspectrogram(y=y, sr=RATE)
    if each_step:
        frames = np.unique([0, power.shape[1] // 2, power.shape[1] - 1])
        save(name, "frames", frames.astype(np.int32))
        save(name, "power", power.T[frames])
        save(name, "mel", mel.T)
    save(name, "db", librosa.power_to_db(mel, ref=1.0, top_db=None).T)


def save_filters(name, **options):
    filters = librosa.filters.mel(**options)
    rows, columns = np.nonzero(filters)
    save(name, "rows", rows.astype(np.int32))
    save(name, "columns", columns.astype(np.int32))
    save(name, "weights", filters[rows, columns])


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    for name, signal in spectral_signals().items():
        path = DATA / f"{name}.wav"
        soundfile.write(path, signal, RATE, subtype="PCM_16")
        save_spectra(name, save_load(path, name), each_step=True)
    for name, (signal, rate) in resampled_signals().items():
        path = DATA / f"{name}.wav"
        soundfile.write(path, signal, rate, subtype="PCM_16")
        save_spectra(name, save_load(path, name), each_step=False)
    for name, (extension, subtype) in codec_files().items():
        path = DATA / f"{name}.{extension}"
        soundfile.write(path, stereo(0.1, 44100), 44100, subtype=subtype)
        save_spectra(name, save_load(path, name), each_step=False)
    save_filters("filters_default", sr=RATE, n_fft=2048)
    save_filters("filters_narrow", sr=16000, n_fft=512, n_mels=40, fmin=50.0, fmax=7000.0)
    for module in (librosa, np, soundfile):
        print(module.__name__, module.__version__)


if __name__ == "__main__":
    main()
