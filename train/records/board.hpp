// What TensorBoard shows of a run: a step an epoch.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/metrics/confusion.hpp"
#include "train/loop/history.hpp"
#include "train/records/event_file.hpp"

namespace chorale::train {

// Of the songs of validation, by task.
using Confusions = std::vector<std::pair<std::string, metrics::Confusion>>;

class Board {
 public:
  // A new event file in `run`; of older ones, what comes after `epochs` is shown no more. Throws
  // runtime::FileError.
  Board(const std::filesystem::path& run, std::int64_t epochs) : file_(run, epochs) {}

  // Scalars train/loss, train/accuracy, validation/<metric>, learning_rate, samples_per_second, data_wait;
  // images confusion/<task>: a row a true class, the darker the larger its share. Throws runtime::FileError.
  void add(const EpochRow& row, const Confusions& confusions);

 private:
  EventFile file_;
};

}  // namespace chorale::train
