#include "train/loop/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::train {
namespace {

const std::vector<std::string> kColumns = {"epoch",
                                           "train_loss",
                                           "train_accuracy",
                                           "validation_loss",
                                           "validation_accuracy",
                                           "validation_song_accuracy",
                                           "lr",
                                           "seconds",
                                           "samples_per_second"};

std::string line_of(const std::vector<std::string>& fields) {
  return fmt::format("{}\n", fmt::join(fields, ","));
}

}  // namespace

History::History(std::filesystem::path path, std::int64_t epochs)
    : path_(std::move(path)), text_(line_of(kColumns)) {
  if (!std::filesystem::exists(path_)) return;
  const auto csv = dataset::Csv::read(path_);
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    if (std::stoll(csv.at(row, "epoch")) > epochs) continue;
    std::vector<std::string> fields;
    for (const auto& column : kColumns) fields.push_back(csv.at(row, column));
    text_ += line_of(fields);
    seconds_ += std::stod(csv.at(row, "seconds"));
  }
}

void History::add(const EpochRow& row) {
  text_ += fmt::format("{},{:.7g},{:.6f},{:.7g},{:.6f},{:.6f},{:g},{:.3f},{:.2f}\n", row.epoch,
                       row.train_loss, row.train_accuracy, row.validation_loss, row.validation_accuracy,
                       row.validation_song_accuracy, row.lr, row.seconds, row.samples_per_second);
  seconds_ += row.seconds;
  runtime::write_file(path_, text_);
}

}  // namespace chorale::train
