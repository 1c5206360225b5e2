#include "pipeline/baselines/fitted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/baselines/booster.hpp"
#include "pipeline/baselines/linear_model.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::baselines {
namespace {

namespace fs = std::filesystem;

Importance sorted(Importance importance) {
  std::ranges::stable_sort(importance.columns, std::ranges::greater(), &ColumnImportance::value);
  return importance;
}

class Trees : public Fitted {
 public:
  Trees(Booster booster, std::size_t columns) : booster_(std::move(booster)), columns_(columns) {}

  std::vector<float> predict(std::span<const float> rows) const override {
    return booster_.predict(Matrix(rows, columns_));
  }
  Importance importance(const std::vector<std::string>& columns) const override {
    Importance importance{.measure = Importance::Measure::kGain, .columns = {}};
    const auto uses = booster_.column_uses();
    for (std::size_t i = 0; i < columns.size(); ++i)
      importance.columns.push_back({columns[i], uses.at(i).total_gain, uses[i].splits});
    return sorted(std::move(importance));
  }
  std::int64_t parameters() const override { return booster_.leaves(); }

 private:
  Booster booster_;
  std::size_t columns_;
};

class Linear : public Fitted {
 public:
  explicit Linear(LinearModel model) : model_(std::move(model)) {}

  std::vector<float> predict(std::span<const float> rows) const override { return model_.predict(rows); }
  Importance importance(const std::vector<std::string>& columns) const override {
    Importance importance{.measure = Importance::Measure::kWeight, .columns = {}};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      double sum = 0;
      for (std::size_t c = 0; c < model_.bias.size(); ++c)
        sum += std::abs(model_.weights[c * model_.columns + i]);
      importance.columns.push_back({columns[i], sum / static_cast<double>(model_.bias.size())});
    }
    return sorted(std::move(importance));
  }
  std::int64_t parameters() const override {
    return static_cast<std::int64_t>(model_.weights.size() + model_.bias.size());
  }

 private:
  LinearModel model_;
};

void require_size(const fs::path& checkpoint, std::size_t columns, std::size_t classes,
                  std::size_t expected_columns, std::size_t expected_classes) {
  if (columns == expected_columns && classes == expected_classes) return;
  throw checkpoint::CheckpointMismatch(
      fmt::format("{}: its model is of {} columns and {} classes, the configuration's of {} and {}",
                  checkpoint.string(), columns, classes, expected_columns, expected_classes));
}

}  // namespace

std::unique_ptr<Fitted> load(const fs::path& checkpoint, const config::Model& model, std::size_t columns,
                             std::size_t classes, std::int64_t threads) {
  if (model.name == "logistic_regression") {
    LinearModel linear = LinearModel::read(checkpoint / checkpoint::kModelFile);
    require_size(checkpoint, linear.columns, linear.bias.size(), columns, classes);
    return std::make_unique<Linear>(std::move(linear));
  }
  Booster booster(runtime::read_file(checkpoint / checkpoint::kBoosterFile), threads);
  const std::size_t predicted = booster.predict(Matrix(std::vector<float>(columns), columns)).size();
  require_size(checkpoint, booster.column_names().size(), predicted, columns, classes);
  return std::make_unique<Trees>(std::move(booster), columns);
}

}  // namespace chorale::baselines
