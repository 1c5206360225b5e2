// What columns a fitted baseline goes by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chorale::baselines {

struct ColumnImportance {
  std::string column;
  // kGain: of the loss, that the column's splits took off it. kWeight: mean over the classes of the absolute
  // weight of the standardised column.
  double value = 0;
  std::int64_t splits = 0;  // kGain
};

struct Importance {
  enum class Measure { kGain, kWeight };
  Measure measure = Measure::kGain;
  std::vector<ColumnImportance> columns;  // the largest first; equal ones in the order of the vector
};

}  // namespace chorale::baselines
