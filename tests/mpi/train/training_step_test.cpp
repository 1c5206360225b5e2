// The step of Python PyTorch on the whole batch (tests/golden/models) is the expected one for any number of
// ranks.
#include "train/parallel/training_step.hpp"

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

// `of`: samples a rank. 7 samples on 3 ranks: 3, 3, 1. All on the first rank: the others have none.
class SplitBatch : public TrainingStepTest, public testing::WithParamInterface<bool> {};

TEST_P(SplitBatch, StepsAsOneRankWithTheWholeBatchDoes) {
  const auto golden = testing_support::small_cnn_golden(config::Norm::kNone);
  const auto model = testing_support::small_cnn(config::Norm::kNone);
  testing_support::assign(models::state_dict(*model), golden, "before.");
  const auto& logits = golden.at("logits");
  const auto& labels = golden.at("labels");
  const auto objective = testing_support::class_objective(labels, 5);
  TrainingStep step(*model, objective, options_, *communicator_);

  const auto mine = part(7, GetParam() ? 7 : (7 + communicator_->size() - 1) / communicator_->size());
  const auto sums = step.run(inputs(mine, golden.at("input")), mine, 0, false).get();

  EXPECT_NEAR(sums.loss, torch::nn::functional::cross_entropy(logits, labels).item<double>(), 1e-6);
  EXPECT_EQ(sums.correct, logits.argmax(1).eq(labels).sum().item<std::int64_t>());
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    // A step of Adam changes every value by about lr = 1e-3.
    expect_close(tensor, golden.at("after." + name), 1e-5, 2e-6, name);
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, SplitBatch, testing::Values(false, true));

TEST_F(TrainingStepTest, AStopAskedForByOneRankReachesAll) {
  const auto model = testing_support::small_cnn(config::Norm::kNone);
  const auto objective =
      testing_support::class_objective(torch::zeros({communicator_->size()}, torch::kInt64), 5);
  TrainingStep step(*model, objective, options_, *communicator_);
  const auto mine = part(communicator_->size(), 1);
  const models::Inputs input{torch::zeros({1, 1, 13, 18})};
  EXPECT_FALSE(step.run(input, mine, 0, false).get().stop);
  const bool last = communicator_->rank() == communicator_->size() - 1;
  EXPECT_TRUE(step.run(input, mine, 0, last).get().stop);
}

TEST_F(TrainingStepTest, EveryRankHasTheSameWeightsAndStatistics) {
  torch::manual_seed(5);
  const auto model = testing_support::small_cnn(config::Norm::kBatch);
  const auto labels = torch::randint(5, {4 * communicator_->size()}, torch::kInt64);
  const auto objective = testing_support::class_objective(labels, 5);
  TrainingStep step(*model, objective, options_, *communicator_);
  for (int i = 0; i < 3; ++i) {
    torch::manual_seed(100 * i + communicator_->rank());
    step.run({torch::randn({4, 1, 13, 18})}, part(labels.size(0), 4), 0, false).get();
  }
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    auto reference = tensor.detach().to(torch::kFloat32).contiguous().clone();
    communicator_->broadcast(
        comm::buffer(std::span(reference.data_ptr<float>(), static_cast<std::size_t>(reference.numel()))), 0);
    EXPECT_TRUE(torch::equal(reference, tensor.detach().to(torch::kFloat32))) << name;
  }
}

}  // namespace
}  // namespace chorale::train
