#include "train/parallel/gradient_reducer.hpp"

#include <gtest/gtest.h>

#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"

namespace chorale::train {
namespace {

// Three vectors; the loss of a rank uses those it is told to.
struct Three : torch::nn::Module {
  Three() {
    for (const auto* name : {"a", "b", "c"}) values.push_back(register_parameter(name, torch::ones({5})));
  }
  std::vector<torch::Tensor> values;
};

class GradientReducerTest : public testing::Test {
 protected:
  int rank() const { return communicator_->rank(); }
  int size() const { return communicator_->size(); }

  std::unique_ptr<comm::Communicator> communicator_ =
      comm::make_mpi_communicator(testing_support::mpi_session());
  Three module_;
  FlatParameters parameters_{module_};
  static constexpr double kOneParameter = 5 * sizeof(float) / 1024.0 / 1024.0;
};

TEST_F(GradientReducerTest, CutsBucketsFromTheEnd) {
  const GradientReducer each(parameters_, *communicator_, kOneParameter);
  EXPECT_EQ(each.buckets(), size() == 1 ? 0U : 3U);
  const GradientReducer all(parameters_, *communicator_, 1.0);
  EXPECT_EQ(all.buckets(), size() == 1 ? 0U : 1U);
}

TEST_F(GradientReducerTest, SumsOverRanks) {
  GradientReducer reducer(parameters_, *communicator_, kOneParameter);
  for (int step = 0; step < 3; ++step) {
    parameters_.gradients().zero_();
    ((rank() + 1) * (module_.values[0] + 2 * module_.values[1] + 3 * module_.values[2])).sum().backward();
    reducer.finalize();
    const float ranks = static_cast<float>(size() * (size() + 1)) / 2;
    for (std::size_t p = 0; p < 3; ++p) {
      EXPECT_TRUE(
          torch::equal(module_.values[p].grad(), torch::full({5}, ranks * static_cast<float>(p + 1))));
    }
  }
}

// A rank without samples, and parameters that only some ranks use, count as zero and hold nobody up.
TEST_F(GradientReducerTest, MissingGradientsAreZero) {
  GradientReducer reducer(parameters_, *communicator_, kOneParameter);
  parameters_.gradients().zero_();
  if (rank() == 0) module_.values[1].sum().backward();
  reducer.finalize();
  EXPECT_TRUE(torch::equal(module_.values[0].grad(), torch::zeros({5})));
  EXPECT_TRUE(torch::equal(module_.values[1].grad(), torch::ones({5})));
  EXPECT_TRUE(torch::equal(module_.values[2].grad(), torch::zeros({5})));
}

TEST_F(GradientReducerTest, LeavesNoHookBehind) {
  { const GradientReducer reducer(parameters_, *communicator_, kOneParameter); }
  parameters_.gradients().zero_();
  module_.values[0].sum().backward();
  EXPECT_TRUE(torch::equal(module_.values[0].grad(), torch::ones({5})));
}

TEST_F(GradientReducerTest, GradientsAreViewsOfTheFlatBuffer) {
  parameters_.gradients().zero_();
  module_.values[2].sum().backward();
  EXPECT_TRUE(torch::equal(parameters_.gradients().slice(0, 10, 15), torch::ones({5})));
  parameters_.values().fill_(7);
  EXPECT_EQ(module_.values[1][0].item<float>(), 7);
}

}  // namespace
}  // namespace chorale::train
