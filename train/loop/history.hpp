// history.csv: one row an epoch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chorale::train {

struct EpochRow {
  std::int64_t epoch = 0;
  double train_loss = 0, train_accuracy = 0;  // of slices, with dropout, while the epoch was under way
  double validation_loss = 0, validation_accuracy = 0, validation_song_accuracy = 0;
  double lr = 0;
  double seconds = 0;             // training and validation of this epoch, over all sessions
  double samples_per_second = 0;  // slices trained a second, over all ranks
};

class History {
 public:
  // Takes over the rows of the file up to `epochs`; those after it are of epochs that will be trained again.
  // Throws dataset::CsvError when the file is not a history.
  History(std::filesystem::path path, std::int64_t epochs);

  // Rewrites the file in one step. Throws runtime::FileError.
  void add(const EpochRow& row);

  double seconds() const { return seconds_; }  // sum of the rows

 private:
  std::filesystem::path path_;
  std::string text_;
  double seconds_ = 0;
};

}  // namespace chorale::train
