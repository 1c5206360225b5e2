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
  const auto folder = std::filesystem::path(source) / "configs";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool is_part = entry.path().parent_path().filename() == "base";
    if (entry.path().extension() != ".toml" || is_part) continue;
    EXPECT_NO_THROW(load(entry.path(), {}, Stage::kIngest)) << entry.path();
    EXPECT_NO_THROW(load(entry.path(), {}, Stage::kTrain)) << entry.path();
    ++checked;
  }
  EXPECT_GE(checked, 4 + 16 + 2 + 4 + 2);  // the reference systems' experiments alone
}

}  // namespace
}  // namespace chorale::config
