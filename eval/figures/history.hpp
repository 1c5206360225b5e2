// RUN/history.csv: a row an epoch, as training wrote it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace chorale::eval {

struct Epoch {
  std::int64_t epoch = 0;  // from 1
  double train_loss = 0, train_accuracy = 0;
  double validation_loss = 0, validation_accuracy = 0;
  double seconds = 0;
};

// Throws dataset::CsvError for a column that is missing or a field that is no number.
std::vector<Epoch> read_history(const std::filesystem::path& path);

}  // namespace chorale::eval
