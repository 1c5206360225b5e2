// Milliseconds that forward and backward of recurrent layers take, the fastest of STEPS, on random data:
// bench_recurrent_step lstm|gru fp32|bf16 THREADS STEPS BATCH FRAMES INPUTS UNITS LAYERS DIRECTIONS
// INPUT_GRADIENT
#include <ATen/autocast_mode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <string>

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/runtime/memory.hpp"

int main(int argc, char** argv) {
  using namespace chorale;
  if (argc != 12) return 2;
  const auto number = [&](int i) { return std::stoll(argv[i]); };
  runtime::keep_freed_memory();
  at::set_num_threads(static_cast<int>(number(3)));
  kernels::RecurrentOptions options;
  options.cell = std::string(argv[1]) == "lstm" ? kernels::Cell::kLstm : kernels::Cell::kGru;
  options.inputs = number(7);
  options.units = number(8);
  options.layers = number(9);
  options.directions = number(10) == 2 ? kernels::Directions::kBoth : kernels::Directions::kForward;
  kernels::Recurrent module(options);
  const torch::Tensor x = torch::randn({number(5), number(6), number(7)}).requires_grad_(number(11) != 0);
  for (auto& parameter : module->parameters()) parameter.mutable_grad() = torch::zeros_like(parameter);

  at::autocast::set_autocast_dtype(at::kCPU, torch::kBFloat16);
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3 + number(4); ++i) {
    const auto start = std::chrono::steady_clock::now();
    at::autocast::set_autocast_enabled(at::kCPU, std::string(argv[2]) == "bf16");
    const torch::Tensor loss = module->last(x).to(torch::kFloat32).pow(2).mean();
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(at::kCPU, false);
    loss.backward();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (i >= 3) best = std::min(best, took.count());
  }
  std::printf("%.3f\n", best);
  return 0;
}
