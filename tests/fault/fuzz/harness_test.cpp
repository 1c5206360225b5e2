// The fuzzing itself: that it finds what there is to find.
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <set>

#include "fuzz.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::fuzz {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Plan small_plan() {
  return {.name = "harness", .seeds = {"a sound input", "and another one"}, .words = {}, .count = 20};
}

TEST(Harness, TellsResultsErrorsForeignExceptionsAndCrashesApart) {
  const Plan plan = small_plan();
  const Findings findings = fuzz(plan, [&](const std::string& input) {
    if (input == input_of(plan, 3)) throw runtime::Error("not like this");
    if (input == input_of(plan, 5)) throw std::out_of_range("at");
    if (input == input_of(plan, 7)) std::raise(SIGKILL);
  });
  EXPECT_EQ(findings.accepted, 17U);
  EXPECT_EQ(findings.refused, 1U);
  EXPECT_THAT(findings.failures, ElementsAre(AllOf(HasSubstr("input 5"), HasSubstr("foreign exception: at")),
                                             AllOf(HasSubstr("input 7"), HasSubstr("Killed"))));
  for (const char* number : {"5", "7"}) {
    std::filesystem::remove(std::filesystem::temp_directory_path() /
                            (std::string("chorale-fuzz-harness-") + number));
  }
}

TEST(Harness, MakesDifferentInputsAndTheSameAgain) {
  Plan plan = small_plan();
  std::set<std::string> inputs;
  for (std::size_t i = 0; i < 200; ++i) {
    inputs.insert(input_of(plan, i));
    EXPECT_EQ(input_of(plan, i), input_of(plan, i));
  }
  EXPECT_GT(inputs.size(), 180U);
}

}  // namespace
}  // namespace chorale::fuzz
