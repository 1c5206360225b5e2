#include "pipeline/kernels/recurrent/pass.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#include "pipeline/kernels/matrix/matrix.hpp"
#include "pipeline/kernels/tensor_data.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

constexpr std::int64_t kSamplesATask = 4;

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

// Parts into which the batch is cut so that the sweeps over many frames use all threads.
std::int64_t parts_of(const std::vector<Pass>& passes) {
  const std::int64_t batch = passes[0].input.size(1);
  const auto longs = std::count_if(passes.begin(), passes.end(), [&](const Pass& pass) {
    return pass.input.size(0) == passes[0].input.size(0);
  });
  return std::clamp<std::int64_t>((at::get_num_threads() + longs - 1) / longs, 1,
                                  (batch + kSamplesATask - 1) / kSamplesATask);
}

// Calls run(sweep, part's number) for all parts of all sweeps: tasks of one part are neighbours, so that a
// thread gets a fair mixture of long and short sweeps.
template <class AnySweep, class Run>
void run_all(const std::vector<AnySweep>& sweeps, std::int64_t parts, const Run& run) {
  const auto count = static_cast<std::int64_t>(sweeps.size());
  at::parallel_for(0, count * parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t task = begin; task < end; ++task) {
      AnySweep sweep = sweeps[static_cast<std::size_t>(task % count)];
      const std::int64_t part = task / count;
      sweep.first = sweep.batch * part / parts;
      sweep.last = sweep.batch * (part + 1) / parts;
      run(sweep, part);
    }
  });
}

template <class Element>
void forward_of(const std::vector<Pass>& passes, const std::vector<Tensor>& candidate_bias,
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
    sweep.rows = writable<std::int64_t>(keep(torch::empty({shape.batch}, torch::kInt64)));
    sweep.weights = writable<Element>(keep(packed(pass.hh.t(), shape.gates())));
    sweep.candidate_bias = candidate_bias[i].defined() ? writable<float>(candidate_bias[i]) : nullptr;
    sweep.gates = writable<Element>(pass.gates);
    sweep.memory = writable<float>(pass.memory);
    sweep.output = writable<Element>(pass.output);
    sweep.output_stride = pass.output.stride(1);
    sweep.state = writable<Element>(keep(torch::zeros({2, shape.batch, shape.width()}, options)));
    sweep.carry = writable<float>(keep(torch::zeros({shape.batch, shape.width()}, torch::kFloat32)));
    sweeps.push_back(sweep);
  }
  run_all(sweeps, parts_of(passes), [](const ForwardSweep<Element>& part, std::int64_t) {
    kernels_for<Element>(kernels()).forward(part);
  });
}

template <class Element>
void backward_of(const std::vector<Pass>& passes, const std::vector<PassGradients>& gradients,
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
    sweep.rows = writable<std::int64_t>(keep(torch::empty({shape.batch}, torch::kInt64)));
    sweep.weights = writable<Element>(keep(packed(pass.hh, 4)));
    sweep.gates = writable<Element>(pass.gates);
    sweep.memory = writable<float>(pass.memory);
    sweep.output = writable<Element>(pass.output);
    sweep.output_stride = pass.output.stride(1);
    if (gradient.output.defined()) {
      sweep.grad_output = writable<Element>(gradient.output);
      sweep.grad_output_stride = gradient.output.stride(1);
    }
    if (gradient.last.defined()) {
      sweep.grad_last = writable<Element>(gradient.last);
      sweep.grad_last_stride = gradient.last.stride(0);
    }
    sweep.grad_gates = writable<Element>(gradient.gates);
    sweep.grad_state = writable<Element>(gradient.state);
    sweep.grad_bias = writable<float>(gradient.bias);
    sweep.carry = writable<float>(keep(torch::zeros({shape.batch, shape.width()}, torch::kFloat32)));
    sweeps.push_back(sweep);
  }
  const std::int64_t biases = 4 * shape.width();
  run_all(sweeps, parts_of(passes), [&](BackwardSweep<Element>& part, std::int64_t number) {
    part.grad_bias += number * biases;
    kernels_for<Element>(kernels()).backward(part);
  });
}

}  // namespace

void sweep_forward(const std::vector<Pass>& passes, const std::vector<Tensor>& candidate_bias,
                   const Shape& shape) {
  if (passes[0].input.scalar_type() == torch::kBFloat16) {
    forward_of<Bf16>(passes, candidate_bias, shape);
  } else {
    forward_of<float>(passes, candidate_bias, shape);
  }
}

void sweep_backward(const std::vector<Pass>& passes, std::vector<PassGradients>& gradients,
                    const Shape& shape) {
  const std::int64_t lanes = kernels().lanes;
  for (std::size_t i = 0; i < passes.size(); ++i) {
    PassGradients& gradient = gradients[i];
    gradient.gates = torch::empty_like(passes[i].gates);
    gradient.state = shape.cell == Cell::kLstm ? gradient.gates : torch::empty_like(gradient.gates);
    gradient.bias = torch::zeros({parts_of(passes), shape.width() / lanes, 4, lanes}, torch::kFloat32);
  }
  if (passes[0].input.scalar_type() == torch::kBFloat16) {
    backward_of<Bf16>(passes, gradients, shape);
  } else {
    backward_of<float>(passes, gradients, shape);
  }
  for (PassGradients& gradient : gradients) gradient.bias = gradient.bias.sum(0);
}

}  // namespace chorale::kernels
