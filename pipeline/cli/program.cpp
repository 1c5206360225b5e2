#include "pipeline/cli/program.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <new>

#include "pipeline/cli/outcome.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::cli {

const char* const kVersion = CHORALE_VERSION;

ProgramOutcome outcome_of(const std::function<int()>& body) noexcept {
  try {
    return {body(), {}};
  } catch (const runtime::Error& error) {
    return {error.exit_status(), error.what()};
  } catch (const std::bad_alloc&) {
    return {runtime::kFailed, "out of memory"};
  } catch (const std::exception& error) {
    return {runtime::kFailed, error.what()};
  } catch (...) {
    return {runtime::kFailed, "unknown exception"};
  }
}

void print_outcome(const std::string& name, const ProgramOutcome& outcome, const std::string& where) {
  if (outcome.message.empty()) return;
  const char* kind = outcome.exit_status == runtime::kTryAgain ? "stopped" : "error";
  const std::string line =
      name + ": " + kind + ": " + (where.empty() ? "" : where + ": ") + outcome.message + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);  // one write: lines of several ranks do not mix
}

int run_program(const std::string& name, const std::function<int()>& body) {
  const ProgramOutcome outcome = outcome_of([&] {
    runtime::install_stop_signals();
    runtime::init_log(0, 1);
    return body();
  });
  print_outcome(name, outcome);
  return outcome.exit_status;
}

std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv) {
  app.set_version_flag("--version", std::string(kVersion));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    throw runtime::UsageError(std::string(error.what()) + " (see --help)");
  }
  return std::nullopt;
}

void check_overrides(const std::vector<std::string>& overrides) {
  for (const std::string& text : overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw runtime::UsageError("\"" + text + "\": expected an override key=value, such as train.lr=3e-4");
    }
  }
}

}  // namespace chorale::cli
