#include "sweep/run/run_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "eval/stage/evaluate.hpp"
#include "pipeline/cli/outcome.hpp"
#include "pipeline/comm/outcome.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/runtime/host.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"
#include "train/stage/machine.hpp"
#include "train/stage/stage.hpp"

namespace chorale::sweep {
namespace {

using cli::ProgramOutcome;

constexpr const char* kStop = "/stop";  // in the place of a cell's name, which has no slash

// Ranks that work on one cell together.
class Group {
 public:
  Group(const comm::MpiSession& job, std::int64_t ranks)
      : session_(job, static_cast<int>(job.rank() / ranks)), exchange_(session_) {}

  const comm::MpiSession& session() const { return session_; }
  bool leads() const { return session_.rank() == 0; }

  // Runs `body` on every rank, and returns the outcome of the first rank that failed, else of any. When this
  // rank has failed alone, the others may wait for it in a collective, and only the end of the job frees
  // them: then calls `alone` and throws.
  ProgramOutcome together(const std::function<void()>& body,
                          const std::function<void(const ProgramOutcome&)>& alone) {
    const ProgramOutcome mine = cli::outcome_of([&] {
      body();
      return 0;
    });
    if (!exchange_.exchange({mine.exit_status, 0})) {
      alone(mine);
      throw runtime::Error(mine.message);
    }
    std::string first;
    for (const auto& text : session_.gather(
             mine.exit_status == 0 ? "" : std::to_string(mine.exit_status) + " " + mine.message)) {
      if (first.empty()) first = text;
    }
    first = session_.broadcast(first);
    if (first.empty()) return {};
    return {std::stoi(first), first.substr(first.find(' ') + 1)};
  }

 private:
  comm::MpiSession session_;
  comm::OutcomeExchange exchange_;
};

ProgramOutcome run_cell(Group& group, const Study& study, const Cell& cell, int threads) {
  // The cell must not end the job again when that is started anew.
  const auto record = [&](const ProgramOutcome& mine) {
    const auto message = fmt::format("rank {} alone: {}", group.session().rank(), mine.message);
    try {
      study.record({.cell = cell.name, .failed = true, .error = message, .host = runtime::host_name()});
    } catch (const std::exception& error) {
      spdlog::error("{}: its failure could not be recorded: {}", cell.name, error.what());
    }
  };
  const auto own_threads = static_cast<int>(cell.experiment.train.threads);
  train::set_threads(own_threads > 0 ? own_threads : threads);
  auto outcome = group.together(
      [&] { train::train(group.session(), cell.experiment, train::Existing::kContinue); }, record);
  if (outcome.exit_status != 0) return outcome;
  return group.together(
      [&] {
        if (group.leads()) eval::evaluate(eval::open_run(cell.experiment.run.dir, {}));
      },
      record);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

void run_cells(const comm::MpiSession& job, const Study& study, std::span<const Cell> cells,
               std::int64_t ranks, int threads) {
  Group group(job, ranks);
  for (;;) {
    std::unique_ptr<Claim> claim;
    const std::string name = comm::from_rank_zero(group.session(), [&]() -> std::string {
      if (runtime::stop_requested()) return kStop;
      claim = study.claim(cells);
      if (!claim) {
        study.await_signs_of_life(cells);
        claim = study.claim(cells);
      }
      return claim ? claim->cell() : "";
    });
    if (name.empty()) return;
    if (name == kStop) throw runtime::Interrupted("between two cells; run the same command again");
    const Cell& cell = *std::ranges::find(cells, name, &Cell::name);
    const auto start = std::chrono::steady_clock::now();
    if (claim)
      spdlog::info("cell {}{}", name,
                   claim->number() > 1 ? ": taken over from a process that has ended" : "");
    const ProgramOutcome outcome = run_cell(group, study, cell, threads);
    if (outcome.exit_status == runtime::kTryAgain) {
      if (claim) claim->release();
      throw runtime::Interrupted(fmt::format("{}: {}", name, outcome.message));
    }
    const bool failed = outcome.exit_status != runtime::kDone;
    if (failed && claim) spdlog::error("cell {} has failed: {}", name, outcome.message);
    if (claim) {
      study.finish(*claim, {name, failed, outcome.message, claim->number(), seconds_since(start),
                            runtime::host_name()});
    }
  }
}

}  // namespace chorale::sweep
