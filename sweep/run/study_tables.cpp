#include "sweep/run/study_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "eval/figures/history.hpp"
#include "eval/results/run_metrics.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;
std::vector<eval::Epoch> history_of(const Cell& cell) {
  const checkpoint::RunFolder run(cell.experiment.run.dir);
  return fs::exists(run.history()) ? eval::read_history(run) : std::vector<eval::Epoch>{};
}

// Seconds a multiply-add of training, from the cells that have trained: the median, as models differ in it.
// Nothing when none has.
std::optional<double> seconds_a_multiply_add(std::span<const Cell> cells,
                                             const std::map<std::string, Cost>& costs) {
  std::vector<double> rates;
  for (const Cell& cell : cells) {
    const double an_epoch =
        costs.at(cell.name).total(cell.experiment) / static_cast<double>(cell.experiment.train.epochs);
    double seconds = 0, epochs = 0;
    for (const auto& epoch : history_of(cell)) {
      seconds += epoch.seconds.value_or(0);
      epochs += epoch.seconds ? 1 : 0;
    }
    if (epochs > 0 && an_epoch > 0) rates.push_back(seconds / epochs / an_epoch);
  }
  if (rates.empty()) return std::nullopt;
  std::ranges::sort(rates);
  return rates[rates.size() / 2];
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string first_line(const std::string& text) {
  constexpr std::size_t kLongest = 100;
  const std::string line = text.substr(0, text.find('\n'));
  return line.size() <= kLongest ? line : line.substr(0, kLongest - 3) + "...";
}

eval::Cell song_accuracy_of(const Cell& cell) {
  const checkpoint::RunFolder run(cell.experiment.run.dir);
  if (!fs::exists(run.metrics())) return {};
  const auto metrics = eval::metrics_from_json(runtime::read_file(run.metrics()), run.metrics().string());
  if (metrics.classes.empty()) return {};  // of a task without classes that exclude each other
  return eval::Number{eval::song_accuracy(metrics)};
}

// State, and what more there is to say.
std::pair<std::string, std::string> state_of(const Study& study, const Cell& cell,
                                             const std::optional<Outcome>& outcome) {
  if (outcome && outcome->failed) return {"failed", first_line(outcome->error)};
  if (outcome) {
    const std::string again =
        outcome->claims > 1 ? fmt::format(", taken over {} times", outcome->claims - 1) : "";
    return {"done", outcome->host + again};
  }
  const ClaimState claim = look(study.cells(), cell.name);
  if (claim.holds) {
    const std::string job = claim.owner.job.empty() ? "" : ", job " + claim.owner.job;
    return {"running", fmt::format("{}, process {}{}", claim.owner.host, claim.owner.process, job)};
  }
  if (!fs::exists(cell.experiment.run.dir)) return {"waiting", ""};
  return {"stopped", "goes on from its checkpoint"};
}

}  // namespace

eval::Table plan_table(const Study& study, std::span<const Cell> cells,
                       const std::map<std::string, Cost>& costs) {
  eval::Table table{.name = "plan",
                    .caption = fmt::format("{} cells", cells.size()),
                    .columns = {{"cell", "cell"},
                                {"parameters", "parameters"},
                                {"slices", "training slices"},
                                {"multiply_adds", "million multiply-adds/slice"},
                                {"epochs", "epochs at most"},
                                {"share", "% of the cost"},
                                {"time", "time at most"},
                                {"state", "state"}}};
  double all = 0;
  for (const Cell& cell : cells) all += costs.at(cell.name).total(cell.experiment);
  const auto rate = seconds_a_multiply_add(cells, costs);
  double left = 0;
  for (const Cell& cell : cells) {
    const Cost& cost = costs.at(cell.name);
    const double total = cost.total(cell.experiment);
    const auto outcome = study.outcome(cell.name);
    if (!outcome) left += total;
    if (total == 0) {
      table.add({cell.name, {}, {}, {}, {}, {}, {}, state_of(study, cell, outcome).first});
      continue;
    }
    const eval::Cell time = rate ? eval::Cell(duration(total * *rate)) : eval::Cell();
    table.add({cell.name, cost.parameters, cost.slices,
               eval::Number{1e-6 * static_cast<double>(cost.multiply_adds), 1}, cell.experiment.train.epochs,
               eval::Number{100 * total / all, 1}, time, state_of(study, cell, outcome).first});
  }
  table.notes.push_back(fmt::format(
      "Training {} cells takes at most {:.3g} multiply-adds (three times those of the forward pass).",
      cells.size(), all));
  table.notes.push_back(rate ? fmt::format("At the rate of the cells that have trained, what is left takes "
                                           "at most {} on one group of ranks.",
                                           duration(left * *rate))
                             : "Times are estimated as soon as a cell has trained for an epoch.");
  return table;
}

eval::Table status_table(const Study& study, std::span<const Cell> cells) {
  eval::Table table{.name = "status",
                    .caption = "",
                    .columns = {{"cell", "cell"},
                                {"state", "state"},
                                {"epoch", "epoch"},
                                {"validation_loss", "validation loss"},
                                {"song_accuracy", "song accuracy"},
                                {"seconds", "seconds"},
                                {"about", ""}}};
  std::map<std::string, std::size_t> counts;
  for (const Cell& cell : cells) {
    const auto outcome = study.outcome(cell.name);
    const auto [state, about] = state_of(study, cell, outcome);
    ++counts[state];
    const auto history = history_of(cell);
    const eval::Cell epoch =
        history.empty()
            ? eval::Cell()
            : eval::Cell(fmt::format("{}/{}", history.back().epoch, cell.experiment.train.epochs));
    const eval::Cell loss =
        history.empty() ? eval::Cell() : eval::Cell(eval::Number{history.back().validation_loss});
    const eval::Cell seconds = outcome ? eval::Cell(eval::Number{outcome->seconds, 1}) : eval::Cell();
    table.add({cell.name, state, epoch, loss, song_accuracy_of(cell), seconds, about});
  }
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [state, count] : counts) parts.push_back(fmt::format("{} {}", count, state));
  table.caption = fmt::format("{} cells: {}", cells.size(), fmt::join(parts, ", "));
  return table;
}

std::size_t count_open(const Study& study, std::span<const Cell> cells) {
  return static_cast<std::size_t>(
      std::ranges::count_if(cells, [&](const Cell& cell) { return !study.outcome(cell.name); }));
}

}  // namespace chorale::sweep
