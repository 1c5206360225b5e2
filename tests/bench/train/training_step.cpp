// Training samples a second of the model cnn on random data: bench_training_step fp32|bf16 THREADS STEPS
#include "train/parallel/training_step.hpp"

#include <chrono>
#include <cstdio>
#include <string>

#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/runtime/memory.hpp"
#include "support/class_objective.hpp"
#include "train/stage/machine.hpp"

int main(int argc, char** argv) {
  using namespace chorale;
  if (argc != 4) return 2;
  runtime::keep_freed_memory();
  const comm::MpiSession session(&argc, &argv);
  train::set_threads(std::stoi(argv[2]));
  const int steps = std::stoi(argv[3]);
  config::Train options;
  options.precision = std::string(argv[1]) == "bf16" ? config::Precision::kBf16 : config::Precision::kFp32;

  torch::manual_seed(1);
  const auto model = models::make_model(config::model_defaults("cnn"), {128, 130}, 10);
  const auto communicator = comm::make_mpi_communicator(session);
  const auto objective = testing_support::class_objective(torch::randint(10, {32}, torch::kInt64), 10);
  train::TrainingStep step(*model, objective, options, *communicator);
  samples::Batch batch;
  batch.global_count = 32;
  for (std::uint32_t i = 0; i < 32; ++i) batch.samples.push_back(i);
  batch.tracks = batch.global_tracks = batch.samples;
  // As batches are: time-major.
  const models::Inputs inputs{torch::randn({32, 130, 128}).transpose(1, 2).unsqueeze(1)};

  constexpr int kWarmUp = 5;
  auto start = std::chrono::steady_clock::now();
  for (int i = -kWarmUp; i < steps; ++i) {
    if (i == 0) start = std::chrono::steady_clock::now();
    step.run(inputs, batch, static_cast<std::uint64_t>(i + kWarmUp), false).get();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%.2f\n", 32 * steps / seconds.count());
  return 0;
}
