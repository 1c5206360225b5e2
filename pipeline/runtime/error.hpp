// The exceptions of the project and the exit status each stands for.
//
// A message says what went wrong, where (file, key, rank), and what to do next. Each subsystem derives its
// own type; the one catch at main (pipeline/cli/program.hpp) turns them into an exit status.
#pragma once

#include <stdexcept>

namespace chorale::runtime {

enum ExitStatus { kDone = 0, kFailed = 1, kWrongUsage = 2, kTryAgain = 75 };

// Something failed at run time: exit status 1.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
  virtual int exit_status() const { return kFailed; }
};

// The user asked for something that can't be: wrong usage, configuration or input. Exit status 2.
struct UsageError : Error {
  using Error::Error;
  int exit_status() const override { return kWrongUsage; }
};

// A signal stopped the work after its state was saved; the same command continues. Exit status 75.
struct Interrupted : Error {
  using Error::Error;
  int exit_status() const override { return kTryAgain; }
};

}  // namespace chorale::runtime
