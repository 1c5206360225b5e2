// Expected values come from the same network in Python PyTorch (make_goldens.py).
#include "golden/models/small_cnn.hpp"

namespace chorale::models {
namespace {

using testing_support::assign;
using testing_support::expect_close;

// Float arithmetic in another order: sums over up to 7 * 13 * 18 products.
constexpr double kRelative = 1e-4, kAbsolute = 1e-6;

class CnnGolden : public testing::TestWithParam<config::Norm> {
 protected:
  const testing_support::Tensors golden_ = testing_support::small_cnn_golden(GetParam());
  const std::shared_ptr<Model> model_ = testing_support::small_cnn(GetParam());
};

TEST_P(CnnGolden, LogitsAndGradientsOfATrainingStep) {
  assign(state_dict(*model_), golden_, "before.");
  const auto logits = model_->forward({golden_.at("input")});
  expect_close(logits, golden_.at("logits"), kRelative, kAbsolute, "logits");
  torch::nn::functional::cross_entropy(logits, golden_.at("labels")).backward();
  for (const auto& item : model_->named_parameters()) {
    expect_close(item.value().grad(), golden_.at("gradient." + item.key()), kRelative, kAbsolute, item.key());
  }
  for (const auto& item : model_->named_buffers()) {
    expect_close(item.value(), golden_.at("after." + item.key()), kRelative, kAbsolute, item.key());
  }
}

TEST_P(CnnGolden, LogitsInEvaluation) {
  assign(state_dict(*model_), golden_, "after.");
  model_->eval();
  expect_close(model_->forward({golden_.at("input")}), golden_.at("evaluation_logits"), kRelative, kAbsolute,
               "logits");
}

INSTANTIATE_TEST_SUITE_P(Norms, CnnGolden, testing::Values(config::Norm::kBatch, config::Norm::kNone));

}  // namespace
}  // namespace chorale::models
