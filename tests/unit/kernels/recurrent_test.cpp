// Against torch::nn::LSTM and GRU with the same weights, whose own CPU implementation is the reference.
#include "pipeline/kernels/recurrent.hpp"

#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "pipeline/kernels/dropout.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

struct Case {
  Cell cell = Cell::kLstm;
  Directions directions = Directions::kForward;
  std::int64_t layers = 1, units = 64, inputs = 20, batch = 5, frames = 7;
  std::vector<std::int64_t> lengths = {};
  double dropout = 0;

  Tensor lengths_tensor() const { return lengths.empty() ? Tensor() : torch::tensor(lengths, torch::kInt64); }
  bool both() const { return directions == Directions::kBoth; }
};

Recurrent make(const Case& c) {
  return Recurrent(RecurrentOptions{c.cell, c.inputs, c.units, c.layers, c.directions, c.dropout});
}

// The same as reference(), for clips that are all full: one layer of torch after another, with our own
// dropout, whose masks differ from torch's.
Tensor reference_in_layers(const Case& c, const torch::nn::Module& module, const Tensor& x) {
  const std::int64_t directions = c.both() ? 2 : 1;
  const Tensor state = torch::zeros({directions, c.batch, c.units});
  const std::vector<Tensor> all = module.parameters();
  Tensor sequence = x.transpose(0, 1);
  for (std::int64_t layer = 0; layer < c.layers; ++layer) {
    const auto first = all.begin() + layer * directions * 4;
    const std::vector<Tensor> own(first, first + directions * 4);
    if (layer > 0) sequence = drop_values(sequence, c.dropout);
    sequence = c.cell == Cell::kLstm
                   ? std::get<0>(at::lstm(sequence, {state, state}, own, true, 1, 0, true, c.both(), false))
                   : std::get<0>(at::gru(sequence, state, own, true, 1, 0, true, c.both(), false));
  }
  return sequence.transpose(0, 1);
}

// Output [batch, frames, ..] of torch's own layers with the parameters of `module`.
Tensor reference(const Case& c, const torch::nn::Module& module, const Tensor& x) {
  if (c.dropout > 0) return reference_in_layers(c, module, x);
  std::vector<Tensor> flat = module.parameters();
  const std::int64_t directions = c.both() ? 2 : 1;
  const Tensor state =
      torch::zeros({c.layers * directions, c.batch, c.units}, x.options().requires_grad(false));
  const bool train = module.is_training(), lstm = c.cell == Cell::kLstm;
  if (c.lengths.empty()) {
    return lstm ? std::get<0>(at::lstm(x, {state, state}, flat, true, c.layers, 0, train, c.both(), true))
                : std::get<0>(at::gru(x, state, flat, true, c.layers, 0, train, c.both(), true));
  }
  const auto packed = torch::nn::utils::rnn::pack_padded_sequence(x, c.lengths_tensor(), true, false);
  const Tensor rows = lstm ? std::get<0>(at::lstm(packed.data(), packed.batch_sizes(), {state, state}, flat,
                                                  true, c.layers, 0, train, c.both()))
                           : std::get<0>(at::gru(packed.data(), packed.batch_sizes(), state, flat, true,
                                                 c.layers, 0, train, c.both()));
  const torch::nn::utils::rnn::PackedSequence out(rows, packed.batch_sizes(), packed.sorted_indices(),
                                                  packed.unsorted_indices());
  return std::get<0>(torch::nn::utils::rnn::pad_packed_sequence(out, true, 0.0, c.frames));
}

Tensor at_last(const Case& c, const Tensor& output) {
  Tensor index = torch::full({c.batch}, c.frames - 1, torch::kInt64);
  if (!c.lengths.empty()) index = c.lengths_tensor() - 1;
  return output.index({torch::arange(c.batch), index});
}

// Output, gradient of the input, gradients of all parameters; of a loss that weighs every output differently.
template <class Forward>
std::vector<Tensor> results(const Case& c, Recurrent& module, const Forward& forward) {
  torch::manual_seed(7);
  const Tensor x = torch::randn({c.batch, c.frames, c.inputs}).requires_grad_();
  module->zero_grad();
  const Tensor output = forward(x);
  torch::manual_seed(11);
  (output.to(torch::kFloat32) * torch::randn(output.sizes())).sum().backward();
  std::vector<Tensor> all{output.detach().to(torch::kFloat32), x.grad()};
  for (const Tensor& parameter : module->parameters()) all.push_back(parameter.grad().clone());
  return all;
}

double largest_difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

// Differences beside the largest value of each tensor (at least 1).
void expect_equal(const std::vector<Tensor>& ours, const std::vector<Tensor>& torchs, double tolerance) {
  ASSERT_EQ(ours.size(), torchs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ASSERT_EQ(ours[i].sizes(), torchs[i].sizes()) << i;
    const double scale = std::max(1.0, torchs[i].abs().max().item<double>());
    EXPECT_LE(largest_difference(ours[i], torchs[i]), tolerance * scale) << "tensor " << i;
  }
}

class RecurrentCases : public testing::TestWithParam<Case> {};

TEST_P(RecurrentCases, SequenceEqualsTorch) {
  const Case c = GetParam();
  torch::manual_seed(3);
  Recurrent module = make(c);
  const auto ours =
      results(c, module, [&](const Tensor& x) { return module->forward(x, c.lengths_tensor()); });
  const auto torchs = results(c, module, [&](const Tensor& x) { return reference(c, *module, x); });
  expect_equal(ours, torchs, 1e-5);
}

TEST_P(RecurrentCases, LastEqualsTorch) {
  const Case c = GetParam();
  torch::manual_seed(3);
  Recurrent module = make(c);
  const auto ours = results(c, module, [&](const Tensor& x) { return module->last(x, c.lengths_tensor()); });
  const auto torchs =
      results(c, module, [&](const Tensor& x) { return at_last(c, reference(c, *module, x)); });
  expect_equal(ours, torchs, 1e-5);
}

// In bf16 numbers have 8 bits, and errors of the states add up over steps: 2 % of the largest value.
TEST_P(RecurrentCases, Bf16IsNearTorchInFp32) {
  Case c = GetParam();
  c.dropout = 0;  // of the reference is in fp32, and other values are dropped
  torch::manual_seed(3);
  Recurrent module = make(c);
  const auto ours = results(c, module, [&](const Tensor& x) {
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_dtype(at::kCPU, torch::kBFloat16);
    const Tensor output = module->forward(x, c.lengths_tensor());
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(at::kCPU, false);
    EXPECT_EQ(output.scalar_type(), torch::kBFloat16);
    return output;
  });
  const auto torchs = results(c, module, [&](const Tensor& x) { return reference(c, *module, x); });
  expect_equal(ours, torchs, 0.02);
}

TEST_P(RecurrentCases, DoublesGoToTheLibraryAndEqualTorch) {
  Case c = GetParam();
  c.dropout = 0;
  torch::manual_seed(3);
  Recurrent module = make(c);
  module->to(torch::kFloat64);
  const torch::NoGradGuard no_grad;
  const Tensor x = torch::randn({c.batch, c.frames, c.inputs}, torch::kFloat64);
  const Tensor expected = reference(c, *module, x);
  EXPECT_LE(largest_difference(module->forward(x, c.lengths_tensor()), expected), 1e-12);
  EXPECT_LE(largest_difference(module->last(x, c.lengths_tensor()), at_last(c, expected)), 1e-12);
}

TEST_P(RecurrentCases, RepeatsItsBits) {
  const Case c = GetParam();
  torch::manual_seed(3);
  Recurrent module = make(c);
  const auto once = [&] {
    return results(c, module, [&](const Tensor& x) { return module->forward(x, c.lengths_tensor()); });
  };
  const auto first = once(), again = once();
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(torch::equal(first[i], again[i])) << i;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Cell cell : {Cell::kLstm, Cell::kGru}) {
    for (const Directions directions : {Directions::kForward, Directions::kBoth}) {
      all.push_back({cell, directions});
      all.push_back({cell, directions, 1, 40, 3, 1, 1});
      all.push_back({cell, directions, 2, 24, 5, 1, 6});
      all.push_back({cell, directions, 2, 24, 5, 1, 6, {4}});
      all.push_back({cell, directions, 3, 37, 20, 4, 9});
      all.push_back({cell, directions, 2, 5, 70, 9, 6, {1, 6, 3, 5, 6, 2, 4, 1, 6}});
      all.push_back({cell, directions, 2, 80, 33, 3, 8, {4, 7, 2}});
      all.push_back({cell, directions, 2, 256, 20, 17, 40});
      all.push_back({cell, directions, 3, 16, 8, 4, 5, {}, 0.4});
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Shapes, RecurrentCases, testing::ValuesIn(cases()), [](const auto& tested) {
  const Case& c = tested.param;
  return std::string(c.cell == Cell::kLstm ? "Lstm" : "Gru") + (c.both() ? "Both" : "Forward") +
         std::to_string(c.layers) + "x" + std::to_string(c.units) + (c.lengths.empty() ? "" : "Lengths") +
         (c.dropout > 0 ? "Dropout" : "");
});

TEST(Recurrent, HasTheParametersOfTorch) {
  torch::manual_seed(5);
  const Recurrent ours(RecurrentOptions{Cell::kLstm, 20, 12, 2, Directions::kBoth, 0.3});
  torch::manual_seed(5);
  const torch::nn::LSTM torchs(torch::nn::LSTMOptions(20, 12).num_layers(2).bidirectional(true));
  const auto expected = torchs->named_parameters();
  const auto actual = ours->named_parameters();
  ASSERT_EQ(actual.keys(), expected.keys());
  for (const auto& item : expected) EXPECT_TRUE(torch::equal(actual[item.key()], item.value())) << item.key();
}

TEST(Recurrent, DoesNotDependOnTheOtherSamplesNorOnThreads) {
  Recurrent module(RecurrentOptions{Cell::kGru, 20, 48, 2, Directions::kBoth, 0});
  const torch::NoGradGuard no_grad;
  const Tensor x = torch::randn({13, 21, 20});
  const Tensor all = module->last(x);
  for (const int threads : {1, 2, 5}) {
    at::set_num_threads(threads);
    EXPECT_TRUE(torch::equal(module->last(x), all)) << threads;
    EXPECT_TRUE(torch::equal(module->last(x.narrow(0, 4, 3)), all.narrow(0, 4, 3))) << threads;
  }
  at::set_num_threads(1);
}

TEST(Recurrent, WhatFollowsAShortSampleDoesNotCount) {
  Recurrent module(RecurrentOptions{Cell::kLstm, 4, 8, 2, Directions::kBoth, 0});
  const Tensor lengths = torch::tensor({3, 6}, torch::kInt64);
  Tensor x = torch::randn({2, 6, 4});
  const Tensor before = module->forward(x, lengths).detach();
  x.index_put_({0, torch::indexing::Slice(3)}, std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(torch::equal(module->forward(x, lengths), before));
  EXPECT_EQ(before.index({0, torch::indexing::Slice(3)}).abs().sum().item<double>(), 0);
}

TEST(Recurrent, NanIsNotHidden) {
  Recurrent module(RecurrentOptions{Cell::kGru, 4, 8, 1, Directions::kForward, 0});
  Tensor x = torch::randn({2, 6, 4});
  x[1][2][3] = std::numeric_limits<float>::quiet_NaN();
  const Tensor last = module->last(x);
  EXPECT_TRUE(last[0].isfinite().all().item<bool>());
  EXPECT_TRUE(last[1].isnan().all().item<bool>());
}

TEST(Recurrent, RefusesOtherShapesAndLengths) {
  Recurrent module(RecurrentOptions{Cell::kLstm, 4, 8, 1, Directions::kForward, 0});
  const Tensor x = torch::zeros({2, 6, 4});
  EXPECT_THROW(module->forward(torch::zeros({2, 6, 5})), c10::Error);
  EXPECT_THROW(module->forward(x, torch::tensor({3, 7}, torch::kInt64)), c10::Error);
  EXPECT_THROW(module->forward(x, torch::tensor({0, 6}, torch::kInt64)), c10::Error);
  EXPECT_THROW(module->forward(x, torch::tensor({6}, torch::kInt64)), c10::Error);
}

}  // namespace
}  // namespace chorale::kernels
