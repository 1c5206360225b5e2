#include "pipeline/models/network_input.hpp"

#include <fmt/format.h>

#include "pipeline/kernels/images.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::models {
namespace {

torch::Tensor padded(const torch::Tensor& frames, std::int64_t min_frames) {
  const std::int64_t missing = min_frames - frames.size(3);
  return missing > 0 ? torch::constant_pad_nd(frames, {0, missing}) : frames;
}

}  // namespace

PoolSize halvings(const config::Model& options) {
  constexpr std::size_t kMost = 30;
  const std::size_t count = options.channels->size();
  if (count == 0 || count > kMost) {
    throw runtime::UsageError(
        fmt::format("model.channels: {} takes 1 to {} widths, but found {}", options.name, kMost, count));
  }
  return {std::int64_t{1} << count, std::int64_t{1} << count};
}

void require_size(const config::Model& options, InputShape input, PoolSize divisor) {
  const auto [bins, frames] = divisor;
  if (input.bins >= bins && (input.frames == 0 || input.frames >= frames)) return;
  throw runtime::UsageError(
      fmt::format("model.name = \"{}\": its pools need {} bins x {} frames or more, but the input has {} "
                  "bins x {} frames; {}",
                  options.name, bins, frames, input.bins, input.frames,
                  input.bins < bins
                      ? "shorten model.channels, or choose a train.input with more bins (features.mel.n_mels)"
                      : "shorten model.channels or raise train.slice_seconds"));
}

void require_slices(const config::Model& options, InputShape input) {
  if (input.frames > 0) return;
  throw runtime::UsageError(fmt::format(
      "model.name = \"{}\": its first hidden layer sees every frame, so it takes slices of one length; set "
      "train.slice_seconds, or use a model that takes whole clips (cnn, hybrid, crnn2d, resnet18)",
      options.name));
}

void require_channels(const config::Model& options, std::size_t count) {
  if (options.channels->size() == count) return;
  throw runtime::UsageError(fmt::format("model.channels: {} has {} stages, but found {} widths", options.name,
                                        count, options.channels->size()));
}

torch::Tensor image_of(const Inputs& inputs, std::int64_t min_frames) {
  return kernels::channels_last(padded(inputs.frames, min_frames));
}

torch::Tensor row_of(const Inputs& inputs, std::int64_t min_frames) {
  return kernels::channels_last(padded(inputs.frames, min_frames).transpose(1, 2));
}

torch::Tensor image_of_channels(const Inputs& inputs, std::int64_t channels, std::int64_t min_frames) {
  const torch::Tensor x = image_of(inputs, min_frames);
  return channels == 1 ? x : kernels::channels_last(x.expand({-1, channels, -1, -1}));
}

torch::Tensor sequence_of(const Inputs& inputs) { return inputs.frames.squeeze(1).transpose(1, 2); }

torch::Tensor sequence_of_image(const torch::Tensor& image) { return image.permute({0, 3, 2, 1}).flatten(2); }

torch::Tensor steps_of(const torch::Tensor& lengths, std::int64_t divisor) {
  if (!lengths.defined()) return lengths;
  return lengths.div(divisor, "floor").clamp_min(1);
}

torch::Tensor final_states(const torch::Tensor& outputs, const torch::Tensor& steps) {
  const std::int64_t units = outputs.size(2) / 2;
  const torch::Tensor forward = outputs.narrow(2, 0, units);
  const torch::Tensor reverse = outputs.select(1, 0).narrow(1, units, units);
  if (!steps.defined()) return torch::cat({forward.select(1, -1), reverse}, 1);
  const auto last = (steps - 1).to(outputs.device()).view({-1, 1, 1}).expand({-1, 1, units});
  return torch::cat({forward.gather(1, last).squeeze(1), reverse}, 1);
}

}  // namespace chorale::models
