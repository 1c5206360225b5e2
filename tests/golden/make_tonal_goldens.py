"""Writes the goldens of tonal features into tests/golden/features/data; run make_goldens.py first.

    build/goldens/bin/python tests/golden/make_tonal_goldens.py

For a feature signal X at 22.05 kHz, all arrays time-major:
    X.tuning.npy       estimate_tuning of the power spectrogram for 12 bins, of the magnitudes for 36 and 12 bins
    X.chroma_stft.npy
    X.cqt36.npy, X.cqt12.npy   |cqt|, 7 octaves, of the frames in X.cqt_frames.npy
    X.chroma_cqt.npy, X.tonnetz.npy, X.chroma_cens.npy   of the CQT of 36 bins
    X.chroma_cens12.npy                                  of the CQT of 12 bins, as FMA's features
    X.key.npy          index and confidence of Krumhansl-Kessler profiles on the mean chroma_cqt, then the strongest
                       class of the mean chroma_stft and its share
cqt_N.*.npy: |cqt| with tuning 0 of the frames in cqt_N.cqt_frames.npy, of a signal at its own rate (CQT_CASES).
"""
import warnings

import librosa
import numpy as np
import scipy

from goldens_io import DATA, load_feature_signals, print_versions, save
from signals import RATE

# Signal, rate, hop length, bins per octave: the rate divided first; an odd hop, so no octave at half the rate; a hop
# that can be halved twice.
CQT_CASES = (
    ("rate_96000", 96000, 1024, 36),
    ("rate_96000", 96000, 512, 12),
    ("surround_48000", 48000, 441, 36),
    ("tenth_of_a_second", 22050, 300, 12),
)
FILTERS = {"chroma_filters_0": (22050, 512, 0.07), "chroma_filters_1": (16000, 400, -0.31)}
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


def cqt(y, rate, bins_per_octave, hop_length=512, tuning=None):
    options = dict(bins_per_octave=bins_per_octave, n_bins=7 * bins_per_octave)
    return np.abs(librosa.cqt(y, sr=rate, hop_length=hop_length, tuning=tuning, **options))


def save_frames(name, frames, **steps):
    """Eight frames from first to last are enough: they differ in nothing but their samples."""
    chosen = np.unique(np.linspace(0, frames - 1, 8).astype(np.int32))
    save(name, "cqt_frames", chosen)
    for step, array in steps.items():
        save(name, step, array.T[chosen])


def key(mean_chroma):
    """Index (C major ... B major, C minor ... B minor) and Pearson correlation of the best profile."""
    if np.ptp(mean_chroma) == 0:
        return 0, 0.0
    profiles = [np.roll(profile, tonic) for profile in (MAJOR, MINOR) for tonic in range(12)]
    fits = [np.corrcoef(mean_chroma, profile)[0, 1] for profile in profiles]
    return int(np.argmax(fits)), float(np.max(fits))


def strongest(mean_chroma):
    total = mean_chroma.sum()
    return int(np.argmax(mean_chroma)), float(mean_chroma.max() / total) if total > 0 else 0.0


def save_tonal(name, y):
    power = np.abs(librosa.stft(y)) ** 2
    tunings = [librosa.estimate_tuning(S=power, sr=RATE)]
    tunings += [librosa.estimate_tuning(y=y, sr=RATE, bins_per_octave=bins) for bins in (36, 12)]
    save(name, "tuning", np.array(tunings, dtype=np.float64))

    chroma_stft = librosa.feature.chroma_stft(S=power, sr=RATE)
    save(name, "chroma_stft", chroma_stft.T)
    cqt36, cqt12 = cqt(y, RATE, 36), cqt(y, RATE, 12)
    save_frames(name, cqt36.shape[1], cqt36=cqt36, cqt12=cqt12)
    chroma_cqt = librosa.feature.chroma_cqt(C=cqt36)
    save(name, "chroma_cqt", chroma_cqt.T)
    save(name, "tonnetz", librosa.feature.tonnetz(chroma=chroma_cqt).T)
    save(name, "chroma_cens", librosa.feature.chroma_cens(C=cqt36).T)
    save(name, "chroma_cens12", librosa.feature.chroma_cens(C=cqt12, bins_per_octave=12).T)
    means = [chroma.astype(np.float64).mean(axis=1) for chroma in (chroma_cqt, chroma_stft)]
    save(name, "key", np.array([*key(means[0]), *strongest(means[1])]))


def main():
    for name, y in load_feature_signals():
        save_tonal(name, y)
    for number, (signal, rate, hop_length, bins_per_octave) in enumerate(CQT_CASES):
        y, _ = librosa.load(DATA / f"{signal}.flac", sr=None)
        magnitudes = cqt(y, rate, bins_per_octave, hop_length, tuning=0.0)
        save_frames(f"cqt_{number}", magnitudes.shape[1], cqt=magnitudes)
    for name, (rate, n_fft, tuning) in FILTERS.items():
        save(name, "weights", librosa.filters.chroma(sr=rate, n_fft=n_fft, tuning=tuning).T)
    print_versions(librosa, np, scipy)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # short signals, and tuning of silence
    main()
