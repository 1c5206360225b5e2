// A program whose ranks end in the way that its argument names.
#include <unistd.h>

#include <csignal>
#include <new>
#include <stdexcept>
#include <string>

#include "pipeline/cli/program.hpp"
#include "pipeline/runtime/error.hpp"

namespace {

using namespace chorale;

int end_as(const std::string& ending, const comm::MpiSession& session) {
  const bool last = session.rank() == session.size() - 1;
  if (ending == "all-usage") throw runtime::UsageError("no such key");
  if (ending == "all-interrupted") throw runtime::Interrupted("run the same command again");
  if (ending == "one-interrupted" && last) throw runtime::Interrupted("run the same command again");
  if (ending == "out-of-memory") throw std::bad_alloc();
  if (ending == "not-an-exception") throw 42;
  if (ending == "one-fails-others-return" && last) throw runtime::Error("disk full");
  if (ending == "each-its-own") throw std::runtime_error("trouble " + std::to_string(session.rank()));
  if (ending == "one-fails-others-wait") {
    if (last) throw runtime::UsageError("disk full");
    session.barrier();
  }
  if (ending.starts_with(
          "killed-")) {  // killed-2: rank 2 is, and the others end; killed-2-wait: they wait for it
    if (session.rank() == ending[7] - '0') ::kill(::getpid(), SIGKILL);
    if (ending.ends_with("-wait")) session.barrier();
  }
  return ending == "status-3" ? 3 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string ending = argc > 1 ? argv[1] : "";
  return cli::run_mpi_program("endings", argc, argv,
                              [&](const comm::MpiSession& session) { return end_as(ending, session); });
}
