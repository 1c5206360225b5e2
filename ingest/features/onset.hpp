// Onsets, equal to librosa 0.11 (librosa.onset): how much louder each frame is than the one before, and the
// frames where it peaks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/frames.hpp"

namespace chorale::features {

// How the spectrogram was made that an onset envelope comes from.
struct OnsetOptions {
  double sample_rate = 22050;    // Hz
  std::size_t n_fft = 2048;      // samples
  std::size_t hop_length = 512;  // samples
};

// Over the mel bands of a frame. librosa takes the mean for onsets and the tempogram, the median for beats.
enum class OnsetAggregate { kMean, kMedian };

// The onset envelope [frames] of a mel spectrogram in dB with reference 1 and no floor, [frames, mels]: its
// increase from frame to frame, aggregated over the bands (librosa/onset.py:566-639 with lag=1, center=True).
// Bands more than 80 dB below the loudest value of the track count as 80 dB below it. The first
// 1 + n_fft / (2 hop_length) values are 0. Precondition: at least one frame, all values finite.
std::vector<float> onset_strength(const Frames& mel_db, const OnsetOptions& options,
                                  OnsetAggregate aggregate);

// Frames of the onsets, ascending; none where the envelope is constant. librosa.onset.onset_detect
// (onset.py:162-191) without backtracking: the envelope scaled to [0, 1], then util.peak_pick (utils.py:1202)
// with librosa's times (30 ms maximum, 100 ms average, 30 ms wait) and delta 0.07, to the last float32
// rounding. Takes the envelope by the mean.
std::vector<std::size_t> onset_detect(std::span<const float> envelope, const OnsetOptions& options);

}  // namespace chorale::features
