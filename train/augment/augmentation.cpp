#include "train/augment/augmentation.hpp"

#include <algorithm>
#include <vector>

#include "pipeline/device/copies.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

using torch::Tensor;

// [n, size] bool: whether a place is in one of a sample's spans.
Tensor cover(const std::vector<std::vector<Span>>& spans, std::int64_t size, torch::Device device) {
  const auto n = static_cast<std::int64_t>(spans.size());
  const auto count = static_cast<std::int64_t>(spans.front().size());
  const auto host = torch::empty({2, n, count, 1}, torch::kInt64);
  auto* values = host.mutable_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < n * count; ++i) {
    const Span& span = spans[static_cast<std::size_t>(i / count)][static_cast<std::size_t>(i % count)];
    values[i] = span.first;
    values[n * count + i] = span.first + span.count;
  }
  const auto limits = device::upload(host, device);
  const auto place = torch::arange(size, torch::dtype(torch::kInt64).device(device));
  return ((place >= limits[0]) & (place < limits[1])).any(1);
}

// [n] float.
Tensor column(const std::vector<float>& values, torch::Device device) {
  return device::upload(torch::tensor(values), device);
}

// [n, frames, 1] bool: frames that are no padding; undefined when all are.
Tensor own_frames(const samples::Batch& batch, torch::Device device) {
  if (batch.lengths.empty()) return {};
  const auto lengths = device::upload(torch::tensor(batch.lengths), device).view({-1, 1, 1});
  const auto frames = static_cast<std::int64_t>(batch.frames);
  return torch::arange(frames, torch::dtype(torch::kInt64).device(device)).view({1, -1, 1}) < lengths;
}

// In all that follows, `values` are [n, frames, bins], contiguous.

Tensor mix(const Tensor& values, const Tensor& partners, const std::vector<Mix>& mixes, const Tensor& own) {
  std::vector<std::vector<Span>> frames, bins;
  std::vector<float> weights;
  bool cut = false;
  for (const Mix& mix : mixes) {
    frames.push_back({mix.frames});
    bins.push_back({mix.bins});
    cut = cut || mix.kind == Mix::Kind::kCutmix;
    weights.push_back(mix.kind == Mix::Kind::kCutmix ? 1.0F : static_cast<float>(mix.weight));
  }
  auto weight = column(weights, values.device()).view({-1, 1, 1});
  if (cut) {
    const auto rectangle = cover(frames, values.size(1), values.device()).unsqueeze(2) &
                           cover(bins, values.size(2), values.device()).unsqueeze(1);
    weight = torch::where(rectangle, torch::zeros({}, weight.options()), weight);
  }
  if (own.defined()) weight = torch::where(own, weight, torch::ones({}, weight.options()));
  return torch::lerp(partners, values, weight);
}

// The mean of each sample, [n, 1, 1].
Tensor mean_of(const Tensor& values, const Tensor& own) {
  const auto counted = own.defined() ? torch::where(own, values, torch::zeros({}, values.options())) : values;
  const auto sums = counted.sum({1, 2}, true, torch::kFloat64);
  const auto frames = own.defined() ? own.sum({1}, true) : torch::full({}, values.size(1), sums.options());
  return (sums / (frames * values.size(2))).to(torch::kFloat32);
}

Tensor mask(const Tensor& values, const std::vector<Masks>& masks, const Tensor& own) {
  std::vector<std::vector<Span>> frames, bins;
  for (const Masks& of_sample : masks) {
    frames.push_back(of_sample.frames);
    bins.push_back(of_sample.bins);
  }
  auto masked = cover(frames, values.size(1), values.device()).unsqueeze(2) |
                cover(bins, values.size(2), values.device()).unsqueeze(1);
  if (own.defined()) masked = masked & own;
  return torch::where(masked, mean_of(values, own), values);
}

Tensor noise_like(const Tensor& values, const samples::Batch& batch,
                  const std::vector<std::uint64_t>& seeds) {
  const auto noise = torch::zeros_like(values);
  auto generator = at::globalContext().defaultGenerator(values.device()).clone();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    generator.set_current_seed(seeds[i]);
    noise[static_cast<std::int64_t>(i)].narrow(0, 0, batch.views[i].frames).normal_(0, 1, generator);
  }
  return noise;
}

}  // namespace

Augmentation::Augmentation(const config::TrainAugment& options, std::uint64_t seed,
                           const samples::Source& source)
    : options_(options), seed_(seed), source_(source) {
  if (options.gain > 0 && source.reader.input().scale() != store::FeatureScale::kDecibel) {
    throw runtime::UsageError(
        "train.augment.gain: train.input is not in decibels, so there is nothing a gain could be added to");
  }
}

samples::View Augmentation::view(std::uint64_t epoch, std::uint32_t sample) const {
  const samples::View whole = source_.view(sample);
  return draw_view(options_, {seed_, epoch, sample}, whole, source_.reader.input().frames(whole.slice.track));
}

Mix Augmentation::mix_of(std::uint64_t epoch, std::uint32_t sample, std::uint32_t frames) const {
  return draw_mix(options_, {seed_, epoch, sample}, static_cast<std::uint32_t>(source_.slices.size()),
                  {frames, static_cast<std::int64_t>(source_.reader.bins())});
}

samples::Reading Augmentation::reading(std::uint64_t epoch, std::uint32_t sample) const {
  samples::Reading reading{view(epoch, sample)};
  if (!mixes()) return reading;
  const Mix mix = mix_of(epoch, sample, reading.view.frames);
  reading.partner = view(epoch, mix.partner);
  reading.partner.frames = reading.view.frames;
  reading.weight = static_cast<float>(mix.weight);
  return reading;
}

samples::Readings Augmentation::readings(std::uint64_t epoch) const {
  if (options_.crop == 0 && options_.gain == 0 && !mixes()) return {};
  return [this, epoch](std::uint32_t sample) { return reading(epoch, sample); };
}

models::Inputs Augmentation::apply(const models::Inputs& inputs, const models::Inputs& partners,
                                   const samples::Batch& batch, std::uint64_t epoch) const {
  if (batch.samples.empty() || (!mixes() && !masks() && options_.noise == 0)) return inputs;
  // One draw for each sample of the batch.
  const auto draw_all = [&](auto draw) {
    std::vector<decltype(draw(std::size_t{}))> drawn;
    for (std::size_t i = 0; i < batch.samples.size(); ++i) drawn.push_back(draw(i));
    return drawn;
  };
  const auto key = [&](std::size_t i) { return SampleKey{seed_, epoch, batch.samples[i]}; };
  const auto size = [&](std::size_t i) {
    return SampleSize{batch.views[i].frames, static_cast<std::int64_t>(batch.bins)};
  };
  const auto time_major = [](const Tensor& frames) { return frames.squeeze(1).transpose(1, 2); };

  const auto own = own_frames(batch, inputs.frames.device());
  models::Inputs result = inputs;
  Tensor values = time_major(inputs.frames);
  if (mixes()) {
    const auto mixes =
        draw_all([&](std::size_t i) { return mix_of(epoch, batch.samples[i], batch.views[i].frames); });
    values = mix(values, time_major(partners.frames), mixes, own);
    if (inputs.vector.defined()) {
      const auto weight = column(batch.partners.weights, values.device()).unsqueeze(1);
      result.vector = torch::lerp(partners.vector, inputs.vector, weight);
    }
  }
  if (masks())
    values =
        mask(values, draw_all([&](std::size_t i) { return draw_masks(options_, key(i), size(i)); }), own);
  if (options_.noise > 0) {
    const auto seeds = draw_all([&](std::size_t i) { return draw_noise_seed(key(i)); });
    values = values + options_.noise * noise_like(values, batch, seeds);
  }
  result.frames = values.transpose(1, 2).unsqueeze(1);
  return result;
}

}  // namespace chorale::train
