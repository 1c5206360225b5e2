#include "pipeline/inspect/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace chorale::inspect {
namespace {

using Json = nlohmann::ordered_json;

TEST(Text, AlignsLinesAndColumnsByCharacters) {
  const Json description = {
      {"kind", "store"},
      {"total_bytes", 1234567},
      {"complete", true},
      {"classes", {{"genre", {{{"name", "blues"}, {"tracks", 12}}, {{"name", "ポップ"}, {"tracks", 1000}}}}}},
      {"quarantine", Json::array()},
      {"config", "a = 1\nb = 2\n"}};
  EXPECT_EQ(as_text(description),
            "  kind         store\n"
            "  total bytes  1,234,567\n"
            "  complete     yes\n"
            "\n"
            "classes: genre\n"
            "  name   tracks\n"
            "  blues      12\n"
            "  ポップ     1,000\n"
            "\n"
            "quarantine\n"
            "  none\n"
            "\n"
            "config\n"
            "  a = 1\n"
            "  b = 2\n");
}

TEST(Text, CutsLongTables) {
  Json description;
  for (int i = 0; i < 150; ++i) description["shards"].push_back({{"number", i}});
  const std::string text = as_text(description);
  EXPECT_THAT(text, testing::HasSubstr("      99\n  ... and 50 more rows (--json has all)\n"));
}

TEST(Text, SeparatesThousands) {
  EXPECT_EQ(as_text({{"a", 999}, {"b", -1000}, {"c", 100000}, {"d", 0.25}}),
            "  a  999\n  b  -1,000\n  c  100,000\n  d  0.25\n");
}

}  // namespace
}  // namespace chorale::inspect
