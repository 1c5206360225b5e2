// The parity table: every feature, what it is compared with, and how far it may be off.
//
// A test compares what it computed with a golden by compare(), which asserts the tolerance that the table (in
// parity_table.cpp) declares for the feature. At the end of the program the table must have been compared row
// by row, and docs/features.md must show it; `golden_features --write-docs` writes it there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chorale::parity {

enum class Measure {
  kIdentical,        // every value the same
  kAbsolute,         // |a - e|
  kRelativeToValue,  // |a - e| / max(|e|, 1e-10): amin of power_to_db
  kRelativeToFrame,  // |a - e| / largest |e| of the frame
  kRelativeToArray,  // |a - e| / largest |e| of the signal
};

struct Row {
  std::string feature;
  std::string definition;  // in a few words
  std::string reference;   // the function of librosa
  Measure measure = Measure::kAbsolute;
  double tolerance = 0;  // of kIdentical: 0
};

struct Section {
  std::string title;
  std::vector<Row> rows;
};

// The declared table: one section for each part of ingest.
const std::vector<Section>& table();

// Asserts that `actual` is `expected` within the tolerance of the feature's row, and remembers the largest
// error. Arrays of another size, and values of which only one is NaN, are infinitely wrong. `bins`: values a
// frame, for kRelativeToFrame. A frame or array whose expected values are all zero is compared absolutely.
void compare(std::string_view feature, std::string_view signal, std::span<const double> actual,
             std::span<const double> expected, std::size_t bins = 0);

// The same for values of any type that a double holds exactly.
template <class Actual, class Expected>
void compare(std::string_view feature, std::string_view signal, const Actual& actual,
             const Expected& expected, std::size_t bins = 0) {
  const std::vector<double> a(std::begin(actual), std::end(actual)),
      e(std::begin(expected), std::end(expected));
  compare(feature, signal, std::span<const double>(a), std::span<const double>(e), bins);
}

enum class Docs { kCheck, kWrite };

// When all is done: prints the largest errors; asserts that every row of the table was compared (where no
// filter held tests back), and that the document shows the table between its two markers, measured errors
// aside. Or writes it there.
void report(const std::filesystem::path& document, Docs docs);

}  // namespace chorale::parity
