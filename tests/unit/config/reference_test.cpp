// The reference, and the page in docs/ that is written from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::config {
namespace {

using testing::HasSubstr;

TEST(Reference, HasEveryKeyWithItsDefault) {
  const std::string text = reference_text();
  for (const Key& key : keys()) {
    const std::string value = key.format(Experiment{});
    EXPECT_THAT(text, HasSubstr("  " + key.path + " = " + (value.empty() ? "unset" : value) + "\n"));
    EXPECT_FALSE(key.meaning.empty()) << key.path;
    EXPECT_TRUE(is_section(section_of(key))) << key.path;
  }
}

TEST(Reference, KeysOfASectionStandTogether) {
  std::set<std::string> seen;
  std::string section;
  for (const Key& key : keys()) {
    if (section_of(key) == section) continue;
    section = section_of(key);
    EXPECT_TRUE(seen.insert(section).second) << key.path << " stands apart from its section";
  }
}

TEST(Reference, ThePageInDocsIsTheSchemas) {
  const char* source = std::getenv("CHORALE_SOURCE");
  ASSERT_NE(source, nullptr) << "run the test through ctest";
  EXPECT_TRUE(runtime::read_file(std::string(source) + "/docs/configuration.md") == reference_markdown())
      << "docs/configuration.md is out of date; write it anew:\n"
         "  build/release/bin/chorale config reference --markdown > docs/configuration.md";
}

}  // namespace
}  // namespace chorale::config
