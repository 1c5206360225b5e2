"""The signals that the goldens of tests/golden/features are made of: our own, deterministic.

Three groups: short ones for every step from file to mel, one for each thing an STFT or a decoder can get wrong; and
those that whole features are computed of (feature_signals): two songs, and what audio looks like at its worst.
"""
import numpy as np

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


def impulse(samples, position):
    signal = np.zeros(samples)
    signal[position] = 0.9
    return signal


def clipped_square(seconds, pitch):
    return np.clip(3.0 * np.sin(2 * np.pi * pitch * time(seconds)), -1.0, 1.0)


def spectral_signals():
    """22.05 kHz mono: one for each thing an STFT can get wrong."""
    return {
        "harmonic": harmonic(0.2, RATE, 220.0, 0),
        "chirp": chirp(0.2, RATE),
        "tone": 0.9 * np.sin(2 * np.pi * 1000.0 * time(0.15)),
        "silence": np.zeros(4000),
        "dc": np.full(4000, 0.5),
        "impulse": impulse(4000, 2000),
        "square": clipped_square(0.15, 311.0),
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


def midi_hz(note):
    return 440.0 * 2.0 ** ((note - 69) / 12)


def add(track, start, sound, gain):
    """Adds a sound that begins at `start` seconds; what lies beyond the end is cut off."""
    first = int(start * RATE)
    part = sound[: max(0, track.size - first)]
    track[first : first + part.size] += gain * part


def note(pitch, seconds, harmonics, decay):
    t = time(seconds)
    partials = (np.sin(2 * np.pi * pitch * h * t) / h for h in range(1, harmonics + 1) if pitch * h < 9000)
    fade = np.minimum(1.0, np.minimum(t, t[-1] - t) / 0.005)  # no clicks
    return sum(partials) * np.exp(-decay * t) * fade


def song(seconds, bpm, tonic, progression, minor, seed):
    """Drums, bass, chords and a melody of the scale; `progression` in semitones above the tonic, one chord a bar."""
    random = np.random.default_rng(seed)
    track = np.zeros(int(seconds * RATE))
    beat = 60.0 / bpm
    t = time(0.15)
    kick = np.sin(2 * np.pi * (50 * t + 3.5 * (1 - np.exp(-30 * t)))) * np.exp(-20 * t)
    snare = random.standard_normal(t.size) * np.exp(-35 * t)
    hat = np.diff(random.standard_normal(600), prepend=0.0) * np.exp(-np.arange(600) / 80)
    scale = [0, 2, 3, 7, 10, 12] if minor else [0, 2, 4, 7, 9, 12]
    for i in range(int(seconds / beat)):
        root = tonic + progression[(i // 4) % len(progression)]
        start = i * beat
        add(track, start, kick if i % 2 == 0 else snare, 0.35 if i % 2 == 0 else 0.12)
        add(track, start, hat, 0.06)
        add(track, start + beat / 2, hat, 0.04)
        add(track, start, note(midi_hz(root - 24), 0.9 * beat, 5, 3.0), 0.16)
        if i % 4 == 0:
            third = 3 if minor else 4
            for interval in (0, third, 7):
                add(track, start, note(midi_hz(root + interval), 3.8 * beat, 6, 0.6), 0.06)
        for half in (0, 0.5) if i % 3 else (0,):
            pitch = midi_hz(tonic + 12 + scale[random.integers(len(scale))])
            add(track, start + half * beat, note(pitch, 0.45 * beat, 8, 4.0), 0.08)
    track += 0.002 * random.standard_normal(track.size)
    return 0.9 * track / np.abs(track).max()


def feature_signals():
    """What whole features are computed of: name -> (samples, rate), written as FLAC of 16 bits."""
    surround = np.stack([harmonic(0.4, 48000, 110.0 * (c + 2), 20 + c) for c in range(6)], axis=1)
    return {
        "song": (song(8.0, 120.0, 60, (0, -3, 5, 7), False, 11), RATE),
        "song2": (song(6.0, 96.0, 57, (0, 5, -4, 3), True, 12), RATE),
        "silence_2s": (np.zeros(2 * RATE), RATE),
        "dc_2s": (np.full(2 * RATE, 0.5), RATE),
        "impulse_2s": (impulse(2 * RATE, RATE), RATE),
        "square_2s": (clipped_square(2.0, 311.0), RATE),
        "tenth_of_a_second": (harmonic(0.1, RATE, 262.0, 9), RATE),
        "rate_8000": (harmonic(1.5, 8000, 233.0, 10), 8000),
        "rate_96000": (harmonic(0.5, 96000, 349.0, 13), 96000),
        "surround_48000": (surround, 48000),
    }
