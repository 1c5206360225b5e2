// Training samples a second on random data, for about SECONDS: bench_training_step MODEL fp32|bf16 THREADS
// SECONDS Under mpirun each rank takes its part of the batch of 32.
#include "train/parallel/training_step.hpp"

#include <chrono>
#include <cstdio>
#include <string>

#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/runtime/memory.hpp"
#include "support/class_objective.hpp"
#include "train/stage/machine.hpp"

namespace {

using namespace chorale;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 32, kFrames = 130, kVector = 103, kClasses = 10;
constexpr int kWarmUp = 3;

// Recurrent models read MFCCs, all others mel bands.
std::int64_t bins_of(const std::string& model) {
  return model == "lstm" || model == "gru" || model == "multitask_rnn" ? 20 : 128;
}

samples::Batch part_of_batch(const comm::Communicator& communicator) {
  samples::Batch batch;
  batch.global_count = kBatch;
  for (std::uint32_t i = 0; i < kBatch; ++i) {
    batch.global_tracks.push_back(i);
    if (i * static_cast<std::uint32_t>(communicator.size()) / kBatch ==
        static_cast<std::uint32_t>(communicator.rank())) {
      batch.samples.push_back(i);
    }
  }
  batch.tracks = batch.samples;
  return batch;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string name = argv[1];
  runtime::keep_freed_memory();
  const comm::MpiSession session(&argc, &argv);
  train::set_threads(std::stoi(argv[3]));
  config::Train options;
  options.precision = std::string(argv[2]) == "bf16" ? config::Precision::kBf16 : config::Precision::kFp32;

  torch::manual_seed(1);
  const models::InputShape shape{bins_of(name), kFrames, kVector};
  const auto model = models::make_model(config::model_defaults(name), shape, kClasses);
  const auto communicator = comm::make_mpi_communicator(session);
  const auto objective =
      testing_support::class_objective(torch::randint(kClasses, {kBatch}, torch::kInt64), kClasses);
  train::TrainingStep step(*model, objective, options, *communicator);
  const auto batch = part_of_batch(*communicator);
  const auto n = static_cast<std::int64_t>(batch.samples.size());
  // As batches are: time-major.
  const models::Inputs inputs{.frames = torch::randn({n, kFrames, shape.bins}).transpose(1, 2).unsqueeze(1),
                              .vector = torch::randn({n, kVector})};

  int steps = -kWarmUp;
  auto start = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  // The first rank's clock decides for all, through the step's own reduction.
  for (bool stop = false; !stop; ++steps) {
    if (steps == 0) start = Clock::now();
    const bool enough = steps > 0 && communicator->rank() == 0 && seconds() > std::stod(argv[4]);
    stop =
        step.run(inputs, batch, options.lr, static_cast<std::uint64_t>(steps + kWarmUp), enough).get().stop;
  }
  if (session.rank() == 0) std::printf("%.2f\n", static_cast<double>(kBatch * steps) / seconds());
  return 0;
}
