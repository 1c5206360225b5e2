"""Writes tests/golden/features/data: signals of our own, and what librosa makes of them step by step.

    python3 -m venv build/goldens
    build/goldens/bin/pip install -r tests/golden/requirements.txt
    build/goldens/bin/python tests/golden/make_goldens.py

This script first: it writes the signals. Then make_spectral_goldens.py and its neighbours, in any order.

For a signal X:  X.wav (or another format)  the input
                 X.mono.npy   librosa.load(sr=None): decoded, mean over channels (where its rate is not 22050)
                 X.y.npy      librosa.load(sr=22050)
                 X.part.npy   librosa.load(sr=22050, offset=0.031, duration=0.05) (of codec files)
                 X.power.npy  |stft(y)|^2 of the frames in X.frames.npy, time-major
                 X.mel.npy    melspectrogram(y), time-major
                 X.db.npy     power_to_db(mel, ref=1.0, top_db=None), time-major
The signals of whole features (signals.feature_signals) are X.flac only.
"""
import librosa
import numpy as np
import soundfile

from goldens_io import DATA, print_versions, save, write_signal
from signals import RATE, codec_files, feature_signals, resampled_signals, spectral_signals, stereo


def save_load(path, name):
    mono, rate = librosa.load(path, sr=None)
    if rate != RATE:
        save(name, "mono", mono)
    y, _ = librosa.load(path, sr=RATE)
    save(name, "y", y)
    return y


def save_part(path, name):
    save(name, "part", librosa.load(path, sr=RATE, offset=0.031, duration=0.05)[0])


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
        path = write_signal(name, signal, RATE)
        save_spectra(name, save_load(path, name), each_step=True)
    for name, (signal, rate) in resampled_signals().items():
        path = write_signal(name, signal, rate)
        save_spectra(name, save_load(path, name), each_step=False)
    for name, (extension, subtype) in codec_files().items():
        path = write_signal(name, stereo(0.1, 44100), 44100, extension, subtype)
        save_part(path, name)
        save_spectra(name, save_load(path, name), each_step=False)
    for name, (signal, rate) in feature_signals().items():
        write_signal(name, signal, rate, "flac")
    save_filters("filters_default", sr=RATE, n_fft=2048)
    save_filters("filters_narrow", sr=16000, n_fft=512, n_mels=40, fmin=50.0, fmax=7000.0)
    print_versions(librosa, np, soundfile)


if __name__ == "__main__":
    main()
