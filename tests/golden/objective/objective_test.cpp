// Losses of all tasks, and their gradients, against torch's own: objective.safetensors is written by
// make_goldens.py.
#include "train/objective/objective.hpp"

#include <algorithm>

#include "pipeline/dataset/keys.hpp"
#include "support/tensors.hpp"

namespace chorale::train {
namespace {

using config::TaskKind;

// Sums of at most 16 x 24 floats, in another order than torch's.
constexpr double kRelative = 2e-6, kAbsolute = 2e-7;

struct Golden {
  testing_support::Tensors tensors =
      testing_support::read_tensors(testing_support::golden_file("objective/objective.safetensors"));
  std::vector<store::StoredTrack> tracks;
  std::vector<samples::Slice> samples;  // one a track

  Golden() {
    for (std::int64_t i = 0; i < tensors.at("genre").size(0); ++i) {
      tracks.emplace_back().track.labels = {single("genre", i), tags(i), tempo(i), single("key", i)};
      samples.push_back({static_cast<std::uint32_t>(i), 0});
    }
  }

  dataset::Label single(const char* task, std::int64_t i) const {
    const auto index = tensors.at(task)[i].item<std::int32_t>();
    return index < 0 ? dataset::Label{} : dataset::Label::of_class(index);
  }
  dataset::Label tags(std::int64_t i) const {
    if (tensors.at("known.tags")[i].item<std::int64_t>() == 0) return {};
    std::vector<std::int32_t> classes;
    for (std::int32_t c = 0; c < tensors.at("tags").size(1); ++c) {
      if (tensors.at("tags")[i][c].item<std::int64_t>() == 1) classes.push_back(c);
    }
    return dataset::Label::of_classes(classes);
  }
  dataset::Label tempo(std::int64_t i) const {
    if (tensors.at("known.tempo")[i].item<std::int64_t>() == 0) return {};
    return dataset::Label::of_value(tensors.at("tempo")[i].item<float>());
  }

  samples::Batch batch(std::size_t first, std::size_t last) const {
    samples::Batch batch;
    for (std::uint32_t t = 0; t < tracks.size(); ++t) {
      batch.global_tracks.push_back(t);
      if (t >= first && t < last) batch.tracks.push_back(t);
    }
    return batch;
  }
};

config::Train options_of(const std::string& name) {
  config::Train options;
  if (name == "plain") return options;
  options.task_weights = {{"tags", 0.5}, {"tempo", 0.1}, {"key", 0.8}};
  options.label_smoothing = 0.1;
  options.class_weights = config::Weighting::kBalanced;
  options.pos_weight_power = 0.5;
  options.pos_weight_cap = 2.0;
  options.key_classes = config::KeyClasses::kTonic;
  return options;
}

Objective make_objective(const Golden& golden, const config::Train& options) {
  const std::vector<dataset::Task> tasks = {
      {"genre", TaskKind::kSingle, {"a", "b", "c", "d"}},
      {"tags", TaskKind::kMulti, {"v", "w", "x", "y", "z"}},
      {"tempo", TaskKind::kRegression, {}},
      {"key", TaskKind::kKey, dataset::key_names()},
  };
  const auto outputs = models::outputs_of(tasks, options.key_classes);
  return {outputs, options, label_statistics(outputs, golden.tracks, golden.samples), golden.tracks};
}

class ObjectiveGolden : public testing::TestWithParam<std::string> {
 protected:
  torch::Tensor golden_tensor(const std::string& name) const {
    return golden_.tensors.at(GetParam() + "." + name);
  }
  torch::Tensor outputs() const { return golden_tensor("outputs").clone().requires_grad_(); }

  Golden golden_;
  Objective objective_ = make_objective(golden_, options_of(GetParam()));
};

TEST_P(ObjectiveGolden, LossAndGradientEqualTorchs) {
  const auto out = outputs();
  const auto result = objective_(out, golden_.batch(0, 16));
  result.loss.backward();
  testing_support::expect_close(result.loss.detach(), golden_tensor("loss"), kRelative, kAbsolute, "loss");
  testing_support::expect_close(out.grad(), golden_tensor("gradient"), kRelative, kAbsolute, "gradient");
}

TEST_P(ObjectiveGolden, TheLossOfEachTaskEqualsTorchs) {
  const auto batch = golden_.batch(0, 16);
  const auto sums = objective_.sums(golden_tensor("outputs"), batch.tracks);
  const auto weights = objective_.weights(batch.tracks);
  for (std::size_t t = 0; t < weights.size(); ++t) {
    const std::string& task = objective_.outputs()[t].task.name;
    const auto expected = golden_tensor("loss." + task).item<double>();
    const auto loss = sums[static_cast<std::int64_t>(t)].item<double>() / weights[t];
    EXPECT_NEAR(loss, expected, kAbsolute + kRelative * expected) << task;
  }
}

TEST_P(ObjectiveGolden, PartsOfABatchAddUpToTheWhole) {
  const auto out = outputs();
  torch::Tensor loss = torch::zeros({});
  for (const auto& [first, last] : {std::pair(0, 1), std::pair(1, 10), std::pair(10, 16)}) {
    const auto mine = out.slice(0, first, last);
    loss =
        loss +
        objective_(mine, golden_.batch(static_cast<std::size_t>(first), static_cast<std::size_t>(last))).loss;
  }
  loss.backward();
  testing_support::expect_close(loss.detach(), golden_tensor("loss"), kRelative, kAbsolute, "loss");
  testing_support::expect_close(out.grad(), golden_tensor("gradient"), kRelative, kAbsolute, "gradient");
}

// Partners are of the tracks 15, 0, 0, 1, 1, ...; each sample keeps a quarter of itself.
TEST_P(ObjectiveGolden, PartnersCountAsMuchAsTheyAreMixedIn) {
  auto batch = golden_.batch(0, 16);
  for (std::uint32_t i = 0; i < 16; ++i) {
    const std::uint32_t partner = i == 0 ? 15 : (i - 1) / 2;
    batch.partners.views.push_back({{partner, 0}, 1});
    batch.partners.global_tracks.push_back(partner);
  }
  batch.partners.weights = batch.partners.global_weights = std::vector<float>(16, 0.25F);

  const auto out = golden_tensor("outputs");
  const auto own = objective_.sums(out, batch.tracks),
             other = objective_.sums(out, batch.partners.global_tracks);
  const auto sums = (0.25 * own + 0.75 * other).contiguous();
  auto weights = objective_.weights(batch.tracks);
  const auto other_weights = objective_.weights(batch.partners.global_tracks);
  for (std::size_t t = 0; t < weights.size(); ++t) weights[t] = 0.25 * weights[t] + 0.75 * other_weights[t];
  const double expected = objective_.total({sums.const_data_ptr<double>(), weights.size()}, weights);
  EXPECT_NEAR(objective_(out, batch).loss.item<double>(), expected, kAbsolute + kRelative * expected);
}

INSTANTIATE_TEST_SUITE_P(Options, ObjectiveGolden, testing::Values("plain", "weighted"));

TEST(Objective, ABatchWithoutLabelsOfATaskCostsNothing) {
  Golden golden;
  for (auto& row : golden.tracks) row.track.labels[3] = {};
  const auto objective = make_objective(golden, config::Train{});
  const auto out = golden.tensors.at("plain.outputs").clone().requires_grad_();
  const auto result = objective(out, golden.batch(0, 16));
  result.loss.backward();
  EXPECT_TRUE(std::isfinite(result.loss.item<double>()));
  EXPECT_EQ(out.grad().slice(1, 10).abs().max().item<double>(), 0);  // the columns of key
  EXPECT_EQ(objective.weights(golden.batch(0, 16).tracks)[3], 0);
}

TEST(Objective, CountsWhatTheFirstSingleTaskGetsRight) {
  const Golden golden;
  const auto objective = make_objective(golden, config::Train{});
  const auto& genre = golden.tensors.at("genre");
  auto out = torch::zeros({16, 34});
  for (std::int64_t i = 0; i < 16; ++i) out[i][i % 4] = 1;
  const auto expected = genre.eq(torch::arange(16) % 4).sum().item<std::int64_t>();
  ASSERT_GT(expected, 0);
  EXPECT_EQ(objective(out, golden.batch(0, 16)).correct.item<std::int64_t>(), expected);
}

}  // namespace
}  // namespace chorale::train
