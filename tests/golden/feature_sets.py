"""The two named sets of features by librosa: what docs/features.md says, in Python.

features_103 follows the extractor whose 103 names it has, but takes tonnetz of the signal itself and not of its harmonic
part; features_518 follows features.py of FMA
(github.com/mdeff/fma), which calls librosa 0.5 at each file's own rate: here at the rate given, with the number of bins
an octave said, which librosa no longer guesses. Where numpy and scipy divide by nothing (the share of a key in silence,
skew and kurtosis of what does not vary), the value is the one that ours have: 0, and -3 of kurtosis.
"""
import librosa
import numpy as np
from scipy import stats

PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
STATISTICS = ("kurtosis", "max", "mean", "median", "min", "skew", "std")


def moments(features):
    """The 7 statistics of each row, in double."""
    x = np.atleast_2d(features).astype(np.float32).astype(np.float64)
    steady = x.var(axis=1) <= (np.finfo(np.float32).resolution * x.mean(axis=1)) ** 2
    with np.errstate(all="ignore"):
        skew, kurtosis = stats.skew(x, axis=1), stats.kurtosis(x, axis=1)
    skew[steady], kurtosis[steady] = 0.0, -3.0
    return {"mean": x.mean(1), "std": x.std(1), "skew": skew, "kurtosis": kurtosis, "median": np.median(x, 1),
            "min": x.min(1), "max": x.max(1)}


def mean_std(name, values, labels=None):
    values = np.atleast_2d(values).astype(np.float64)
    names = [f"{name}_{label}" for label in labels or range(1, len(values) + 1)] if len(values) > 1 else [name]
    for label, row in zip(names, values):
        yield f"{label}_mean", row.mean()
        yield f"{label}_std", row.std()


def features_103(y, sr):
    seconds = len(y) / sr
    tempo, beats = librosa.beat.beat_track(y=y, sr=sr)
    onsets = librosa.onset.onset_detect(y=y, sr=sr)
    f = {"duration": seconds, "sample_rate": sr, "tempo": np.squeeze(tempo), "beat_count": len(beats),
         "onset_count": len(onsets), "onset_density": len(onsets) / seconds}
    f.update(mean_std("zcr", librosa.feature.zero_crossing_rate(y)))

    f.update(mean_std("mfcc", librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)))
    f.update(mean_std("spectral_centroid", librosa.feature.spectral_centroid(y=y, sr=sr)))
    f.update(mean_std("spectral_rolloff", librosa.feature.spectral_rolloff(y=y, sr=sr)))
    f.update(mean_std("spectral_bandwidth", librosa.feature.spectral_bandwidth(y=y, sr=sr)))
    f.update(mean_std("spectral_contrast", librosa.feature.spectral_contrast(y=y, sr=sr)))

    chroma = librosa.feature.chroma_stft(y=y, sr=sr)
    share = chroma.astype(np.float64).mean(axis=1)
    f.update(mean_std("chroma", chroma, PITCHES))
    f["estimated_key"] = np.argmax(share)
    f["key_confidence"] = share.max() / share.sum() if share.any() else 0.0
    f.update(mean_std("tonnetz", librosa.feature.tonnetz(y=y, sr=sr)))

    tempogram = librosa.feature.tempogram(y=y, sr=sr)
    envelope = librosa.onset.onset_strength(y=y, sr=sr)
    correlation = np.correlate(envelope, envelope, mode="full")[len(envelope) - 1 :]
    f.update(tempogram_mean=tempogram.mean(), tempogram_std=tempogram.std(), tempogram_max=tempogram.max())
    f["rhythm_regularity"] = correlation[:50].std() if len(correlation) > 10 else 0.0

    samples = y.astype(np.float64)
    of_samples = moments(y)
    f["rms_energy"] = np.sqrt(np.mean(samples**2))
    f["max_amplitude"] = np.abs(samples).max()
    f["mean_amplitude"] = np.abs(samples).mean()
    f["std_amplitude"] = samples.std()
    f["skewness"], f["kurtosis"] = of_samples["skew"][0], of_samples["kurtosis"][0]
    f["dynamic_range"] = np.ptp(samples)
    return {name: float(value) for name, value in f.items()}


def features_518(y, sr):
    cqt = np.abs(librosa.cqt(y, sr=sr, bins_per_octave=12, n_bins=7 * 12, tuning=None))
    cens = librosa.feature.chroma_cens(C=cqt, bins_per_octave=12)
    stft = np.abs(librosa.stft(y))
    mel = librosa.feature.melspectrogram(S=stft**2, sr=sr)
    channels = {
        "chroma_cens": cens,
        "chroma_cqt": librosa.feature.chroma_cqt(C=cqt, bins_per_octave=12),
        "chroma_stft": librosa.feature.chroma_stft(S=stft**2, sr=sr),
        "mfcc": librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=20),
        "rmse": librosa.feature.rms(S=stft),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(S=stft, sr=sr),
        "spectral_centroid": librosa.feature.spectral_centroid(S=stft, sr=sr),
        "spectral_contrast": librosa.feature.spectral_contrast(S=stft, sr=sr),
        "spectral_rolloff": librosa.feature.spectral_rolloff(S=stft, sr=sr),
        "tonnetz": librosa.feature.tonnetz(chroma=cens),
        "zcr": librosa.feature.zero_crossing_rate(y),
    }
    f = {}
    for name, values in channels.items():
        of_channel = moments(values)
        for statistic in STATISTICS:
            for i, value in enumerate(of_channel[statistic], start=1):
                f[f"{name}_{statistic}_{i:02d}"] = float(value)
    return f
