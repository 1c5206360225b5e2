#include "pipeline/runtime/signals.hpp"

#include <csignal>
#include <initializer_list>

namespace chorale::runtime {
namespace {

volatile std::sig_atomic_t stop_flag = 0;

extern "C" void on_stop_signal(int number) {
  if (stop_flag != 0) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  stop_flag = 1;
}

}  // namespace

void install_stop_signals() {
  for (int number : {SIGTERM, SIGINT, SIGUSR1}) std::signal(number, on_stop_signal);
}

bool stop_requested() noexcept { return stop_flag != 0; }
void request_stop() noexcept { stop_flag = 1; }

}  // namespace chorale::runtime
