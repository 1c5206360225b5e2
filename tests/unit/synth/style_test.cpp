#include "ingest/synth/style.hpp"

#include <gmock/gmock.h>

namespace chorale::synth {
namespace {

TEST(Styles, AreTenInAlphabeticalOrder) {
  ASSERT_EQ(styles().size(), 10U);
  for (std::size_t i = 1; i < styles().size(); ++i) EXPECT_LT(styles()[i - 1].name, styles()[i].name);
}

TEST(Styles, HaveWholeBarsOfKnownLetters) {
  for (const Style& style : styles()) {
    for (std::size_t part = 0; part < kParts; ++part) {
      const auto pattern = style.lines[part].pattern;
      const char* letters = part < 3 ? ".xo" : part == 3 ? ".-rfus" : part == 4 ? ".-c1234" : ".-n";
      EXPECT_EQ(pattern.size() % static_cast<std::size_t>(style.beats), 0U) << style.name << ": " << pattern;
      EXPECT_EQ(pattern.find_first_not_of(letters), std::string_view::npos) << style.name << ": " << pattern;
      EXPECT_NE(pattern.find_first_not_of(".-"), std::string_view::npos) << style.name << " part " << part;
    }
  }
}

// A pair that only the direction of time tells apart: what is the same backwards, such as a mean, cannot.
TEST(Styles, CascadeIsFountainPlayedBackwards) {
  const Style& cascade = styles()[2];
  const Style& fountain = styles()[5];
  ASSERT_EQ(cascade.name, "cascade");
  ASSERT_EQ(fountain.name, "fountain");
  for (const Part drum : {Part::kKick, Part::kSnare, Part::kHat}) {
    const auto pattern = fountain.line(drum).pattern;
    EXPECT_EQ(cascade.line(drum).pattern, std::string(pattern.rbegin(), pattern.rend()));
  }
  EXPECT_EQ(fountain.line(Part::kChords).pattern, "1-2-3-4-1-2-3-4-");
  EXPECT_EQ(cascade.line(Part::kChords).pattern, "4-3-2-1-4-3-2-1-");
  EXPECT_EQ(fountain.line(Part::kChords).envelope, Envelope::kPluck);
  EXPECT_EQ(cascade.line(Part::kChords).envelope, Envelope::kSwell);
  EXPECT_EQ(cascade.line(Part::kBass).pattern, fountain.line(Part::kBass).pattern);
  EXPECT_EQ(cascade.line(Part::kLead).pattern, fountain.line(Part::kLead).pattern);
  EXPECT_EQ(fountain.line(Part::kLead).motion, Motion::kScoop);
  EXPECT_EQ(cascade.line(Part::kLead).motion, Motion::kFall);
}

}  // namespace
}  // namespace chorale::synth
