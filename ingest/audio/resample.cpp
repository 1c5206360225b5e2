#include "ingest/audio/resample.hpp"

#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

namespace chorale::audio {
namespace {

// libsoxr keeps a copy of what it has not consumed; blocks bound it. The result does not depend on their
// length.
constexpr std::size_t kBlock = std::size_t{1} << 14;

struct DeleteSoxr {
  void operator()(soxr_t soxr) const { soxr_delete(soxr); }
};
using Soxr = std::unique_ptr<std::remove_pointer_t<soxr_t>, DeleteSoxr>;

void check(soxr_error_t error) {
  if (error != nullptr) throw ResampleError(std::string("libsoxr: ") + error);
}

Soxr make_soxr(double source_rate, double target_rate) {
  soxr_error_t error = nullptr;
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  Soxr soxr(soxr_create(source_rate, target_rate, 1, &error, &io, &quality, &runtime));
  check(error);
  return soxr;
}

}  // namespace

std::span<const float> Resampler::resample(std::span<const float> samples, double source_rate) {
  if (source_rate == target_rate_) return samples;
  // In the order of librosa.resample, whose product can round up past an integer.
  const double ratio = target_rate_ / source_rate;
  const auto length = static_cast<std::size_t>(std::ceil(static_cast<double>(samples.size()) * ratio));
  output_.resize(length);

  const Soxr soxr = make_soxr(source_rate, target_rate_);
  std::size_t written = 0;
  const auto process = [&](std::span<const float> block) {
    std::size_t produced = 0;
    check(soxr_process(soxr.get(), block.empty() ? nullptr : block.data(), block.size(), nullptr,
                       output_.data() + written, length - written, &produced));
    written += produced;
  };
  for (auto rest = samples; !rest.empty(); rest = rest.subspan(std::min(kBlock, rest.size()))) {
    process(rest.first(std::min(kBlock, rest.size())));
  }
  process({});
  std::fill(output_.begin() + static_cast<std::ptrdiff_t>(written), output_.end(), 0.0F);
  return output_;
}

}  // namespace chorale::audio
