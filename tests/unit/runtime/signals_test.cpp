#include "pipeline/runtime/signals.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace chorale::runtime {
namespace {

// Each in a process of its own, as a stop request lasts as long as its process.
TEST(StopSignals, MayBeRepeatedWhileStateIsSaved) {
  const auto saved_after_three_signals = [] {
    install_stop_signals();
    for (const int number : {SIGUSR1, SIGTERM, SIGTERM}) std::raise(number);
    std::_Exit(stop_requested() ? 0 : 1);
  };
  EXPECT_EXIT(saved_after_three_signals(), testing::ExitedWithCode(0), "");
}

TEST(StopSignals, ASecondInterruptFromTheKeyboardEndsTheProcess) {
  const auto interrupted_twice = [] {
    install_stop_signals();
    std::raise(SIGINT);
    if (!stop_requested()) std::_Exit(1);
    std::raise(SIGINT);
    std::_Exit(2);
  };
  EXPECT_EXIT(interrupted_twice(), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace chorale::runtime
