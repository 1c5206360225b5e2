"""Goldens of cleaning and of variants, audio to audio; run make_goldens.py before.

For a signal X:  X.trim.npy      [start, end] of librosa.effects.trim
                 X.denoise.npy   noisereduce.reduce_noise(stationary=True) of float32 samples
                 X.stretch.npy   librosa.effects.time_stretch, all of RATES one after another
                 X.shift.npy     librosa.effects.pitch_shift, all of SHIFTS
Of "noisy" also denoise_chunks (in short chunks) and denoise_48000 (the same samples taken for 48 kHz). Of each result
there are excerpts, float32, and X.<operation>.lengths.npy: how many samples it has.

Stretch and shift are of float64 samples: of float32 ones librosa adds up phases in float32, and wanders off within
seconds (ingest/audio/time_stretch.hpp).
"""
import librosa
import noisereduce
import numpy as np
import soundfile

from goldens_io import DATA, load_feature_signals, print_versions, save, write_signal
from signals import RATE, song

RATES = (0.75, 0.9, 1.0, 1.1, 2.0)
SHIFTS = (-2, 0.5, 3, 12)
EXCERPT = 512
STRETCHED = ("song2", "impulse_2s", "square_2s", "tenth_of_a_second", "padded")
SHIFTED = (*STRETCHED, "one_sample")


def excerpts(samples):
    """The beginning, the middle and the end; all of what is short."""
    if samples.size <= 3 * EXCERPT:
        return samples
    middle = samples.size // 2
    return np.concatenate([samples[:EXCERPT], samples[middle : middle + EXCERPT], samples[-EXCERPT:]])


def save_results(name, operation, *results):
    save(name, operation, np.concatenate([excerpts(samples) for samples in results]).astype(np.float32))
    save(name, f"{operation}.lengths", np.array([samples.size for samples in results], dtype=np.int32))


def denoised(samples, **options):
    return noisereduce.reduce_noise(y=samples, stationary=True, **options)


def own_signals():
    random = np.random.default_rng(21)
    music = song(2.0, 132.0, 64, (0, 5), True, 22)
    hiss = random.standard_normal(music.size)
    fade = np.concatenate([1e-4 * random.standard_normal(15000), 0.5 * music, np.zeros(12345)])
    return {"padded": fade, "noisy": 0.6 * music + 0.02 * hiss}


def main():
    for name, signal in own_signals().items():
        write_signal(name, signal, RATE, "flac")
    signals = dict(load_feature_signals())
    for name in own_signals():
        signals[name], _ = librosa.load(DATA / f"{name}.flac", sr=RATE)
    signals["one_sample"], _ = librosa.load(DATA / "one_sample.wav", sr=RATE)

    for name, y in signals.items():
        _, span = librosa.effects.trim(y)
        save(name, "trim", span.astype(np.int32))
        if y.size >= 1024:
            save_results(name, "denoise", denoised(y, sr=RATE))
    save_results("noisy", "denoise_chunks", denoised(signals["noisy"], sr=RATE, chunk_size=10000, padding=3000))
    save_results("noisy", "denoise_48000", denoised(signals["noisy"], sr=48000))
    for name in STRETCHED:
        y = signals[name].astype(np.float64)
        save_results(name, "stretch", *(librosa.effects.time_stretch(y, rate=rate) for rate in RATES))
    for name in SHIFTED:
        y = signals[name].astype(np.float64)
        save_results(name, "shift", *(librosa.effects.pitch_shift(y, sr=RATE, n_steps=steps) for steps in SHIFTS))
    print_versions(librosa, np, soundfile)


if __name__ == "__main__":
    main()
