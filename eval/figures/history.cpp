#include "eval/figures/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "pipeline/dataset/csv.hpp"

namespace chorale::eval {
namespace {

double number_at(const dataset::Csv& csv, std::size_t row, const std::string& column,
                 const std::string& origin) {
  const std::string& text = csv.at(row, column);
  if (text.empty()) return std::nan("");  // what could not be measured
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0') {
    throw dataset::CsvError(
        fmt::format("{}: epoch row {}: {} is not a number: '{}'", origin, row + 1, column, text));
  }
  return value;
}

}  // namespace

std::vector<Epoch> read_history(const checkpoint::RunFolder& run) {
  const auto csv = dataset::Csv::read(run.history());
  const bool accuracies = csv.has("train_accuracy");
  std::vector<Epoch> history;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    const auto at = [&](const char* column) { return number_at(csv, row, column, run.history().string()); };
    Epoch& epoch = history.emplace_back(Epoch{.epoch = static_cast<std::int64_t>(at("epoch")),
                                              .train_loss = at("train_loss"),
                                              .validation_loss = at("validation_loss")});
    if (!accuracies) continue;
    epoch.train_accuracy = at("train_accuracy");
    epoch.validation_accuracy = at("validation_accuracy");
  }
  if (!std::filesystem::exists(run.timing())) return history;
  const auto timing = dataset::Csv::read(run.timing());
  for (std::size_t row = 0; row < std::min(timing.rows(), history.size()); ++row)
    history[row].seconds = number_at(timing, row, "seconds", run.timing().string());
  return history;
}

}  // namespace chorale::eval
