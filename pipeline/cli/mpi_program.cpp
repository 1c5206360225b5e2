#include <algorithm>
#include <optional>

#include "pipeline/cli/outcome.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/comm/lifeline.hpp"
#include "pipeline/comm/outcome.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/hash.hpp"
#include "pipeline/runtime/host.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::cli {
namespace {

std::string rank_and_host(const comm::MpiSession& session) {
  return "rank " + std::to_string(session.rank()) + " of " + std::to_string(session.size()) + " on " +
         runtime::host_name();
}

// The smallest of the exit statuses that are not 0.
int common_status(const std::vector<comm::Outcome>& outcomes) {
  std::int64_t common = runtime::kDone;
  for (const auto& outcome : outcomes) {
    if (outcome.exit_status == runtime::kDone) continue;
    common = common == runtime::kDone ? outcome.exit_status : std::min(common, outcome.exit_status);
  }
  return static_cast<int>(common);
}

// Prints what this rank has to say, unless a lower rank says the same. A message that not all have names the
// rank.
void print_once(const std::string& name, const comm::MpiSession& session, const ProgramOutcome& mine,
                const std::vector<comm::Outcome>& outcomes) {
  const auto rank = static_cast<std::size_t>(session.rank());
  const auto same = [&](const comm::Outcome& other) {
    return other.message_hash == outcomes[rank].message_hash;
  };
  const auto self = outcomes.begin() + session.rank();
  if (std::any_of(outcomes.begin(), self, same)) return;
  const bool shared = std::all_of(self, outcomes.end(), same) && session.rank() == 0;
  print_outcome(name, mine, shared ? "" : rank_and_host(session));
}

int end_together(const std::string& name, const comm::MpiSession& session, comm::Lifeline& lifeline,
                 comm::OutcomeExchange& exchange, const ProgramOutcome& mine) {
  const auto hash = mine.message.empty() ? 0 : runtime::xxh3(mine.message.data(), mine.message.size());
  const auto outcomes = exchange.exchange({mine.exit_status, hash});
  if (!outcomes) {
    print_outcome(name, mine, rank_and_host(session));
    lifeline.end_job(mine.exit_status);
    session.abort(mine.exit_status);
  }
  print_once(name, session, mine, *outcomes);
  return common_status(*outcomes);
}

}  // namespace

int run_mpi_program(const std::string& name, int argc, char** argv,
                    const std::function<int(const comm::MpiSession&)>& body) {
  const ProgramOutcome outcome = outcome_of([&] {
    std::optional<comm::Lifeline> lifeline;  // longer than MPI, whose end waits for all ranks
    const comm::MpiSession session(&argc, &argv);
    runtime::install_stop_signals();
    runtime::init_log(session.rank(), session.size());
    if (const auto idle = session.idle_tasks(); session.rank() == 0 && !idle.empty()) spdlog::warn(idle);
    lifeline.emplace(session);
    comm::OutcomeExchange exchange(session);
    return end_together(name, session, *lifeline, exchange, outcome_of([&] { return body(session); }));
  });
  print_outcome(name, outcome);
  return outcome.exit_status;
}

}  // namespace chorale::cli
