"""Writes the goldens of the spectral features: see make_goldens.py, which writes the signals.

Of every feature signal X, time-major:
    X.mfcc.npy           feature.mfcc, 20 coefficients, of the long signals 13
    X.mfcc_delta.npy     feature.delta, order 1 and 2 (delta2), width 9, mode "interp"; "nearest" below 9 frames
    X.contrast.npy       feature.spectral_contrast
    X.shape.npy          [frames, 4]: centroid, bandwidth, rolloff, flatness
    X.envelope.npy       [frames, 2]: rms, zero_crossing_rate
    X.mfcc_moments.npy   [20, 7]: mean, std, skew, kurtosis, median, min, max over time of the mfcc, and of
    X.shape_moments.npy  [4, 7]: the shape
Of a few short ones: X.stft.npy and X.stft_db.npy, of the frame in the middle. "small_fft" is song2 with n_fft 1024,
hop 300, 40 mels.
"""
import librosa
import numpy as np
import scipy
from scipy import stats

from goldens_io import load_feature_signals, load_signal, print_versions, save
from signals import RATE, spectral_signals


def delta(features, order):
    mode = "interp" if features.shape[1] >= 9 else "nearest"
    return librosa.feature.delta(features, width=9, order=order, mode=mode)


def moments(features):
    """As FMA's features.py, in double. Where nothing varies scipy gives NaN today; it gave 0 and -3 then."""
    x = features.astype(np.float32).astype(np.float64)
    steady = x.var(axis=1) <= (np.finfo(np.float32).resolution * x.mean(axis=1)) ** 2
    with np.errstate(all="ignore"):
        skew, kurtosis = stats.skew(x, axis=1), stats.kurtosis(x, axis=1)
    skew[steady], kurtosis[steady] = 0.0, -3.0
    return np.stack([x.mean(1), x.std(1), skew, kurtosis, np.median(x, 1), x.min(1), x.max(1)], axis=1)


def shape(y, frame):
    magnitude = np.abs(librosa.stft(y, **frame))
    return np.concatenate([
        librosa.feature.spectral_centroid(S=magnitude, sr=RATE, **frame),
        librosa.feature.spectral_bandwidth(S=magnitude, sr=RATE, **frame),
        librosa.feature.spectral_rolloff(S=magnitude, sr=RATE, **frame),
        librosa.feature.spectral_flatness(S=magnitude, **frame),
    ])


def envelope(y, n_fft, hop_length):
    frame = {"frame_length": n_fft, "hop_length": hop_length}
    return np.concatenate([librosa.feature.rms(y=y, **frame), librosa.feature.zero_crossing_rate(y, **frame)])


def save_features(name, y, n_mfcc=20, n_mels=128, n_fft=2048, hop_length=512):
    frame = {"n_fft": n_fft, "hop_length": hop_length}
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=n_mfcc, n_mels=n_mels, **frame)
    contrast = librosa.feature.spectral_contrast(y=y, sr=RATE, **frame)
    save(name, "mfcc", mfcc.T)
    save(name, "contrast", contrast.T.astype(np.float32))
    save(name, "shape", shape(y, frame).T.astype(np.float32))
    save(name, "envelope", envelope(y, **frame).T.astype(np.float32))
    if mfcc.shape[1] < 300:
        save(name, "mfcc_delta", delta(mfcc, 1).T)
        save(name, "mfcc_delta2", delta(mfcc, 2).T)
    save(name, "mfcc_moments", moments(mfcc))
    save(name, "shape_moments", moments(shape(y, frame)))


def main():
    for name, y in load_feature_signals():
        save_features(name, y, n_mfcc=13 if y.size > 5 * RATE else 20)
        if name == "song2":
            save_features("small_fft", y[:RATE], n_mels=40, n_fft=1024, hop_length=300)
    for name in spectral_signals():
        stft = np.abs(librosa.stft(load_signal(name)))
        middle = stft[:, stft.shape[1] // 2]
        save(name, "stft", middle)
        save(name, "stft_db", librosa.amplitude_to_db(middle, ref=1.0, top_db=None))
    print_versions(librosa, np, scipy)


if __name__ == "__main__":
    main()
