#include "ingest/catalogue/field.hpp"

#include <gtest/gtest.h>

namespace chorale::catalogue {
namespace {

TEST(Field, NumbersAreTheWholeField) {
  EXPECT_EQ(number_in<int>("42"), 42);
  EXPECT_EQ(number_in<float>("-1.5e3"), -1500.0F);
  for (const char* text : {"", " 1", "1 ", "1x", "x", "99999999999"})
    EXPECT_EQ(number_in<int>(text), std::nullopt) << text;
  for (const char* text : {"nan", "inf", "1e99", "1,5"})
    EXPECT_EQ(number_in<float>(text), std::nullopt) << text;
}

// The borders of table 3-7 of the Unicode standard.
TEST(Field, Utf8IsToldFromOtherBytes) {
  for (const char* text :
       {"", "plain", "naïve", "音", "𝄞", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", "\xe0\xa0\x80"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const char* text : {"caf\xe9", "\x80", "\xc0\xaf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xff", "\xf0\x8f\xbf\xbf"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Field, OtherBytesAreShownAsHexadecimals) {
  EXPECT_EQ(printable("naïve"), "naïve");
  EXPECT_EQ(printable("caf\xe9.wav"), "caf\\xE9.wav");
}

}  // namespace
}  // namespace chorale::catalogue
