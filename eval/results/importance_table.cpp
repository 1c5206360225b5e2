#include "eval/results/importance_table.hpp"

#include <fmt/format.h>

namespace chorale::eval {
namespace {

const char* const kOfGain =
    "Share: of the gain, what splits took off the training loss, over all trees. Gain: the mean of a split, "
    "as "
    "XGBoost's importance_type gain. Columns that go together share what either could have alone.";
const char* const kOfWeights =
    "Weight: mean over the classes of the absolute weight of the standardised column; of a category's value, "
    "which is 0 or 1, as it is. Share: of the sum of them. Columns that go together share what either could "
    "have "
    "alone.";

double sum_of(const baselines::Importance& importance) {
  double sum = 0;
  for (const auto& column : importance.columns) sum += column.value;
  return sum;
}

}  // namespace

Table importance_table(const baselines::Importance& importance, const RunMetrics& run) {
  const bool gain = importance.measure == baselines::Importance::Measure::kGain;
  Table table{.name = "feature_importance",
              .caption = fmt::format("Columns by importance: {}, training part", run.checkpoint.model),
              .columns = {{"column", "column"}, {"share", "share"}},
              .notes = {gain ? kOfGain : kOfWeights}};
  if (gain) {
    table.columns.insert(table.columns.end(), {{"gain", "gain"}, {"splits", "splits"}});
  } else {
    table.columns.push_back({"weight", "weight"});
  }
  const double sum = sum_of(importance);
  for (const auto& column : importance.columns) {
    std::vector<Cell> row = {column.column, sum > 0 ? Cell(Number{column.value / sum, 4}) : Cell()};
    if (gain) {
      const auto splits = static_cast<double>(column.splits);
      row.push_back(column.splits > 0 ? Cell(Number{column.value / splits}) : Cell());
      row.emplace_back(column.splits);
    } else {
      row.emplace_back(Number{column.value, 4});
    }
    table.add(std::move(row));
  }
  return table;
}

}  // namespace chorale::eval
