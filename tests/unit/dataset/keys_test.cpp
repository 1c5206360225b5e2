#include "pipeline/dataset/keys.hpp"

#include <gtest/gtest.h>

namespace chorale::dataset {
namespace {

TEST(Keys, HaveAFixedOrderAndReadBack) {
  ASSERT_EQ(key_names().size(), 24U);
  EXPECT_EQ(key_names()[0], "C:maj");
  EXPECT_EQ(key_names()[11], "B:maj");
  EXPECT_EQ(key_names()[12], "C:min");
  EXPECT_EQ(key_names()[18], "F#:min");
  for (std::int32_t i = 0; i < 24; ++i) EXPECT_EQ(key_named(key_names()[static_cast<std::size_t>(i)]), i);
}

TEST(Keys, AreKnownByTheirCommonSpellings) {
  for (const char* text : {"F#:min", "F# minor", "F#m", "f#_min", "Gb minor", "G♭m", "F♯-Minor", " F# MIN "})
    EXPECT_EQ(key_named(text), 18) << text;
  for (const char* text : {"C", "C:maj", "C major", "CM", "c major", "B# maj"})
    EXPECT_EQ(key_named(text), 0) << text;
  EXPECT_EQ(key_named("Cb"), 11);
  EXPECT_EQ(key_named("Am"), 21);
  EXPECT_EQ(key_named("Bb"), 10);
}

TEST(Keys, OtherTextIsNone) {
  for (const char* text : {"", "H", "a", "C##", "C dorian", "8A", "N", "C:maj/3", "minor"})
    EXPECT_EQ(key_named(text), std::nullopt) << text;
}

}  // namespace
}  // namespace chorale::dataset
