#include "pipeline/kernels/recurrent/layer.hpp"

#include <ATen/autocast_mode.h>

#include "pipeline/kernels/matrix/matrix.hpp"
#include "pipeline/kernels/recurrent/pass.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kTensorsADirection = 4;

Tensor padded_columns(const Tensor& matrix, std::int64_t width) {
  return matrix.size(1) == width ? matrix : at::constant_pad_nd(matrix, {0, width - matrix.size(1)});
}

// Gradient of recurrent weights: gates of each frame times the output of the frame that the direction visits
// before. Beyond a sample's length both are zero.
Tensor recurrent_gradient(const Pass& pass, const Tensor& grad_state, const Shape& shape) {
  const std::int64_t frames = pass.input.size(0), rows = (frames - 1) * shape.batch;
  const std::int64_t columns = grad_state.size(1);
  if (frames == 1) return torch::zeros({shape.gates() * shape.units, shape.units}, torch::kFloat32);
  const std::int64_t later = pass.direction == Direction::kForward ? shape.batch : 0;
  const Tensor outputs =
      pass.output.as_strided({frames * shape.batch, shape.units}, {pass.output.stride(1), 1})
          .narrow(0, shape.batch - later, rows);
  return torch_order(multiply_transposed(grad_state.narrow(0, later, rows), outputs), shape)
      .view({columns / shape.width() * shape.units, shape.units});
}

// [frames, batch, ..] at each sample's last valid frame: [1, batch, ..].
Tensor last_index(const Tensor& lengths, std::int64_t frames, const Tensor& like) {
  const Tensor last =
      lengths.defined() ? lengths - 1 : torch::full({like.size(1)}, frames - 1, torch::kInt64);
  return last.view({1, -1, 1}).expand({1, like.size(1), like.size(2)});
}

// Of a direction with weights `own`: all but the output; the input's part of the gates.
Pass make_pass(const Tensor& input, at::TensorList own, Direction direction, const LayerCall& call,
               const Shape& shape, Tensor& candidate_bias) {
  const auto type = input.scalar_type();
  // The reverse direction's output at the last frame is that of its first step: all it needs.
  const bool single = call.result == Result::kLast && direction == Direction::kReverse;
  Pass pass;
  pass.direction = direction;
  pass.input = single ? input.gather(0, last_index(call.lengths, shape.frames, input)) : input;
  if (!single) pass.lengths = call.lengths;
  pass.ih = interleaved(own[0], shape, type);
  pass.hh = padded_columns(interleaved(own[1], shape, type), shape.width());
  const Tensor bias = interleaved(own[2], shape, torch::kFloat32);
  const Tensor recurrent_bias = interleaved(own[3], shape, torch::kFloat32);
  if (shape.cell == Cell::kGru) {
    const Tensor n = recurrent_bias.view({-1, 3, kernels().lanes}).select(1, 2);
    candidate_bias = n.clone(at::MemoryFormat::Contiguous);
    n.zero_();
  }
  const std::int64_t rows = pass.input.size(0) * shape.batch;
  pass.gates = torch::empty({rows, shape.gates() * shape.width()}, input.options());
  multiply_into(pass.gates, pass.input.view({rows, shape.inputs}), pass.ih.t(), bias + recurrent_bias);
  pass.memory = torch::empty({rows, shape.width()}, torch::kFloat32);
  return pass;
}

class LayerFunction : public torch::autograd::Function<LayerFunction> {
 public:
  // weights: ih, hh, bias_ih, bias_hh of each direction.
  static Tensor forward(AutogradContext* context, const Tensor& input, at::TensorList weights,
                        LayerCall call) {
    const at::AutoDispatchBelowAutograd below;
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    const Shape shape{call.cell, input.size(0), input.size(1), input.size(2), weights[1].size(1)};
    const std::size_t directions = weights.size() / kTensorsADirection;
    const bool last = call.result == Result::kLast;

    Tensor together;  // outputs of both directions side by side
    if (!last) {
      together = torch::empty(
          {shape.frames, shape.batch, shape.units * static_cast<std::int64_t>(directions)}, input.options());
    }
    std::vector<Pass> passes;
    std::vector<Tensor> candidate_bias(directions);
    for (std::size_t i = 0; i < directions; ++i) {
      const at::TensorList own = weights.slice(i * kTensorsADirection, kTensorsADirection);
      const auto direction = i == 0 ? Direction::kForward : Direction::kReverse;
      Pass& pass = passes.emplace_back(make_pass(input, own, direction, call, shape, candidate_bias[i]));
      pass.output = last ? torch::empty({pass.input.size(0), shape.batch, shape.units}, input.options())
                         : together.narrow(2, static_cast<std::int64_t>(i) * shape.units, shape.units);
    }
    sweep_forward(passes, candidate_bias, shape);
    Tensor result = together;
    if (last) {
      std::vector<Tensor> states;
      for (const Pass& pass : passes) {
        states.push_back(
            pass.output.gather(0, last_index(pass.lengths, pass.output.size(0), pass.output))[0]);
      }
      result = torch::cat(states, 1);
    }
    save(*context, passes, result, call, shape);
    return result;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    LayerCall call;
    Shape shape{};
    const std::vector<Pass> passes = restore(*context, call, shape);
    const bool last = call.result == Result::kLast;
    // Dense also where a batch of one may have any stride, which counts as contiguous.
    const Tensor grad = gradients[0].contiguous().flatten().view(gradients[0].sizes());
    std::vector<PassGradients> of_passes;
    for (std::size_t i = 0; i < passes.size(); ++i) {
      auto& of_pass = of_passes.emplace_back();
      (last ? of_pass.last : of_pass.output) =
          grad.narrow(last ? 1 : 2, static_cast<std::int64_t>(i) * shape.units, shape.units);
    }
    sweep_backward(passes, of_passes, shape);
    variable_list result{context->needs_input_grad(0) ? input_gradient(passes, of_passes, call, shape)
                                                      : Tensor()};
    for (std::size_t i = 0; i < passes.size(); ++i) {
      const Pass& pass = passes[i];
      const Tensor rows = pass.input.view({-1, shape.inputs});
      result.push_back(torch_order(multiply_transposed(of_passes[i].gates, rows), shape));
      result.push_back(recurrent_gradient(pass, of_passes[i].state, shape));
      const auto [bias_ih, bias_hh] = bias_gradients(of_passes[i].bias, shape);
      result.push_back(bias_ih);
      result.push_back(bias_hh);
    }
    result.emplace_back();
    return result;
  }

 private:
  static void save(AutogradContext& context, const std::vector<Pass>& passes, const Tensor& result,
                   const LayerCall& call, const Shape& shape) {
    const bool last = call.result == Result::kLast;
    variable_list saved{call.lengths, last ? Tensor() : result};
    for (const Pass& pass : passes) {
      saved.insert(saved.end(), {pass.input, pass.ih, pass.hh, pass.gates, pass.memory});
      saved.push_back(last ? pass.output : Tensor());
    }
    context.save_for_backward(saved);
    context.saved_data["cell"] = static_cast<std::int64_t>(call.cell);
    context.saved_data["last"] = last;
    context.saved_data["shape"] =
        std::vector<std::int64_t>{shape.frames, shape.batch, shape.inputs, shape.units};
  }

  static std::vector<Pass> restore(AutogradContext& context, LayerCall& call, Shape& shape) {
    const variable_list saved = context.get_saved_variables();
    const auto sizes = context.saved_data["shape"].toIntVector();
    shape = {static_cast<Cell>(context.saved_data["cell"].toInt()), sizes[0], sizes[1], sizes[2], sizes[3]};
    const bool last = context.saved_data["last"].toBool();
    call = {shape.cell, last ? Result::kLast : Result::kSequence, saved[0]};
    std::vector<Pass> passes;
    for (std::size_t at = 2; at < saved.size(); at += 6) {
      const auto i = static_cast<std::int64_t>(passes.size());
      Pass pass;
      pass.direction = i == 0 ? Direction::kForward : Direction::kReverse;
      pass.input = saved[at];
      pass.ih = saved[at + 1];
      pass.hh = saved[at + 2];
      pass.gates = saved[at + 3];
      pass.memory = saved[at + 4];
      pass.output = last ? saved[at + 5] : saved[1].narrow(2, i * shape.units, shape.units);
      if (!last || pass.direction == Direction::kForward) pass.lengths = call.lengths;
      passes.push_back(pass);
    }
    return passes;
  }

  static Tensor input_gradient(const std::vector<Pass>& passes, const std::vector<PassGradients>& gradients,
                               const LayerCall& call, const Shape& shape) {
    const auto options = passes[0].input.options().requires_grad(false);
    Tensor sum = torch::empty({shape.frames, shape.batch, shape.inputs}, options);
    const Tensor rows = sum.view({-1, shape.inputs});
    multiply_into(rows, gradients[0].gates, passes[0].ih);
    if (passes.size() == 1) return sum;
    if (call.result == Result::kSequence) {
      multiply_into(rows, gradients[1].gates, passes[1].ih, {}, rows);
      return sum;
    }
    const Tensor single = torch::empty({1, shape.batch, shape.inputs}, options);
    multiply_into(single[0], gradients[1].gates, passes[1].ih);
    return sum.scatter_add_(0, last_index(call.lengths, shape.frames, sum), single);
  }
};

}  // namespace

Tensor recurrent_layer(const Tensor& input, const std::vector<DirectionWeights>& weights,
                       const LayerCall& call) {
  const bool widen = input.scalar_type() == torch::kBFloat16 && kernels().bf16.forward == nullptr;
  std::vector<Tensor> tensors;
  for (const DirectionWeights& own : weights) {
    tensors.insert(tensors.end(), {own.ih, own.hh, own.bias_ih, own.bias_hh});
  }
  const Tensor x = (widen ? input.to(torch::kFloat32) : input).contiguous();
  const Tensor result = LayerFunction::apply(x, at::TensorList(tensors), call);
  return widen ? result.to(input.scalar_type()) : result;
}

}  // namespace chorale::kernels
