#include "eval/figures/history.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/dataset/csv.hpp"

namespace chorale::eval {

std::vector<Epoch> read_history(const checkpoint::RunFolder& run) {
  const auto csv = dataset::Csv::read(run.history());
  const bool accuracies = csv.has("train_accuracy");
  std::vector<Epoch> history;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    const auto at = [&](const char* column) { return csv.number_at(row, column); };
    Epoch& epoch = history.emplace_back(Epoch{.epoch = static_cast<std::int64_t>(at("epoch")),
                                              .train_loss = at("train_loss"),
                                              .validation_loss = at("validation_loss")});
    if (!accuracies) continue;
    epoch.train_accuracy = at("train_accuracy");
    epoch.validation_accuracy = at("validation_accuracy");
  }
  if (!std::filesystem::exists(run.timing())) return history;
  const auto timing = dataset::Csv::read(run.timing());
  for (std::size_t row = 0; row < timing.rows(); ++row) {
    const double number = timing.number_at(row, "epoch");
    const auto epoch = std::ranges::find_if(
        history, [&](const Epoch& candidate) { return static_cast<double>(candidate.epoch) == number; });
    if (epoch == history.end()) continue;
    if (const double seconds = timing.number_at(row, "seconds"); !std::isnan(seconds))
      epoch->seconds = seconds;
  }
  return history;
}

}  // namespace chorale::eval
