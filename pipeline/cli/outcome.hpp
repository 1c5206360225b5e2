// What became of a program's body: the one catch of the project.
#pragma once

#include <functional>
#include <string>

namespace chorale::cli {

struct ProgramOutcome {
  int exit_status = 0;
  std::string message;  // empty when the body returned
};

ProgramOutcome outcome_of(const std::function<int()>& body) noexcept;

// "name: error: [where: ]message" on stderr, or "name: stopped: ..." for exit status 75; nothing without a
// message.
void print_outcome(const std::string& name, const ProgramOutcome& outcome, const std::string& where = {});

}  // namespace chorale::cli
