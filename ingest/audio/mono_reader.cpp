#include "ingest/audio/mono_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/runtime/magnitude.hpp"
#include "pipeline/runtime/vectorised.hpp"

namespace chorale::audio {
namespace {

constexpr std::int32_t kLowestRate = 1'000, kHighestRate = 768'000;  // Hz

// Louder samples are no audio (raw bytes taken for floats), and their power would leave the range of a float.
constexpr float kLargestSample = 1e6F;

void check_rate(std::int32_t rate) {
  if (rate >= kLowestRate && rate <= kHighestRate) return;
  throw DecodeError(
      fmt::format("sample rate of {} Hz is outside of {} to {}", rate, kLowestRate, kHighestRate));
}

void check_samples(std::span<const float> samples) {
  if (runtime::largest_magnitude(samples) <= kLargestSample) return;  // false for NaN
  throw DecodeError("holds samples that are not finite or a million times full scale");
}

CHORALE_VECTORISED void take_mean_of_two(std::span<const float> interleaved, std::span<float> mono) {
  for (std::size_t i = 0; i < mono.size(); ++i)
    mono[i] = (interleaved[2 * i] + interleaved[2 * i + 1]) / 2.0F;
}

void take_mean(std::span<const float> interleaved, std::size_t channels, std::span<float> mono) {
  if (channels == 2) return take_mean_of_two(interleaved, mono);
  const float* in = interleaved.data();
  const auto divisor = static_cast<float>(channels);
  for (std::size_t i = 0; i < mono.size(); ++i, in += channels) {
    float sum = in[0];
    for (std::size_t c = 1; c < channels; ++c) sum += in[c];
    mono[i] = sum / divisor;
  }
}

}  // namespace

MonoReader::MonoReader(const tree::ByteStream& stream, const LoadOptions& options)
    : sound_(stream), mix_(options.mix), max_seconds_(options.max_seconds) {
  check_rate(rate());
  // Truncated to whole frames as in librosa.load (core/audio.py, __soundfile_load).
  const double per_second = rate();
  if (options.offset > 0) sound_.seek(static_cast<std::uint64_t>(options.offset * per_second));
  left_ = options.duration > 0 ? static_cast<std::uint64_t>(options.duration * per_second)
                               : std::numeric_limits<std::uint64_t>::max();
  allowed_ = static_cast<std::uint64_t>(max_seconds_ * per_second);
}

std::span<const float> MonoReader::next(std::span<float> mono) {
  const auto channels = static_cast<std::size_t>(sound_.channels());
  mono = mono.first(static_cast<std::size_t>(std::min<std::uint64_t>(mono.size(), left_)));
  if (channels > 1) interleaved_.resize(mono.size() * channels);
  const std::span<float> block = channels > 1 ? std::span(interleaved_) : mono;
  const std::size_t read = sound_.read(block);
  mono = mono.first(read / channels);
  if (mono.size() > allowed_) {
    throw DecodeError(fmt::format("longer than audio.max_seconds = {:g} s", max_seconds_));
  }
  left_ -= mono.size();
  allowed_ -= mono.size();
  if (channels > 1) mix(block.first(read), mono);
  check_samples(mono);
  return mono;
}

void MonoReader::mix(std::span<const float> interleaved, std::span<float> mono) const {
  const auto channels = static_cast<std::size_t>(sound_.channels());
  if (mix_ == config::Channel::kMean) return take_mean(interleaved, channels, mono);
  const float* in = interleaved.data() + (mix_ == config::Channel::kLeft ? 0 : 1);
  for (std::size_t i = 0; i < mono.size(); ++i) mono[i] = in[i * channels];
}

}  // namespace chorale::audio
