// chorale sweep: the cells of an ablation, trained and evaluated by as many processes as there are, and their
// report.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <set>
#include <thread>

#include "eval/report/report.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/comm/outcome.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/memory.hpp"
#include "pipeline/runtime/signals.hpp"
#include "sweep/run/cost.hpp"
#include "sweep/run/run_cells.hpp"
#include "sweep/run/study_tables.hpp"
#include "train/data/training_data.hpp"
#include "train/stage/machine.hpp"

namespace {

using namespace chorale;
using sweep::Cell;
using sweep::Study;

struct Arguments {
  std::string file;
  std::vector<std::string> overrides;
  bool plan = false, status = false, retry = false;
};

// What was asked for on the command line, as the sweep and its cells.
struct Sweep {
  sweep::Definition definition;
  std::vector<Cell> cells;
  Study study;
};

Sweep read_sweep(const Arguments& arguments) {
  auto definition = sweep::read_definition(arguments.file, arguments.overrides);
  auto of_cells = arguments.overrides;
  std::erase_if(of_cells, sweep::is_of_sweep);
  auto cells = sweep::make_cells(definition, arguments.file, of_cells);
  Study study(definition.dir);
  return {std::move(definition), std::move(cells), std::move(study)};
}

void print(const eval::Table& table) { std::printf("%s\n", eval::to_terminal(table).c_str()); }

// On a terminal drawn anew until no cell is running or waiting, else printed once.
void print_status(const Sweep& sweep) {
  const bool live = ::isatty(STDOUT_FILENO) == 1;
  for (;;) {
    if (live) std::printf("\033[H\033[2J");
    print(sweep::status_table(sweep.study, sweep.cells));
    std::fflush(stdout);
    if (!live || sweep::count_open(sweep.study, sweep.cells) == 0 || runtime::stop_requested()) return;
    std::this_thread::sleep_for(std::chrono::seconds(2));
  }
}

// Of all cells that are done, in their order. Processes that come to the end together write it one after the
// other, so that the last one has what all have done.
void write_report(const Sweep& sweep) {
  const auto claim = sweep.study.claim_report();
  eval::ReportOptions options;
  options.found.given = {sweep.definition.dir};
  for (const Cell& cell : sweep.cells) {
    const auto outcome = sweep.study.outcome(cell.name);
    if (!outcome) continue;
    if (outcome->failed) {
      options.found.failed.push_back({cell.name, outcome->error});
    } else {
      options.found.runs.emplace_back(cell.experiment.run.dir);
    }
  }
  if (!options.found.runs.empty()) {
    const auto runs = eval::read_runs(options.found.runs);
    for (const auto& table : eval::write_report(runs, sweep.study.report(), options)) print(table);
    spdlog::info("the report: {}", (sweep.study.report() / "report.html").string());
  }
  claim->release();
}

// What is left when this job finds no more to do.
void conclude(const Sweep& sweep) {
  if (const auto open = sweep::count_open(sweep.study, sweep.cells); open > 0) {
    spdlog::info("{} cells are left, on which other processes work; the last one writes the report", open);
  } else {
    write_report(sweep);
    print(sweep::status_table(sweep.study, sweep.cells));
  }
  const auto failed = std::ranges::count_if(sweep.cells, [&](const Cell& cell) {
    const auto outcome = sweep.study.outcome(cell.name);
    return outcome && outcome->failed;
  });
  if (failed == 0) return;
  throw runtime::Error(fmt::format("{} of {} cells have failed, see above; --retry trains them again", failed,
                                   sweep.cells.size()));
}

// Throws what is wrong with a store, before any cell fails because of it.
void require_stores(const std::vector<Cell>& cells) {
  std::set<std::string> seen;
  for (const Cell& cell : cells) {
    if (seen.insert(cell.experiment.store.path + "\n" + config::store_hash(cell.experiment)).second)
      train::open_store(cell.experiment);
  }
}

// Waits for the groups that still work, without a core's time as a barrier would take. When one was stopped,
// all end as stopped, and leave the report to whoever is started next.
void work_together(const comm::MpiSession& session, const std::function<void()>& work) {
  comm::OutcomeExchange end(session);
  std::optional<runtime::Interrupted> stopped;
  try {
    work();
  } catch (const runtime::Interrupted& error) {
    stopped = error;
  }
  const auto outcomes = end.exchange({stopped ? runtime::kTryAgain : runtime::kDone, 0});
  if (stopped) throw *stopped;
  if (std::ranges::any_of(*outcomes, [](const auto& other) { return other.exit_status != runtime::kDone; }))
    throw runtime::Interrupted("other ranks were stopped; run the same command again");
}

void require_groups(const comm::MpiSession& job, std::int64_t ranks) {
  if (job.size() % ranks == 0) return;
  throw runtime::UsageError(
      fmt::format("sweep.ranks is {}, but the job has {} ranks, which do not divide into groups "
                  "of {}. Start a multiple of {} ranks, or change sweep.ranks",
                  ranks, job.size(), ranks, ranks));
}

void run_sweep(const comm::MpiSession& session, const Arguments& arguments) {
  const Sweep sweep = read_sweep(arguments);
  require_groups(session, sweep.definition.ranks);
  comm::from_rank_zero(session, [&] {
    require_stores(sweep.cells);
    sweep.study.open(sweep.cells);
    if (arguments.retry) sweep.study.forget_failures(sweep.cells);
    return std::string();
  });
  const int threads = train::threads_of_rank(session, {});
  train::set_threads(threads);
  work_together(
      session, [&] { sweep::run_cells(session, sweep.study, sweep.cells, sweep.definition.ranks, threads); });
  comm::from_rank_zero(session, [&] {
    conclude(sweep);
    return std::string();
  });
}

int run(const comm::MpiSession& session, int argc, char** argv) {
  CLI::App app(
      "Trains and evaluates the cells of a sweep, and reports on them. Started several times at once, here, "
      "as "
      "tasks of an array or under MPI, it shares the cells out.",
      "chorale sweep");
  app.footer(
      "Example:\n  chorale sweep configs/ablations/architecture.toml --plan\n"
      "  mpirun -n 8 chorale sweep configs/ablations/architecture.toml sweep.ranks=2 sweep.seeds=[1,2,3]");
  Arguments arguments;
  app.add_option("CONFIG", arguments.file, "TOML file with a table [sweep]")->required();
  app.add_option("OVERRIDES", arguments.overrides,
                 "key=value, such as train.epochs=40 or sweep.dir=studies/lr");
  app.add_flag("--plan", arguments.plan, "print the cells and what they cost, and train nothing");
  app.add_flag("--status", arguments.status,
               "print how far every cell is; on a terminal, until all have ended");
  app.add_flag("--retry", arguments.retry, "train cells again that have failed");
  if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;
  cli::check_overrides(arguments.overrides);
  if (arguments.plan || arguments.status) {
    if (session.rank() > 0) return 0;
    const Sweep sweep = read_sweep(arguments);
    sweep.study.require_same(sweep.cells);
    if (arguments.plan) print(sweep::plan_table(sweep.study, sweep.cells, sweep::costs(sweep.cells)));
    if (arguments.status) print_status(sweep);
    return 0;
  }
  run_sweep(session, arguments);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  runtime::keep_freed_memory();
  return cli::run_mpi_program("chorale-sweep", argc, argv,
                              [&](const comm::MpiSession& session) { return run(session, argc, argv); });
}
