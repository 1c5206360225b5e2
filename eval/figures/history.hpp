// RUN/history.csv and RUN/timing.csv: a row an epoch, as training wrote them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/checkpoint/run_folder.hpp"

namespace chorale::eval {

struct Epoch {
  std::int64_t epoch = 0;  // from 1
  double train_loss = 0;
  std::optional<double> train_accuracy = {};  // of a run with one task, of kind single
  double validation_loss = 0;
  std::optional<double> validation_accuracy = {};
  std::optional<double> seconds = {};  // where timing.csv has it
};

// Throws dataset::CsvError for a column that is missing or a field that is no number. Precondition: there is
// a history.csv.
std::vector<Epoch> read_history(const checkpoint::RunFolder& run);

}  // namespace chorale::eval
