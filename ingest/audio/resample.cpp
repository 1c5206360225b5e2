#include "ingest/audio/resample.hpp"

#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace chorale::audio {
namespace {

// libsoxr keeps a copy of what it has not consumed; blocks bound it.
constexpr std::size_t kBlock = std::size_t{1} << 14;
constexpr std::size_t kFirstSpace = std::size_t{1} << 20;  // samples

void check(soxr_error_t error) {
  if (error != nullptr) throw ResampleError(std::string("libsoxr: ") + error);
}

soxr_t make_soxr(double source_rate, double target_rate) {
  soxr_error_t error = nullptr;
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  const soxr_t soxr = soxr_create(source_rate, target_rate, 1, &error, &io, &quality, &runtime);
  check(error);
  return soxr;
}

}  // namespace

void Resampler::DeleteSoxr::operator()(void* soxr) const { soxr_delete(static_cast<soxr_t>(soxr)); }

void Resampler::begin(double source_rate) {
  source_rate_ = source_rate;
  pushed_ = written_ = 0;
  const bool equal = target_rate_ == 0 || source_rate == target_rate_;
  soxr_.reset(equal ? nullptr : make_soxr(source_rate, target_rate_));
}

// Room for `count` samples more.
std::span<float> Resampler::space(std::size_t count) {
  if (written_ + count > output_.size()) {
    output_.resize(std::max({kFirstSpace, 2 * output_.size(), written_ + count}));
  }
  return std::span(output_).subspan(written_);
}

std::span<float> Resampler::input(std::size_t count) {
  if (!soxr_) return space(count).first(count);
  if (input_.size() < count) input_.resize(count);
  return std::span(input_).first(count);
}

void Resampler::push(std::span<const float> samples) {
  pushed_ += samples.size();
  if (!soxr_) {
    const auto out = space(samples.size());
    if (samples.data() != out.data()) std::ranges::copy(samples, out.begin());
    written_ += samples.size();
    return;
  }
  while (!samples.empty()) {
    const auto block = samples.first(std::min(samples.size(), kBlock));
    const auto out = space(block.size());
    std::size_t consumed = 0, produced = 0;
    check(soxr_process(static_cast<soxr_t>(soxr_.get()), block.data(), block.size(), &consumed, out.data(),
                       out.size(), &produced));
    written_ += produced;
    samples = samples.subspan(consumed);
  }
}

std::span<const float> Resampler::finish() {
  if (!soxr_) return std::span(output_).first(written_);
  // In the order of librosa.resample, whose product can round up past an integer.
  const double ratio = static_cast<double>(target_rate_) / source_rate_;
  const auto length = static_cast<std::size_t>(std::ceil(static_cast<double>(pushed_) * ratio));
  while (written_ < length) {
    const auto out = space(length - written_);
    std::size_t produced = 0;
    check(soxr_process(static_cast<soxr_t>(soxr_.get()), nullptr, 0, nullptr, out.data(), out.size(),
                       &produced));
    if (produced == 0) break;
    written_ += produced;
  }
  const auto missing = space(length - std::min(length, written_)).first(length - std::min(length, written_));
  std::fill(missing.begin(), missing.end(), 0.0F);
  return std::span(output_).first(length);
}

std::span<const float> Resampler::resample(std::span<const float> samples, double source_rate) {
  begin(source_rate);
  if (!soxr_) return samples;
  push(samples);
  return finish();
}

}  // namespace chorale::audio
