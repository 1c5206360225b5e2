#include "golden/features/parity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>

namespace chorale::parity {
namespace {

constexpr std::string_view kBegin = "<!-- parity table: written by golden_features --write-docs -->\n";
constexpr std::string_view kEnd = "<!-- end of the parity table -->\n";
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Largest {
  double error = -1;
  std::string signal;
};

std::map<std::string, Largest, std::less<>>& largest_errors() {
  static std::map<std::string, Largest, std::less<>> errors;
  return errors;
}

const Row& row_of(std::string_view feature) {
  for (const Section& section : table()) {
    for (const Row& row : section.rows) {
      if (row.feature == feature) return row;
    }
  }
  throw std::logic_error("the parity table has no row " + std::string(feature));
}

double largest_magnitude(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest > 0 ? largest : 1.0;
}

double difference(double actual, double expected) {
  if (actual == expected || (std::isnan(actual) && std::isnan(expected))) return 0;
  const double error = std::abs(actual - expected);
  return std::isnan(error) ? kInfinity : error;
}

struct Worst {
  double error = 0;
  std::size_t index = 0;
};

Worst worst_error(Measure measure, std::span<const double> actual, std::span<const double> expected,
                  std::size_t bins) {
  const std::size_t frame = measure == Measure::kRelativeToFrame ? bins : expected.size();
  Worst worst;
  for (std::size_t first = 0; first < expected.size(); first += frame) {
    const auto values = expected.subspan(first, frame);
    const bool scaled = measure == Measure::kRelativeToFrame || measure == Measure::kRelativeToArray;
    const double scale = scaled ? largest_magnitude(values) : 1.0;
    for (std::size_t i = first; i < first + frame; ++i) {
      const double value = std::max(std::abs(expected[i]), 1e-10);
      const double error =
          difference(actual[i], expected[i]) / (measure == Measure::kRelativeToValue ? value : scale);
      if (error > worst.error) worst = {error, i};
    }
  }
  return worst;
}

std::string scientific(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value == 0 ? "%.0f" : "%.1e", value);
  return text;
}

const char* name(Measure measure) {
  switch (measure) {
    case Measure::kIdentical:
      return "identical";
    case Measure::kAbsolute:
      return "absolute";
    case Measure::kRelativeToValue:
      return "of the value";
    case Measure::kRelativeToFrame:
      return "of the frame's largest";
    case Measure::kRelativeToArray:
      return "of the signal's largest";
  }
  return "";
}

std::string declared_cells(const Row& row) {
  return "| " + row.feature + " | " + row.definition + " | `" + row.reference + "` | " + name(row.measure) +
         " | " + scientific(row.tolerance) + " | ";
}

std::string measured_cell(const Row& row) {
  const auto found = largest_errors().find(row.feature);
  if (found == largest_errors().end()) return "not compared";
  const auto& [error, signal] = found->second;
  return scientific(error) + (error > 0 ? " (" + signal + ")" : "");
}

std::string markdown() {
  std::string text;
  for (const Section& section : table()) {
    text += "\n### " + section.title +
            "\n\n| Feature | Definition | librosa | Error | Tolerance | Largest (signal) |\n"
            "|---|---|---|---|---|---|\n";
    for (const Row& row : section.rows) text += declared_cells(row) + measured_cell(row) + " |\n";
  }
  return text + "\n";
}

// Without the measured errors, which may differ from one machine to the next.
std::string declared_part(const std::string& section) {
  std::istringstream lines(section);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const auto last = line.starts_with("| ") ? line.rfind('|', line.size() - 2) : std::string::npos;
    text += line.substr(0, last) + "\n";
  }
  return text;
}

}  // namespace

void compare(std::string_view feature, std::string_view signal, std::span<const double> actual,
             std::span<const double> expected, std::size_t bins) {
  const Row& row = row_of(feature);
  if (row.measure == Measure::kRelativeToFrame && (bins == 0 || expected.size() % bins != 0)) {
    throw std::logic_error(row.feature + " is compared frame by frame: say how many values a frame has");
  }
  const bool same_size = actual.size() == expected.size();
  const Worst worst = same_size ? worst_error(row.measure, actual, expected, bins) : Worst{kInfinity, 0};
  Largest& largest = largest_errors()[row.feature];
  if (worst.error > largest.error) largest = {worst.error, std::string(signal)};

  ASSERT_EQ(actual.size(), expected.size()) << feature << " of " << signal;
  if (worst.error > row.tolerance) {
    ADD_FAILURE() << feature << " of " << signal << ": error " << worst.error << " (" << name(row.measure)
                  << "), tolerance " << row.tolerance << "; value " << worst.index << " is "
                  << actual[worst.index] << ", expected " << expected[worst.index];
  }
}

void report(const std::filesystem::path& document, Docs docs) {
  const auto& tests = *::testing::UnitTest::GetInstance();
  const bool all_ran = tests.test_to_run_count() == tests.total_test_count();
  for (const Section& section : table()) {
    for (const Row& row : section.rows) {
      std::printf("largest error, %-28s %s\n", row.feature.c_str(), measured_cell(row).c_str());
      EXPECT_TRUE(!all_ran || largest_errors().contains(row.feature)) << row.feature << " was never compared";
    }
  }

  std::ifstream in(document);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto begin = text.find(kBegin), end = text.find(kEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end)
      << document << " lacks the markers of the parity table";
  const auto first = begin + kBegin.size();
  if (docs == Docs::kWrite) {
    ASSERT_TRUE(all_ran) << "--write-docs needs all tests, without a filter";
    std::ofstream(document) << text.substr(0, first) << markdown() << text.substr(end);
    return;
  }
  EXPECT_EQ(declared_part(text.substr(first, end - first)), declared_part(markdown()))
      << document << " is out of date: CHORALE_SOURCE=$PWD build/release/tests/golden_features --write-docs";
}

}  // namespace chorale::parity
