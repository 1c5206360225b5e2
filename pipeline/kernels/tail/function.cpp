#include "pipeline/kernels/tail/function.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>

namespace chorale::kernels {
namespace {

std::uint64_t draw_seed() {
  auto* generator =
      at::get_generator_or_default<at::CPUGeneratorImpl>(std::nullopt, at::detail::getDefaultCPUGenerator());
  const std::scoped_lock lock(generator->mutex_);
  return generator->random64();
}

DropoutMask dropout_mask(const ConvTailOptions& options) {
  if (options.dropout <= 0) return {};
  const double words = std::ldexp(1.0, 32);
  return {.kind = options.dropout_kind,
          .seed = draw_seed(),
          .threshold = static_cast<std::uint32_t>(std::clamp(options.dropout * words, 1.0, words - 1)),
          .scale = options.dropout < 1 ? static_cast<float>(1 / (1 - options.dropout)) : 0.0F};
}

Geometry geometry_of(torch::IntArrayRef x, PoolSize pool) {
  return {.images = x[0], .height = x[2], .width = x[3], .channels = x[1], .pool = pool};
}

const TailKernels& kernels_for(torch::ScalarType type, const ConvTailOptions& options, bool normalised) {
  const bool before = normalised && options.order == BlockOrder::kActivationNorm;
  return tail_kernels(element_of(type), before ? options.activation : Activation::kNone,
                      before ? Activation::kNone : options.activation);
}

}  // namespace

Element element_of(torch::ScalarType type) {
  return type == torch::kFloat32 ? Element::kFloat : Element::kBfloat16;
}

TailState::TailState(torch::IntArrayRef x, torch::ScalarType type_of_x, const std::optional<BatchNorm>& norm,
                     const ConvTailOptions& options)
    : geometry(geometry_of(x, options.pool)),
      type(type_of_x),
      normalised(norm.has_value()),
      reducer(norm ? norm->reducer : nullptr),
      dropout(dropout_mask(options)),
      kernels_(&kernels_for(type_of_x, options, normalised)) {}

torch::Tensor TailState::empty_output() const {
  return torch::empty({geometry.images, geometry.channels, geometry.out_height(), geometry.out_width()},
                      torch::dtype(type).memory_format(at::MemoryFormat::ChannelsLast));
}

torch::Tensor TailState::empty_winners() const {
  return torch::empty({geometry.out_positions() * geometry.channels}, torch::kUInt8);
}

ForwardPass TailState::forward_pass() const {
  return {.scale = statistics.scale.data(), .shift = statistics.shift.data(), .dropout = dropout};
}

BackwardPass TailState::backward_pass(const torch::Tensor& out_gradient, const torch::Tensor& winners) const {
  return {.winners = winners.defined() ? winners.const_data_ptr<std::uint8_t>() : nullptr,
          .out_gradient = out_gradient.const_data_ptr(),
          .scale = statistics.scale.data(),
          .shift = statistics.shift.data(),
          .mean = statistics.mean.data(),
          .dropout_scale = dropout.scale};
}

MaybeTensor maybe(const torch::Tensor& tensor) {
  return tensor.defined() ? MaybeTensor(tensor) : std::nullopt;
}

bool needs_backward(std::initializer_list<MaybeTensor> tensors) {
  return at::GradMode::is_enabled() &&
         std::any_of(tensors.begin(), tensors.end(),
                     [](const MaybeTensor& tensor) { return tensor && tensor->requires_grad(); });
}

std::vector<double> sum_in_parts(std::int64_t n, std::int64_t least, std::int64_t sums,
                                 const std::function<void(std::int64_t, std::int64_t, double*)>& compute) {
  const std::int64_t parts = std::clamp<std::int64_t>(n / least, 1, 64);
  std::vector<double> partial(static_cast<std::size_t>(parts * sums));
  at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      compute(n * part / parts, n * (part + 1) / parts, partial.data() + part * sums);
    }
  });
  std::vector<double> total(static_cast<std::size_t>(sums));
  for (auto part = partial.cbegin(); part != partial.cend(); part += sums) {
    std::transform(total.cbegin(), total.cend(), part, total.begin(), std::plus<>());
  }
  return total;
}

}  // namespace chorale::kernels
