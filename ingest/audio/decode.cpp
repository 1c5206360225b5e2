#include "ingest/audio/decode.hpp"

#include <cmath>
#include <span>

#include "ingest/audio/sound_file.hpp"

namespace chorale::audio {
namespace {

constexpr std::size_t kBlockFrames = 4096;
constexpr std::int32_t kLowestRate = 1'000, kHighestRate = 768'000;  // Hz

// Louder samples are no audio (raw bytes taken for floats), and their power would leave the range of a float.
constexpr float kLargestSample = 1e6F;

// numpy.mean(axis=channels) of float32: the sum in order of channels, then one division.
void append_mean(std::span<const float> interleaved, std::size_t channels, std::vector<float>& mono) {
  const std::size_t first = mono.size();
  const std::size_t frames = interleaved.size() / channels;
  mono.resize(first + frames);
  float* out = mono.data() + first;
  const float* in = interleaved.data();
  if (channels == 1) {
    for (std::size_t i = 0; i < frames; ++i) out[i] = in[i];
  } else if (channels == 2) {
    for (std::size_t i = 0; i < frames; ++i) out[i] = (in[2 * i] + in[2 * i + 1]) / 2.0F;
  } else {
    const auto divisor = static_cast<float>(channels);
    for (std::size_t i = 0; i < frames; ++i, in += channels) {
      float sum = in[0];
      for (std::size_t c = 1; c < channels; ++c) sum += in[c];
      out[i] = sum / divisor;
    }
  }
}

void check_samples(std::span<const float> samples) {
  bool sound = true;
  for (const float sample : samples) sound &= std::abs(sample) <= kLargestSample;  // false for NaN
  if (!sound) throw DecodeError("holds samples that are not finite or a million times full scale");
}

}  // namespace

const Recording& Decoder::decode(const std::filesystem::path& file) {
  SoundFile sound(file);
  if (sound.rate() < kLowestRate || sound.rate() > kHighestRate) {
    throw DecodeError("sample rate of " + std::to_string(sound.rate()) + " Hz is outside of " +
                      std::to_string(kLowestRate) + " to " + std::to_string(kHighestRate));
  }
  recording_.source_rate = sound.rate();
  recording_.channels = sound.channels();
  recording_.artist = sound.artist();
  recording_.samples.clear();
  const auto channels = static_cast<std::size_t>(sound.channels());
  block_.resize(kBlockFrames * channels);
  while (const std::size_t count = sound.read(block_)) {
    append_mean(std::span(block_).first(count), channels, recording_.samples);
  }
  if (recording_.samples.empty()) throw DecodeError("holds no samples");
  check_samples(recording_.samples);
  return recording_;
}

std::string artist_tag(const std::filesystem::path& file) {
  try {
    return SoundFile(file).artist();
  } catch (const DecodeError&) {
    return {};
  }
}

}  // namespace chorale::audio
