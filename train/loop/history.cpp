#include "train/loop/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "train/loop/task_metrics.hpp"

namespace chorale::train {
namespace {

bool is_only_classes(const std::vector<models::Output>& outputs) {
  return outputs.size() == 1 && outputs.front().task.kind == config::TaskKind::kSingle;
}

std::string field(double value) { return std::isnan(value) ? "" : fmt::format("{:.7g}", value); }

}  // namespace

EpochTable::EpochTable(std::filesystem::path path, std::vector<std::string> columns, std::int64_t epochs)
    : path_(std::move(path)), columns_(std::move(columns)) {
  if (!std::filesystem::exists(path_)) return;
  try {
    read(epochs);
  } catch (const dataset::CsvError& error) {
    rows_.clear();
    const auto aside = runtime::free_name(path_, "damaged");
    std::filesystem::rename(path_, aside);
    spdlog::warn("{}. It is kept as {}; a new one begins after epoch {}.", error.what(), aside.string(),
                 epochs);
  }
}

void EpochTable::read(std::int64_t epochs) {
  const auto csv = dataset::Csv::read(path_);
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    const double epoch = csv.number_at(row, "epoch");
    if (epoch != std::floor(epoch))
      throw dataset::CsvError(fmt::format("{}: row {}: no number of an epoch", path_.string(), row + 1));
    if (epoch > static_cast<double>(epochs)) continue;
    auto& fields = rows_.emplace_back();
    for (const auto& column : columns_) {
      csv.number_at(row, column);
      fields.push_back(csv.at(row, column));
    }
  }
}

void EpochTable::add(const std::vector<std::vector<std::string>>& rows) {
  rows_.insert(rows_.end(), rows.begin(), rows.end());
  std::vector<std::string> names;
  for (const auto& column : columns_) names.push_back(dataset::csv_field(column));
  std::string text = fmt::format("{}\n", fmt::join(names, ","));
  for (const auto& row : rows_) text += fmt::format("{}\n", fmt::join(row, ","));
  runtime::write_file(path_, text);
}

double EpochTable::sum(const std::string& column) const {
  const auto place = static_cast<std::size_t>(std::ranges::find(columns_, column) - columns_.begin());
  double sum = 0;
  for (const auto& row : rows_) sum += row.at(place).empty() ? 0 : std::stod(row.at(place));
  return sum;
}

std::optional<double> History::seconds(std::int64_t epochs) const {
  if (static_cast<std::int64_t>(timing_.rows().size()) != epochs) return std::nullopt;
  return timing_.sum("seconds");
}

History::Columns History::columns_of(const std::vector<models::Output>& outputs) {
  if (is_only_classes(outputs)) {
    return {{"validation_loss", "loss"},
            {"validation_accuracy", outputs.front().task.name + ".slice_accuracy"},
            {"validation_song_accuracy", "accuracy"}};
  }
  Columns columns;
  for (const Metric& metric : metrics_of(outputs))
    columns.emplace_back(metric.name == "loss" ? "validation_loss" : metric.name, metric.name);
  return columns;
}

History::History(const checkpoint::RunFolder& run, const std::vector<models::Output>& outputs,
                 std::int64_t epochs)
    : json_(run.dir() / "history.json"),
      only_classes_(is_only_classes(outputs)),
      validation_(columns_of(outputs)),
      learned_(
          run.history(),
          [&] {
            std::vector<std::string> names = {"epoch", "train_loss"};
            if (only_classes_) names.push_back("train_accuracy");
            for (const auto& [column, metric] : validation_) names.push_back(column);
            names.push_back("lr");
            return names;
          }(),
          epochs),
      timing_(run.timing(), {"epoch", "seconds", "samples_per_second", "data_wait", "memory_mib"}, epochs) {}

std::vector<std::string> History::learned_fields(const EpochRow& row) const {
  std::vector<std::string> fields = {std::to_string(row.epoch), field(row.train_loss)};
  if (only_classes_) fields.push_back(field(row.train_accuracy));
  for (const auto& [column, metric] : validation_)
    fields.push_back(field(monitored(row.validation, metric).value));
  fields.push_back(std::isnan(row.lr) ? "" : fmt::format("{:g}", row.lr));
  return fields;
}

void History::add(std::span<const EpochRow> rows) {
  std::vector<std::vector<std::string>> learned, timing;
  for (const EpochRow& row : rows) {
    learned.push_back(learned_fields(row));
    timing.push_back({std::to_string(row.epoch), fmt::format("{:.3f}", row.seconds),
                      fmt::format("{:.2f}", row.samples_per_second), fmt::format("{:.3f}", row.data_wait),
                      fmt::format("{:.1f}", row.memory_mib)});
  }
  timing_.add(timing);
  learned_.add(learned);
  write_json();
}

// A list of objects, one an epoch that was learned; what is not known of one is null.
void History::write_json() const {
  auto epochs = nlohmann::ordered_json::array();
  for (const auto& learned : learned_.rows()) {
    auto& epoch = epochs.emplace_back(nlohmann::ordered_json::object());
    for (const EpochTable* table : {&learned_, &timing_}) {
      const auto row =
          std::ranges::find(table->rows(), learned.front(), [](const auto& r) { return r.front(); });
      for (std::size_t column = 0; column < table->columns().size(); ++column) {
        const std::string value = row == table->rows().end() ? "" : (*row)[column];
        const auto number = nlohmann::ordered_json::parse(value, nullptr, false);
        auto& field = epoch[table->columns()[column]];
        if (field.is_null() && number.is_number()) field = number;
      }
    }
  }
  runtime::write_file(json_, epochs.dump(1) + "\n");
}

}  // namespace chorale::train
