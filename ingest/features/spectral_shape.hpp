// What the shape of a frame's spectrum says, of one frame at a time: magnitudes [1 + n_fft/2] in.
// Formulas: librosa 0.11 feature/spectral.py.
#pragma once

#include <cstddef>
#include <span>

namespace chorale::features {

// |X| of the power |X|^2.
void magnitude(std::span<const float> power, std::span<float> magnitude);

// The centre frequency of bin 1 in Hz, rounded as in librosa.fft_frequencies; bin i has i times it.
double hz_per_bin(double sample_rate, std::size_t n_fft);

// Mean frequency in Hz, weighted by magnitude; 0 of silence (spectral.py:186).
double spectral_centroid(std::span<const float> magnitude, double hz_per_bin);

// Standard deviation around the centroid in Hz; 0 of silence (spectral.py:346).
double spectral_bandwidth(std::span<const float> magnitude, double hz_per_bin, double centroid);

// Lowest frequency in Hz up to which the sum of magnitudes is 0.85 of the whole; 0 of silence
// (spectral.py:667). The running sum is in single precision and in order of bins, as in librosa: the bin that
// it picks depends on it.
double spectral_rolloff(std::span<const float> magnitude, double hz_per_bin);

// Geometric by arithmetic mean of the power, each bin at least 1e-10; 1 of silence (spectral.py:794).
// `scratch`: as long as `power`.
double spectral_flatness(std::span<const float> power, std::span<float> scratch);

// Root of the mean square of the windowed frame, by its power (spectral.py:886-911): the first and, of an
// even n_fft, the last bin count half. Below rms() of waveform.hpp by what the window takes away.
double spectral_rms(std::span<const float> power, std::size_t n_fft);

}  // namespace chorale::features
