// Silence cut off at both ends, as librosa.effects.trim (effects.py:543) with ref=max.
#pragma once

#include <cstddef>
#include <span>

namespace chorale::audio {

struct TrimOptions {
  double top_db = 60;               // below the loudest frame
  std::size_t frame_length = 2048;  // samples
  std::size_t hop_length = 512;     // samples
};

// From the first to the last frame whose RMS is less than top_db below that of the loudest frame: a part of
// `samples`, whole hops but at its end. Frames are centred, zeros beyond both ends.
//
// As in librosa, levels below -100 dB count as -100 dB (amin of amplitude_to_db): a recording whose loudest
// frame is no louder than top_db - 100 dB stays as it is, silence as well.
//
// librosa sums squares in single precision, this in double: a frame within 1e-5 of the threshold may fall on
// the other side. Throws EffectError: no samples, nothing left (top_db of 0 or less).
std::span<const float> trim(std::span<const float> samples, const TrimOptions& options = {});

}  // namespace chorale::audio
