#include "pipeline/kernels/recurrent.hpp"

#include <ATen/autocast_mode.h>
#include <fmt/format.h>

#include <cmath>

#include "pipeline/kernels/dropout.hpp"
#include "pipeline/kernels/recurrent/library.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

void check_lengths(const Tensor& lengths, std::int64_t batch, std::int64_t frames) {
  TORCH_CHECK(lengths.scalar_type() == torch::kInt64 && lengths.device().is_cpu() && lengths.dim() == 1 &&
                  lengths.size(0) == batch,
              "lengths of a recurrent layer: one int64 a sample (", batch, ") on the CPU");
  TORCH_CHECK(lengths.min().item<std::int64_t>() >= 1 && lengths.max().item<std::int64_t>() <= frames,
              "lengths of a recurrent layer: 1 to ", frames, " frames");
}

}  // namespace

RecurrentImpl::RecurrentImpl(const RecurrentOptions& options) : options_(options) { reset(); }

void RecurrentImpl::reset() {
  layers_.clear();
  const std::int64_t rows = gates_of(options_.cell) * options_.units;
  const std::int64_t directions = options_.directions == Directions::kBoth ? 2 : 1;
  const double bound = 1 / std::sqrt(static_cast<double>(options_.units));
  for (std::int64_t layer = 0; layer < options_.layers; ++layer) {
    const std::int64_t inputs = layer == 0 ? options_.inputs : options_.units * directions;
    auto& own = layers_.emplace_back();
    for (std::int64_t direction = 0; direction < directions; ++direction) {
      const auto parameter = [&](const char* name, at::IntArrayRef sizes) {
        return register_parameter(fmt::format("{}_l{}{}", name, layer, direction == 0 ? "" : "_reverse"),
                                  torch::empty(sizes).uniform_(-bound, bound));
      };
      DirectionWeights weights;
      weights.ih = parameter("weight_ih", {rows, inputs});
      weights.hh = parameter("weight_hh", {rows, options_.units});
      weights.bias_ih = parameter("bias_ih", {rows});
      weights.bias_hh = parameter("bias_hh", {rows});
      own.push_back(weights);
    }
  }
}

Tensor RecurrentImpl::forward(const Tensor& x, const Tensor& lengths) {
  return run(x, lengths, Result::kSequence).transpose(0, 1);
}

Tensor RecurrentImpl::last(const Tensor& x, const Tensor& lengths) { return run(x, lengths, Result::kLast); }

Tensor RecurrentImpl::run(const Tensor& x, const Tensor& lengths, Result result) {
  TORCH_CHECK(x.dim() == 3 && x.size(1) > 0 && x.size(2) == options_.inputs,
              "a recurrent layer takes [batch, frames, ", options_.inputs, "], this is ", x.sizes());
  if (lengths.defined()) check_lengths(lengths, x.size(0), x.size(1));
  const bool autocast = at::autocast::is_autocast_enabled(x.device().type());
  const auto type = autocast ? at::autocast::get_autocast_dtype(x.device().type()) : x.scalar_type();
  const bool ours = x.is_cpu() && x.size(0) > 0 && layers_[0][0].ih.scalar_type() == torch::kFloat32 &&
                    (type == torch::kFloat32 || (autocast && type == torch::kBFloat16));
  Tensor sequence = x.transpose(0, 1);
  if (ours) sequence = sequence.to(type, false, false, at::MemoryFormat::Contiguous);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const bool is_last = i + 1 == layers_.size();
    const LayerCall call{options_.cell, is_last ? result : Result::kSequence, lengths};
    sequence = ours ? recurrent_layer(sequence, layers_[i], call) : library_layer(sequence, layers_[i], call);
    if (!is_last && is_training()) sequence = drop_values(sequence, options_.dropout);
  }
  return sequence;
}

}  // namespace chorale::kernels
