#include "eval/figures/history.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "pipeline/dataset/csv.hpp"

namespace chorale::eval {
namespace {

double number_at(const dataset::Csv& csv, std::size_t row, const std::string& column,
                 const std::string& origin) {
  const std::string& text = csv.at(row, column);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') {
    throw dataset::CsvError(
        fmt::format("{}: epoch row {}: {} is not a number: '{}'", origin, row + 1, column, text));
  }
  return value;
}

}  // namespace

std::vector<Epoch> read_history(const std::filesystem::path& path) {
  const auto csv = dataset::Csv::read(path);
  std::vector<Epoch> history;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    const auto at = [&](const char* column) { return number_at(csv, row, column, path.string()); };
    history.push_back({.epoch = static_cast<std::int64_t>(at("epoch")),
                       .train_loss = at("train_loss"),
                       .train_accuracy = at("train_accuracy"),
                       .validation_loss = at("validation_loss"),
                       .validation_accuracy = at("validation_accuracy"),
                       .seconds = at("seconds")});
  }
  return history;
}

}  // namespace chorale::eval
