#include "eval/tables/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace chorale::eval {
namespace {

struct Text {
  std::string operator()(std::monostate) const { return "–"; }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(const Number& number) const {
    const double unit = std::pow(10.0, -number.digits);
    if (number.is_p && number.value < unit / 2) return fmt::format("< {:.{}f}", unit, number.digits);
    return fmt::format("{:.{}f}", number.value, number.digits);
  }
  std::string operator()(const MeanStd& value) const {
    const std::string mean = fmt::format("{:.{}f}", value.mean, value.digits);
    return value.std ? fmt::format("{} ± {:.{}f}", mean, *value.std, value.digits) : mean;
  }
  std::string operator()(const Range& range) const {
    return fmt::format("{:.{}f} to {:.{}f}", range.low, range.digits, range.high, range.digits);
  }
};

}  // namespace

void Table::add(std::vector<Cell> row) {
  if (row.size() != columns.size()) {
    throw std::logic_error(
        fmt::format("table {}: a row of {} cells for {} columns", name, row.size(), columns.size()));
  }
  rows.push_back(std::move(row));
}

bool Table::is_text(std::size_t column) const {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return std::holds_alternative<std::string>(row[column]); });
}

std::vector<Table::Span> Table::spans() const {
  if (std::ranges::all_of(columns, [](const Column& column) { return column.group.empty(); })) return {};
  std::vector<Span> spans;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (spans.empty() || spans.back().group != columns[c].group) spans.push_back({columns[c].group, c, 0});
    ++spans.back().count;
  }
  return spans;
}

std::string full_header(const Column& column) {
  return column.group.empty() ? column.header : column.group + ": " + column.header;
}

std::string text_of(const Cell& cell) { return std::visit(Text{}, cell); }

Cell optional_number(const std::optional<double>& value, int digits) {
  return value ? Cell(Number{*value, digits}) : Cell();
}

Cell mean_std(const std::vector<double>& values, int digits) {
  if (values.empty()) return std::monostate{};
  const auto n = static_cast<double>(values.size());
  MeanStd result{.mean = std::accumulate(values.begin(), values.end(), 0.0) / n,
                 .n = static_cast<std::int64_t>(values.size()),
                 .digits = digits};
  if (values.size() > 1) {
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    result.std = std::sqrt(squares / (n - 1));
  }
  return result;
}

}  // namespace chorale::eval
