#include "pipeline/kernels/recurrent/layer.hpp"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>

#include <algorithm>

#include "pipeline/kernels/recurrent/matrix.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kSamplesATask = 4;
constexpr std::int64_t kTensorsADirection = 4;

struct Shape {
  Cell cell;
  std::int64_t frames, batch, inputs, units;
  std::int64_t gates() const { return gates_of(cell); }
  std::int64_t width() const { return (units + kernels().lanes - 1) / kernels().lanes * kernels().lanes; }
};

// [gates * units, ..] -> [width / lanes, gates, lanes, ..] as [gates * width, ..], zeros for surplus units.
Tensor interleaved(const Tensor& weight, const Shape& shape, torch::ScalarType type) {
  const std::int64_t lanes = kernels().lanes;
  auto sizes = weight.sizes().vec();
  sizes[0] = shape.gates() * shape.width();
  const Tensor to = shape.width() == shape.units ? torch::empty(sizes, weight.options().dtype(type))
                                                 : torch::zeros(sizes, weight.options().dtype(type));
  const Tensor target = to.view({shape.width() / lanes, shape.gates(), lanes, -1});
  const Tensor source = weight.view({shape.gates(), shape.units, -1});
  const std::int64_t whole = shape.units / lanes, rest = shape.units % lanes;
  if (whole > 0) {
    target.narrow(0, 0, whole)
        .copy_(source.narrow(1, 0, whole * lanes).view({shape.gates(), whole, lanes, -1}).transpose(0, 1));
  }
  if (rest > 0) target.select(0, whole).narrow(1, 0, rest).copy_(source.narrow(1, whole * lanes, rest));
  return to;
}

// The inverse: drops surplus units.
Tensor torch_order(const Tensor& interleaved, const Shape& shape) {
  const std::int64_t lanes = kernels().lanes;
  auto sizes = interleaved.sizes().vec();
  sizes[0] = shape.gates() * shape.units;
  return interleaved.view({shape.width() / lanes, shape.gates(), lanes, -1})
      .transpose(0, 1)
      .reshape({shape.gates(), shape.width(), -1})
      .narrow(1, 0, shape.units)
      .reshape(sizes);
}

Tensor padded_columns(const Tensor& matrix, std::int64_t width) {
  return matrix.size(1) == width ? matrix : at::constant_pad_nd(matrix, {0, width - matrix.size(1)});
}

// What one direction keeps for backward.
struct Pass {
  Direction direction;
  Tensor input;          // [frames, batch, inputs]
  Tensor ih, hh;         // interleaved [gates * width, inputs], [gates * width, width]
  Tensor gates, memory;  // [frames * batch, gates * width], [frames * batch, width]
  Tensor output;         // [frames, batch, units], possibly half of both directions'
  Tensor lengths;        // undefined: all full
};

template <class T>
T* data(const Tensor& tensor) {
  return static_cast<T*>(tensor.data_ptr());
}

Sweep sweep_of(const Pass& pass, const Shape& shape) {
  Sweep sweep;
  sweep.cell = shape.cell;
  sweep.direction = pass.direction;
  sweep.frames = pass.input.size(0);
  sweep.batch = shape.batch;
  sweep.units = shape.units;
  sweep.width = shape.width();
  if (pass.lengths.defined()) sweep.lengths = pass.lengths.const_data_ptr<std::int64_t>();
  return sweep;
}

// Parts into which the batch is cut for each of `directions` sweeps, to use all threads.
std::int64_t parts_of(std::int64_t batch, std::size_t directions) {
  const auto sweeps = static_cast<std::int64_t>(directions);
  return std::clamp<std::int64_t>((at::get_num_threads() + sweeps - 1) / sweeps, 1,
                                  (batch + kSamplesATask - 1) / kSamplesATask);
}

// Calls run(sweep, part's number) for all parts of all sweeps.
template <class AnySweep, class Run>
void run_all(const std::vector<AnySweep>& sweeps, const Run& run) {
  const std::int64_t batch = sweeps[0].batch, parts = parts_of(batch, sweeps.size());
  at::parallel_for(0, static_cast<std::int64_t>(sweeps.size()) * parts, 1,
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t task = begin; task < end; ++task) {
                       AnySweep part = sweeps[static_cast<std::size_t>(task / parts)];
                       part.first = batch * (task % parts) / parts;
                       part.last = batch * (task % parts + 1) / parts;
                       run(part, task % parts);
                     }
                   });
}

template <class Element>
const SweepKernels<Element>& sweep_kernels() {
  if constexpr (sizeof(Element) == sizeof(Bf16)) {
    return kernels().bf16;
  } else {
    return kernels().fp32;
  }
}

template <class Element>
void sweep_forward(const std::vector<Pass>& passes, const std::vector<Tensor>& candidate_bias,
                   const Shape& shape) {
  std::vector<ForwardSweep<Element>> sweeps;
  std::vector<Tensor> scratch;
  const auto keep = [&](Tensor tensor) {
    scratch.push_back(tensor);
    return tensor;
  };
  const auto options = passes[0].input.options().requires_grad(false);
  for (std::size_t i = 0; i < passes.size(); ++i) {
    const Pass& pass = passes[i];
    ForwardSweep<Element> sweep;
    static_cast<Sweep&>(sweep) = sweep_of(pass, shape);
    sweep.rows = data<std::int64_t>(keep(torch::empty({shape.batch}, torch::kInt64)));
    sweep.weights = data<Element>(keep(packed(pass.hh.t(), shape.gates())));
    sweep.candidate_bias = candidate_bias[i].defined() ? data<float>(candidate_bias[i]) : nullptr;
    sweep.gates = data<Element>(pass.gates);
    sweep.memory = data<float>(pass.memory);
    sweep.output = data<Element>(pass.output);
    sweep.output_stride = pass.output.stride(1);
    sweep.state = data<Element>(keep(torch::zeros({2, shape.batch, shape.width()}, options)));
    sweep.carry = data<float>(keep(torch::zeros({shape.batch, shape.width()}, torch::kFloat32)));
    sweeps.push_back(sweep);
  }
  run_all(sweeps,
          [](const ForwardSweep<Element>& part, std::int64_t) { sweep_kernels<Element>().forward(part); });
}

struct PassGradients {
  Tensor output;        // [frames, batch, units] or undefined
  Tensor last;          // [batch, units] or undefined
  Tensor gates, state;  // results [frames * batch, gates * width]
  Tensor bias;          // zeros, then results: [tasks, width / lanes, 4, lanes], see BackwardSweep
};

template <class Element>
void sweep_backward(const std::vector<Pass>& passes, const std::vector<PassGradients>& gradients,
                    const Shape& shape) {
  std::vector<BackwardSweep<Element>> sweeps;
  std::vector<Tensor> scratch;
  const auto keep = [&](Tensor tensor) {
    scratch.push_back(tensor);
    return tensor;
  };
  for (std::size_t i = 0; i < passes.size(); ++i) {
    const Pass& pass = passes[i];
    const PassGradients& gradient = gradients[i];
    BackwardSweep<Element> sweep;
    static_cast<Sweep&>(sweep) = sweep_of(pass, shape);
    sweep.rows = data<std::int64_t>(keep(torch::empty({shape.batch}, torch::kInt64)));
    sweep.weights = data<Element>(keep(packed(pass.hh, 4)));
    sweep.gates = data<Element>(pass.gates);
    sweep.memory = data<float>(pass.memory);
    sweep.output = data<Element>(pass.output);
    sweep.output_stride = pass.output.stride(1);
    if (gradient.output.defined()) {
      sweep.grad_output = data<Element>(gradient.output);
      sweep.grad_output_stride = gradient.output.stride(1);
    }
    if (gradient.last.defined()) {
      sweep.grad_last = data<Element>(gradient.last);
      sweep.grad_last_stride = gradient.last.stride(0);
    }
    sweep.grad_gates = data<Element>(gradient.gates);
    sweep.grad_state = data<Element>(gradient.state);
    sweep.grad_bias = data<float>(gradient.bias);
    sweep.carry = data<float>(keep(torch::zeros({shape.batch, shape.width()}, torch::kFloat32)));
    sweeps.push_back(sweep);
  }
  const std::int64_t biases = 4 * shape.width();
  run_all(sweeps, [&](BackwardSweep<Element>& part, std::int64_t number) {
    part.grad_bias += number * biases;
    sweep_kernels<Element>().backward(part);
  });
}

// From BackwardSweep::grad_bias, summed over tasks: of bias_ih and bias_hh.
std::pair<Tensor, Tensor> bias_gradients(const Tensor& sums, const Shape& shape) {
  if (shape.cell == Cell::kLstm) {
    const Tensor both = torch_order(sums.flatten(), shape);
    return {both, both.clone()};
  }
  const Tensor state = sums.narrow(1, 0, 3).clone();
  state.select(1, 2).copy_(sums.select(1, 3));
  return {torch_order(sums.narrow(1, 0, 3).flatten(), shape), torch_order(state.flatten(), shape)};
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

class LayerFunction : public torch::autograd::Function<LayerFunction> {
 public:
  // weights: ih, hh, bias_ih, bias_hh of each direction.
  static Tensor forward(AutogradContext* context, const Tensor& input, at::TensorList weights,
                        LayerCall call) {
    const at::AutoDispatchBelowAutograd below;
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    const Shape shape{call.cell, input.size(0), input.size(1), input.size(2), weights[1].size(1)};
    const auto type = input.scalar_type();
    const std::size_t directions = weights.size() / kTensorsADirection;
    const bool last = call.result == Result::kLast;

    Tensor together;  // outputs of both directions side by side
    if (!last) {
      together = torch::empty(
          {shape.frames, shape.batch, shape.units * static_cast<std::int64_t>(directions)}, input.options());
    }
    std::vector<Pass> passes;
    std::vector<Tensor> candidate_bias;
    for (std::size_t i = 0; i < directions; ++i) {
      const at::TensorList own = weights.slice(i * kTensorsADirection, kTensorsADirection);
      Pass pass;
      pass.direction = i == 0 ? Direction::kForward : Direction::kReverse;
      // The reverse direction's output at the last frame is that of its first step: all it needs.
      const bool single = last && pass.direction == Direction::kReverse;
      pass.input = single ? input.gather(0, last_index(call.lengths, shape.frames, input)) : input;
      if (!single) pass.lengths = call.lengths;
      const std::int64_t rows = pass.input.size(0) * shape.batch;
      pass.ih = interleaved(own[0], shape, type);
      pass.hh = padded_columns(interleaved(own[1], shape, type), shape.width());
      Tensor bias = interleaved(own[2], shape, torch::kFloat32);
      Tensor recurrent_bias = interleaved(own[3], shape, torch::kFloat32);
      candidate_bias.emplace_back();
      if (shape.cell == Cell::kGru) {
        const Tensor n = recurrent_bias.view({-1, 3, kernels().lanes}).select(1, 2);
        candidate_bias.back() = n.clone(at::MemoryFormat::Contiguous);
        n.zero_();
      }
      pass.gates = torch::empty({rows, shape.gates() * shape.width()}, pass.input.options());
      multiply_into(pass.gates, pass.input.view({rows, shape.inputs}), pass.ih.t(), bias + recurrent_bias);
      pass.memory = torch::empty({rows, shape.width()}, torch::kFloat32);
      pass.output = last ? torch::empty({pass.input.size(0), shape.batch, shape.units}, input.options())
                         : together.narrow(2, static_cast<std::int64_t>(i) * shape.units, shape.units);
      passes.push_back(pass);
    }
    if (type == torch::kBFloat16) {
      sweep_forward<Bf16>(passes, candidate_bias, shape);
    } else {
      sweep_forward<float>(passes, candidate_bias, shape);
    }
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
    const Tensor grad = gradients[0].contiguous();
    std::vector<PassGradients> of_passes;
    for (std::size_t i = 0; i < passes.size(); ++i) {
      PassGradients of_pass;
      (last ? of_pass.last : of_pass.output) =
          grad.narrow(last ? 1 : 2, static_cast<std::int64_t>(i) * shape.units, shape.units);
      of_pass.gates = torch::empty_like(passes[i].gates);
      of_pass.state = shape.cell == Cell::kLstm ? of_pass.gates : torch::empty_like(passes[i].gates);
      of_pass.bias = torch::zeros(
          {parts_of(shape.batch, passes.size()), shape.width() / kernels().lanes, 4, kernels().lanes},
          torch::kFloat32);
      of_passes.push_back(of_pass);
    }
    if (grad.scalar_type() == torch::kBFloat16) {
      sweep_backward<Bf16>(passes, of_passes, shape);
    } else {
      sweep_backward<float>(passes, of_passes, shape);
    }
    variable_list result{context->needs_input_grad(0) ? input_gradient(passes, of_passes, call, shape)
                                                      : Tensor()};
    for (std::size_t i = 0; i < passes.size(); ++i) {
      const Pass& pass = passes[i];
      const Tensor rows = pass.input.view({-1, shape.inputs});
      result.push_back(torch_order(multiply_transposed(of_passes[i].gates, rows), shape));
      result.push_back(recurrent_gradient(pass, of_passes[i].state, shape));
      const auto [bias_ih, bias_hh] = bias_gradients(of_passes[i].bias.sum(0), shape);
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
    const Tensor zero = torch::zeros({shape.inputs}, torch::kFloat32);
    const auto options = passes[0].input.options().requires_grad(false);
    Tensor sum = torch::empty({shape.frames, shape.batch, shape.inputs}, options);
    const Tensor rows = sum.view({-1, shape.inputs});
    multiply_into(rows, gradients[0].gates, passes[0].ih, zero);
    if (passes.size() == 1) return sum;
    if (call.result == Result::kSequence) {
      multiply_onto(rows, gradients[1].gates, passes[1].ih);
      return sum;
    }
    const Tensor single = torch::empty({1, shape.batch, shape.inputs}, options);
    multiply_into(single[0], gradients[1].gates, passes[1].ih, zero);
    return sum.scatter_add_(0, last_index(call.lengths, shape.frames, sum), single);
  }
};

}  // namespace

Tensor recurrent_layer(const Tensor& input, const std::vector<DirectionWeights>& weights,
                       const LayerCall& call) {
  const bool halves = input.scalar_type() == torch::kBFloat16 && kernels().bf16.forward == nullptr;
  std::vector<Tensor> tensors;
  for (const DirectionWeights& own : weights) {
    tensors.insert(tensors.end(), {own.ih, own.hh, own.bias_ih, own.bias_hh});
  }
  const Tensor x = (halves ? input.to(torch::kFloat32) : input).contiguous();
  const Tensor result = LayerFunction::apply(x, at::TensorList(tensors), call);
  return halves ? result.to(input.scalar_type()) : result;
}

}  // namespace chorale::kernels
