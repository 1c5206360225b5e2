// history.csv: what was learned, a row an epoch; the same bytes whenever the same run is trained. timing.csv:
// how long it took. history.json: both.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/models/outputs.hpp"
#include "train/loop/metric.hpp"

namespace chorale::train {

struct EpochRow {
  std::int64_t epoch = 0;
  double train_loss = 0, train_accuracy = 0;  // of slices, with dropout, while the epoch was under way
  std::vector<Metric> validation = {};        // metrics_of
  double lr = 0;                              // NaN: it has none
  double seconds = 0;                         // training and validation of this epoch, over all sessions
  double samples_per_second = 0;              // slices trained a second, over all ranks
  double data_wait = 0;   // seconds that the first rank waited for data to train on, in this session
  double memory_mib = 0;  // resident memory of the first rank at the end of the epoch
};

// A CSV file of epochs, rewritten in one step with every row.
class EpochTable {
 public:
  // Takes over the rows of the file up to `epochs`; those after it are of epochs that will be trained again.
  // The first column is `epoch`. A file that is not such a table is kept under another name, and a warning
  // says so: no run is held up by what it does not learn from.
  EpochTable(std::filesystem::path path, std::vector<std::string> columns, std::int64_t epochs);

  void add(const std::vector<std::vector<std::string>>& rows);  // throws runtime::FileError
  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  double sum(const std::string& column) const;

 private:
  void read(std::int64_t epochs);  // throws dataset::CsvError

  std::filesystem::path path_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Of the first rank.
class History {
 public:
  // history.csv has the columns epoch, train_loss, train_accuracy, validation_loss, validation_accuracy,
  // validation_song_accuracy, lr where the only task is of kind single; else epoch, train_loss,
  // validation_loss, lr and every other metric under its name. What could not be measured is empty.
  History(const checkpoint::RunFolder& run, const std::vector<models::Output>& outputs, std::int64_t epochs);

  // Throw runtime::FileError. Of several, the files are written once.
  void add(std::span<const EpochRow> rows);
  void add(const EpochRow& row) { add(std::span(&row, 1)); }

  // Of the first `epochs` epochs; nothing where timing.csv does not have them all.
  std::optional<double> seconds(std::int64_t epochs) const;

 private:
  // A column and the metric in it.
  using Columns = std::vector<std::pair<std::string, std::string>>;
  std::vector<std::string> learned_fields(const EpochRow& row) const;
  static Columns columns_of(const std::vector<models::Output>& outputs);

  void write_json() const;

  std::filesystem::path json_;
  bool only_classes_;
  Columns validation_;
  EpochTable learned_, timing_;
};

}  // namespace chorale::train
