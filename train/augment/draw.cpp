#include "train/augment/draw.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "pipeline/runtime/random.hpp"

namespace chorale::train {
namespace {

using runtime::RandomStream;

// One for each effect, so that none moves another's numbers.
RandomStream stream_of(const SampleKey& key, std::string_view effect) {
  return RandomStream(key.seed, {runtime::key_of(effect), key.epoch, key.sample});
}

std::int64_t below(RandomStream& stream, std::int64_t bound) {
  return static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(bound)));
}

// Logarithm of a number from Gamma(alpha, 1): Marsaglia and Tsang (2000) for alpha + 1, times a power of a
// uniform number. Numbers themselves would vanish for a small alpha.
double log_gamma_variate(RandomStream& stream, double alpha) {
  const double d = alpha + 2.0 / 3.0, c = 1 / std::sqrt(9 * d);
  const double boost = std::log(1 - stream.uniform()) / alpha;
  while (true) {
    const double x = stream.normal();
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(1 - stream.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
      return std::log(d * v) + boost;
  }
}

double beta_variate(RandomStream& stream, double alpha) {
  const double a = log_gamma_variate(stream, alpha), b = log_gamma_variate(stream, alpha);
  return 1 / (1 + std::exp(b - a));
}

// `length` of [0, size) around a middle anywhere in it, cut off at the borders.
Span draw_side(RandomStream& stream, std::int64_t size, double share) {
  const auto length = static_cast<std::int64_t>(static_cast<double>(size) * share);
  const std::int64_t begin = below(stream, size) - length / 2;
  const std::int64_t first = std::max<std::int64_t>(begin, 0), end = std::min(begin + length, size);
  return {first, std::max<std::int64_t>(end - first, 0)};
}

std::vector<Span> draw_spans(RandomStream stream, std::int64_t count, std::int64_t width, std::int64_t size) {
  std::vector<Span> spans;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t length = below(stream, std::min(width, size) + 1);
    spans.push_back({below(stream, size - length + 1), length});
  }
  return spans;
}

}  // namespace

samples::View draw_view(const config::TrainAugment& options, const SampleKey& key, samples::View view,
                        std::uint64_t track_frames) {
  const std::int64_t frames = view.frames, first = view.slice.first;
  if (const auto reach = static_cast<std::int64_t>(options.crop * static_cast<double>(frames)); reach > 0) {
    const std::int64_t last = static_cast<std::int64_t>(track_frames) - frames;
    const std::int64_t low = std::max<std::int64_t>(first - reach, 0);
    const std::int64_t high = std::max(std::min(first + reach, last), low);
    auto stream = stream_of(key, "crop");
    view.slice.first = static_cast<std::uint32_t>(low + below(stream, high - low + 1));
  }
  if (options.gain > 0)
    view.gain = static_cast<float>(stream_of(key, "gain").uniform(-options.gain, options.gain));
  return view;
}

Mix draw_mix(const config::TrainAugment& options, const SampleKey& key, std::uint32_t samples,
             SampleSize size) {
  Mix mix;
  if (options.mixup == 0 && options.cutmix == 0) return mix;
  auto stream = stream_of(key, "mix");
  const bool heads = stream.uniform() < 0.5;
  const bool cut = options.mixup == 0 || (options.cutmix > 0 && heads);
  mix.kind = cut ? Mix::Kind::kCutmix : Mix::Kind::kMixup;
  mix.partner = static_cast<std::uint32_t>(stream.below(samples));
  mix.weight = beta_variate(stream, cut ? options.cutmix : options.mixup);
  if (!cut) return mix;
  const double share = std::sqrt(1 - mix.weight);
  mix.frames = draw_side(stream, size.frames, share);
  mix.bins = draw_side(stream, size.bins, share);
  mix.weight = 1 - static_cast<double>(mix.frames.count * mix.bins.count) /
                       static_cast<double>(size.frames * size.bins);
  return mix;
}

Masks draw_masks(const config::TrainAugment& options, const SampleKey& key, SampleSize size) {
  return {draw_spans(stream_of(key, "time masks"), options.time_masks, options.time_mask_width, size.frames),
          draw_spans(stream_of(key, "frequency masks"), options.frequency_masks, options.frequency_mask_width,
                     size.bins)};
}

std::uint64_t draw_noise_seed(const SampleKey& key) { return stream_of(key, "noise").next(); }

}  // namespace chorale::train
