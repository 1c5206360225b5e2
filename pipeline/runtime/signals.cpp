#include "pipeline/runtime/signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace chorale::runtime {
namespace {

// Set by signals, and by threads that find the process has no more to do.
std::atomic<bool> stop_flag = false;
static_assert(std::atomic<bool>::is_always_lock_free);
volatile std::sig_atomic_t interrupted = 0;
volatile std::sig_atomic_t late_exit_status = 0;

// Launchers and schedulers repeat SIGTERM (mpirun after SIGUSR1, Slurm at the time limit) while state is
// being saved, so only somebody at a terminal who insists is taken at his word.
extern "C" void on_stop_signal(int number) {
  if (number == SIGINT && interrupted != 0) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  }
  if (number == SIGINT) interrupted = 1;
  stop_flag = true;
}

extern "C" void on_alarm(int) { ::_exit(late_exit_status); }

}  // namespace

void install_stop_signals() {
  for (int number : {SIGTERM, SIGINT, SIGUSR1}) std::signal(number, on_stop_signal);
}

bool stop_requested() noexcept { return stop_flag; }
void request_stop() noexcept { stop_flag = true; }

void exit_after(std::chrono::seconds time, int exit_status) noexcept {
  late_exit_status = exit_status;
  std::signal(SIGALRM, on_alarm);
  ::alarm(static_cast<unsigned>(time.count()));
}

}  // namespace chorale::runtime
