// The key of a track, estimated from its mean chroma.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "ingest/features/chroma_stft.hpp"
#include "ingest/features/frames.hpp"

namespace chorale::features {

enum class Mode { kMajor, kMinor };

struct KeyEstimate {
  std::size_t tonic = 0;  // 0: C, 1: C#, ..., 11: B
  Mode mode = Mode::kMajor;
  double confidence = 0;  // see the function; 0 for silence, where the key means nothing

  // C major, ..., B major, C minor, ..., B minor: 0 ... 23.
  std::size_t index() const { return tonic + (mode == Mode::kMinor ? kPitchClasses : 0); }
  // "C:maj", "F#:min": the names that key labels have (those of mir_eval and Isophonics).
  std::string name() const;
};

using MeanChroma = std::array<double, kPitchClasses>;

// Over all frames of a chroma [frames, 12]; zeros without frames.
MeanChroma mean_chroma(const Frames& chroma);

// The method of Krumhansl and Schmuckler: the key of 24 whose profile (Krumhansl and Kessler 1982, probe tone
// ratings turned to the tonic) has the highest Pearson correlation with the mean chroma; of equals, the first
// by index(). confidence: that correlation, in [-1, 1].
KeyEstimate estimate_key(const MeanChroma& chroma);

// The simplest estimate, which the 103 features are defined with: the strongest pitch class (of equals, the
// first); confidence: its share of the sum. It says nothing of the mode.
KeyEstimate strongest_pitch_class(const MeanChroma& chroma);

}  // namespace chorale::features
