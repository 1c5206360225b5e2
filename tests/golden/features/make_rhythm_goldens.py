"""Writes the goldens of the rhythm features; see ../make_goldens.py, which writes the signals and runs first.

    build/goldens/bin/python tests/golden/features/make_rhythm_goldens.py

For a feature signal X:  X.onset.npy, X.onset_median.npy  onset_strength by the mean and the median over the bands
                         X.tempogram.npy                  tempogram, the frames in X.tempogram_frames.npy
                         X.rhythm.npy                     tempogram mean, std, max, rhythm_regularity
For a metronome X:       X.onset.npy, X.onset_median.npy  the same: inputs of what is computed of an envelope
For both:                X.onsets.npy, X.beats.npy        onset_detect, beat_track: frames
                         X.tempo.npy                      feature.tempo of the onset strength, tempo of beat_track
random_envelopes:        .length, and one after another .onset (which serves as both envelopes), .onsets and .beats
                         as 0 or 1 a frame, .tempo two an envelope
"""
import sys
import warnings
from pathlib import Path

import librosa
import numpy as np
import scipy

sys.path.append(str(Path(__file__).parents[1]))
from goldens_io import load_feature_signals, print_versions, save  # noqa: E402
from signals import RATE  # noqa: E402

METRONOMES = {  # beats per minute, rate, hop_length: rhythm_test.cpp has the same list
    "metronome_60": (60, 22050, 512),
    "metronome_90": (90, 22050, 512),
    "metronome_120": (120, 22050, 512),
    "metronome_128": (128, 22050, 512),
    "metronome_174": (174, 22050, 512),
    "metronome_100_hop_256": (100, 22050, 256),
    "metronome_110_44100": (110, 44100, 512),
    "metronome_140_8000": (140, 8000, 200),
    "metronome_75_hop_1500": (75, 16000, 1500),
}


def metronome(bpm, rate, seconds=16.0):
    """Clicks of a decaying tone, every fourth louder, over a little noise."""
    random = np.random.default_rng(bpm)
    signal = 0.001 * random.standard_normal(int(seconds * rate))
    t = np.arange(int(0.05 * rate)) / rate
    click = np.sin(2 * np.pi * 1500 * t) * np.exp(-80 * t)
    for i in range(int(seconds * bpm / 60)):
        first = int(i * 60.0 / bpm * rate)
        part = signal[first : first + click.size]
        part += (0.8 if i % 4 == 0 else 0.5) * click[: part.size]
    return signal.astype(np.float32)


def random_envelope(random, length):
    """As an envelope is: 3 zeros first, never negative, many zeros."""
    envelope = random.exponential(1.0, length) * (random.random(length) < random.uniform(0.05, 1.0))
    envelope[:3] = 0.0
    return envelope.astype(np.float32)


def events(envelope, median, rate, hop):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of windows longer than the envelope
        onsets = librosa.onset.onset_detect(onset_envelope=envelope, sr=rate, hop_length=hop)
        tempo = librosa.feature.tempo(onset_envelope=envelope, sr=rate, hop_length=hop)
        beat_tempo, beats = librosa.beat.beat_track(onset_envelope=median, sr=rate, hop_length=hop)
    return onsets, beats, np.array([np.squeeze(tempo), np.squeeze(beat_tempo)], dtype=np.float64)


def save_envelopes(name, y, rate, hop):
    envelope = librosa.onset.onset_strength(y=y, sr=rate, hop_length=hop)
    median = librosa.onset.onset_strength(y=y, sr=rate, hop_length=hop, aggregate=np.median)
    onsets, beats, tempi = events(envelope, median, rate, hop)
    save(name, "onset", envelope)
    save(name, "onset_median", median)
    save(name, "onsets", onsets.astype(np.int32))
    save(name, "beats", beats.astype(np.int32))
    save(name, "tempo", tempi)
    return envelope


def rhythm_regularity(envelope):
    if envelope.size <= 10:
        return 0.0
    envelope = envelope.astype(np.float64)
    return np.std(np.correlate(envelope, envelope, "full")[envelope.size - 1 :][:50])


def save_tempogram(name, envelope):
    tempogram = librosa.feature.tempogram(onset_envelope=envelope, sr=RATE)
    frames = np.unique(np.linspace(0, envelope.size - 1, 9).astype(np.int32))
    save(name, "tempogram_frames", frames)
    save(name, "tempogram", tempogram.T[frames].astype(np.float32))
    figures = [np.mean(tempogram), np.std(tempogram), np.max(tempogram), rhythm_regularity(envelope)]
    save(name, "rhythm", np.array(figures, dtype=np.float64))


def save_random_envelopes():
    random = np.random.default_rng(5)
    lengths = np.concatenate([np.arange(4, 20), random.integers(20, 400, 24)]).astype(np.int32)
    envelopes = [random_envelope(random, length) for length in lengths]
    onset_flags = [np.zeros(length, np.int32) for length in lengths]
    beat_flags = [np.zeros(length, np.int32) for length in lengths]
    tempi = []
    for envelope, onset_flag, beat_flag in zip(envelopes, onset_flags, beat_flags):
        onsets, beats, tempo = events(envelope, envelope, RATE, 512)
        onset_flag[onsets] = 1
        beat_flag[beats] = 1
        tempi.append(tempo)
    save("random_envelopes", "length", lengths)
    save("random_envelopes", "onset", np.concatenate(envelopes))
    save("random_envelopes", "onsets", np.concatenate(onset_flags))
    save("random_envelopes", "beats", np.concatenate(beat_flags))
    save("random_envelopes", "tempo", np.concatenate(tempi))


def main():
    for name, y in load_feature_signals():
        save_tempogram(name, save_envelopes(name, y, RATE, 512))
    for name, (bpm, rate, hop) in METRONOMES.items():
        save_envelopes(name, metronome(bpm, rate), rate, hop)
    save_random_envelopes()
    print_versions(librosa, np, scipy)


if __name__ == "__main__":
    main()
