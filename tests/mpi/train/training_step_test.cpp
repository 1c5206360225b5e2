// The step of Python PyTorch on the whole batch (tests/golden/models) is the expected one for any number of
// ranks.
#include "train/parallel/training_step.hpp"

#include "golden/models/small_cnn.hpp"
#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"

namespace chorale::train {
namespace {

using testing_support::expect_close;
using testing_support::Tensors;

class TrainingStepTest : public testing::Test {
 protected:
  // This rank's part when ranks take `of` samples each, as long as there are any.
  Tensors part(const Tensors& golden, std::int64_t of) const {
    const auto total = golden.at("labels").size(0);
    const auto first = std::min(communicator_->rank() * of, total), last = std::min(first + of, total);
    return {{"input", golden.at("input").slice(0, first, last)},
            {"labels", golden.at("labels").slice(0, first, last)}};
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
  TrainingStep step(*model, options_, *communicator_);

  const auto mine = part(golden, GetParam() ? 7 : (7 + communicator_->size() - 1) / communicator_->size());
  const auto sums = step.run(mine.at("input"), mine.at("labels"), 7, 0, false);

  const auto& logits = golden.at("logits");
  const auto& labels = golden.at("labels");
  EXPECT_NEAR(sums.loss, torch::nn::functional::cross_entropy(logits, labels).item<double>() * 7, 1e-5);
  EXPECT_EQ(sums.correct, logits.argmax(1).eq(labels).sum().item<std::int64_t>());
  for (const auto& [name, tensor] : models::state_dict(*model)) {
    // A step of Adam changes every value by about lr = 1e-3.
    expect_close(tensor, golden.at("after." + name), 1e-5, 2e-6, name);
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, SplitBatch, testing::Values(false, true));

TEST_F(TrainingStepTest, AStopAskedForByOneRankReachesAll) {
  const auto model = testing_support::small_cnn(config::Norm::kNone);
  TrainingStep step(*model, options_, *communicator_);
  const auto input = torch::zeros({1, 1, 13, 18});
  const auto labels = torch::zeros({1}, torch::kInt64);
  EXPECT_FALSE(step.run(input, labels, communicator_->size(), 0, false).stop);
  const bool last = communicator_->rank() == communicator_->size() - 1;
  EXPECT_TRUE(step.run(input, labels, communicator_->size(), 0, last).stop);
}

TEST_F(TrainingStepTest, EveryRankHasTheSameWeightsAndStatistics) {
  torch::manual_seed(5);
  const auto model = testing_support::small_cnn(config::Norm::kBatch);
  TrainingStep step(*model, options_, *communicator_);
  for (int i = 0; i < 3; ++i) {
    torch::manual_seed(100 * i + communicator_->rank());
    step.run(torch::randn({4, 1, 13, 18}), torch::randint(5, {4}, torch::kInt64), 4 * communicator_->size(),
             0, false);
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
