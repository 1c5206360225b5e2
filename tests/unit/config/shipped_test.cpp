// The configurations of the project itself.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "pipeline/config/config.hpp"

namespace chorale::config {
namespace {

TEST(Shipped, EveryConfigurationIsValidForEveryStage) {
  const char* source = std::getenv("CHORALE_SOURCE");
  ASSERT_NE(source, nullptr) << "run the test through ctest";
  int checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(source) / "configs")) {
    if (!entry.is_regular_file()) continue;  // configs/base holds parts of configurations
    EXPECT_NO_THROW(load(entry.path(), {}, Stage::kIngest)) << entry.path();
    EXPECT_NO_THROW(load(entry.path(), {}, Stage::kTrain)) << entry.path();
    ++checked;
  }
  EXPECT_GE(checked, 4);
}

}  // namespace
}  // namespace chorale::config
