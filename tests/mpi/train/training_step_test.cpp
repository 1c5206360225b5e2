// The step of Python PyTorch on the whole batch (tests/golden/models) is the expected one for any number of
// ranks.
#include "train/parallel/training_step.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "golden/models/small_cnn.hpp"
#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"
#include "support/class_objective.hpp"

namespace chorale::train {
namespace {

using testing_support::expect_close;

class TrainingStepTest : public testing::Test {
 protected:
  // This rank's part of a global batch when ranks take `of` samples each, as long as there are any. A
  // sample's track has its number.
  samples::Batch part(std::int64_t total, std::int64_t of) const {
    samples::Batch batch;
    batch.global_count = static_cast<std::size_t>(total);
    for (std::int64_t i = 0; i < total; ++i) {
      batch.global_tracks.push_back(static_cast<std::uint32_t>(i));
      if (i / of == communicator_->rank()) batch.samples.push_back(static_cast<std::uint32_t>(i));
    }
    batch.tracks = batch.samples;
    return batch;
  }

  // The rows of `of_all` that are in the batch.
  static models::Inputs inputs(const samples::Batch& batch, const torch::Tensor& of_all) {
    const std::vector<std::int64_t> rows(batch.samples.begin(), batch.samples.end());
    return {of_all.index_select(0, torch::tensor(rows, torch::kInt64))};
  }

  std::unique_ptr<comm::Communicator> communicator_ =
      comm::make_mpi_communicator(testing_support::mpi_session());
  config::Train options_ = [] {
    config::Train options;
    options.lr = 1e-3;
    options.bucket_mib = 1e-4;  // some buckets, even of this small model
    return options;
  }();
};

struct Split {
  config::Norm norm = config::Norm::kNone;
  bool all_on_first_rank = false;  // the others have none; else 7 samples on 3 ranks: 3, 3, 1
  int parts = 1;                   // in which each rank works its samples off
};

class SplitBatch : public TrainingStepTest, public testing::WithParamInterface<Split> {};

TEST_P(SplitBatch, StepsAsOneRankWithTheWholeBatchDoes) {
  const auto [norm, all_on_first_rank, parts] = GetParam();
  options_.accumulate = parts;
  const auto golden = testing_support::small_cnn_golden(norm);
  const auto model = testing_support::small_cnn(norm);
  testing_support::assign(models::state_dict(*model), golden, "before.");
  const auto& logits = golden.at("logits");
  const auto& labels = golden.at("labels");
  const auto objective = testing_support::class_objective(labels, 5);
  const auto for_batch_norm = comm::make_mpi_communicator(testing_support::mpi_session());
  GlobalBatchNorm batch_norm(*model, {13, 18}, *for_batch_norm);
  TrainingStep step(*model, objective, options_, *communicator_, &batch_norm);

  const auto mine = part(7, all_on_first_rank ? 7 : (7 + communicator_->size() - 1) / communicator_->size());
  const auto sums = step.run(inputs(mine, golden.at("input")), mine, options_.lr, 0, false).get();

  EXPECT_NEAR(sums.loss, torch::nn::functional::cross_entropy(logits, labels).item<double>(), 1e-6);
  EXPECT_EQ(sums.correct, logits.argmax(1).eq(labels).sum().item<std::int64_t>());
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    // A step of Adam changes every value by about lr = 1e-3.
    expect_close(tensor, golden.at("after." + name), 1e-5, 2e-6, name);
  }
}

// With one step of plain gradient descent the weights tell the gradient.
TEST_P(SplitBatch, ClipsTheGradientOfTheWholeBatch) {
  const auto [norm, all_on_first, parts] = GetParam();
  if (norm != config::Norm::kNone) return;  // the same for both
  const auto golden = testing_support::small_cnn_golden(config::Norm::kNone);
  const auto model = testing_support::small_cnn(config::Norm::kNone);
  testing_support::assign(models::state_dict(*model), golden, "before.");
  double square = 0;
  for (const auto& [name, tensor] : golden) {
    if (name.starts_with("gradient.")) square += tensor.to(torch::kFloat64).square().sum().item<double>();
  }
  options_.optimizer = config::Optimizer::kSgd;
  options_.momentum = 0;
  options_.accumulate = parts;
  options_.clip_norm = std::sqrt(square) / 4;
  const auto objective = testing_support::class_objective(golden.at("labels"), 5);
  TrainingStep step(*model, objective, options_, *communicator_);

  const auto mine = part(7, all_on_first ? 7 : (7 + communicator_->size() - 1) / communicator_->size());
  const auto sums = step.run(inputs(mine, golden.at("input")), mine, 1.0, 0, false).get();

  EXPECT_NEAR(sums.gradient_norm, std::sqrt(square), 1e-5 * std::sqrt(square));
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    // Gradients of float sums in another order: 1e-5 of values up to 1.
    expect_close(tensor, golden.at("before." + name) - golden.at("gradient." + name) / 4, 1e-5, 2e-6, name);
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, SplitBatch,
                         testing::Values(Split{config::Norm::kNone, false}, Split{config::Norm::kNone, true},
                                         Split{config::Norm::kBatch, false},
                                         Split{config::Norm::kBatch, true},
                                         Split{config::Norm::kNone, false, 3},
                                         Split{config::Norm::kNone, true, 3}));

TEST_F(TrainingStepTest, AStopAskedForByOneRankReachesAll) {
  const auto model = testing_support::small_cnn(config::Norm::kNone);
  const auto objective =
      testing_support::class_objective(torch::zeros({communicator_->size()}, torch::kInt64), 5);
  TrainingStep step(*model, objective, options_, *communicator_);
  const auto mine = part(communicator_->size(), 1);
  const models::Inputs input{torch::zeros({1, 1, 13, 18})};
  EXPECT_FALSE(step.run(input, mine, options_.lr, 0, false).get().stop);
  const bool last = communicator_->rank() == communicator_->size() - 1;
  EXPECT_TRUE(step.run(input, mine, options_.lr, 0, last).get().stop);
}

TEST_F(TrainingStepTest, ContinuesToTheSameBitsWithAnAverage) {
  options_.optimizer = config::Optimizer::kSgd;
  options_.ema = 0.5;
  torch::manual_seed(6);
  const auto one = testing_support::small_cnn(config::Norm::kNone);
  const auto two = testing_support::small_cnn(config::Norm::kNone);
  const auto objective = testing_support::class_objective(torch::arange(2 * communicator_->size()) % 5, 5);
  TrainingStep first(*one, objective, options_, *communicator_);
  TrainingStep second(*two, objective, options_, *communicator_);
  const auto mine = part(2 * communicator_->size(), 2);
  const models::Inputs input{torch::randn({2, 1, 13, 18})};
  first.run(input, mine, 0.1, 1, false).get();
  testing_support::assign(models::state_dict(*two), models::state_dict(*one), "");
  second.restore(first.state());
  first.run(input, mine, 0.1, 2, false).get();
  second.run(input, mine, 0.1, 2, false).get();
  EXPECT_TRUE(first.state().contains("average"));
  for (const auto& [name, tensor] : first.state()) {
    EXPECT_TRUE(torch::equal(tensor, second.state().at(name))) << name;
  }
  const WeightAverage::InUse averaged(first.average());
  EXPECT_TRUE(torch::equal(one->parameters().front().flatten(),
                           first.state().at("average").slice(0, 0, one->parameters().front().numel())));
}

TEST_F(TrainingStepTest, EveryRankHasTheSameWeightsAndStatistics) {
  torch::manual_seed(5);
  const auto model = testing_support::small_cnn(config::Norm::kBatch);
  const auto labels = torch::randint(5, {4 * communicator_->size()}, torch::kInt64);
  const auto objective = testing_support::class_objective(labels, 5);
  TrainingStep step(*model, objective, options_, *communicator_);
  for (int i = 0; i < 3; ++i) {
    torch::manual_seed(100 * i + communicator_->rank());
    step.run({torch::randn({4, 1, 13, 18})}, part(labels.size(0), 4), options_.lr, 0, false).get();
  }
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    auto reference = tensor.detach().to(torch::kFloat32).contiguous().clone();
    communicator_->broadcast(
        comm::buffer(std::span(reference.data_ptr<float>(), static_cast<std::size_t>(reference.numel()))), 0);
    EXPECT_TRUE(torch::equal(reference, tensor.detach().to(torch::kFloat32))) << name;
  }
}

// 3 + 3 + 1 samples on 3 ranks, 4 + 3 on 2. What a rank computes from its own part is known to all here.
TEST_F(TrainingStepTest, RunningStatisticsAreWeightedBySamples) {
  const auto golden = testing_support::small_cnn_golden(config::Norm::kBatch);
  const auto model = testing_support::small_cnn(config::Norm::kBatch);
  testing_support::assign(models::state_dict(*model), golden, "before.");
  const auto objective = testing_support::class_objective(golden.at("labels"), 5);
  const std::int64_t of = (7 + communicator_->size() - 1) / communicator_->size();

  std::map<std::string, torch::Tensor> expected;
  for (std::int64_t first = 0; first < 7; first += of) {
    const std::int64_t last = std::min<std::int64_t>(first + of, 7);
    const auto alone = testing_support::small_cnn(config::Norm::kBatch);
    testing_support::assign(models::state_dict(*alone), golden, "before.");
    alone->forward({golden.at("input").slice(0, first, last)});
    for (const auto& item : alone->named_buffers()) {
      const auto share = item.value() * (static_cast<double>(last - first) / 7);
      expected[item.key()] = expected.contains(item.key()) ? expected[item.key()] + share : share;
    }
  }
  TrainingStep step(*model, objective, options_, *communicator_);
  const auto mine = part(7, of);
  step.run(inputs(mine, golden.at("input")), mine, options_.lr, 0, false).get();
  for (const auto& item : model->named_buffers()) {
    if (item.value().is_floating_point())
      expect_close(item.value(), expected[item.key()], 1e-5, 1e-6, item.key());
  }
}

TEST_F(TrainingStepTest, ARankWithoutSamplesHasNoSayInRunningStatistics) {
  const auto golden = testing_support::small_cnn_golden(config::Norm::kBatch);
  const auto model = testing_support::small_cnn(config::Norm::kBatch);
  testing_support::assign(models::state_dict(*model), golden, "before.");
  const auto objective = testing_support::class_objective(golden.at("labels"), 5);
  TrainingStep step(*model, objective, options_, *communicator_);
  const auto mine = part(7, 7);
  step.run(inputs(mine, golden.at("input")), mine, options_.lr, 0, false).get();
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    if (tensor.is_floating_point()) expect_close(tensor, golden.at("after." + name), 1e-5, 2e-6, name);
  }
}

}  // namespace
}  // namespace chorale::train
