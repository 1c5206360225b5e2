#include "ingest/tables/feature_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chorale::tables {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FeatureTable parse(std::string_view text) {
  return FeatureTable::read(dataset::CsvReader::of_text(text, "f.csv"));
}

std::string error_of(std::string_view text) {
  try {
    parse(text);
  } catch (const dataset::CsvError& error) {
    return error.what();
  }
  return "no error";
}

TEST(FeatureTable, GivesTheNumbersOfAnId) {
  const FeatureTable table = parse("tempo,id,rms\n120,b,0.5\n-1e2,a,2\n");
  EXPECT_THAT(table.columns(), ElementsAre("tempo", "rms"));
  EXPECT_THAT(table.row("a"), ElementsAre(-100, 2));
  EXPECT_THAT(table.row("b"), ElementsAre(120, 0.5));
  EXPECT_THAT(table.row("c"), IsEmpty());
}

TEST(FeatureTable, ErrorsNameFileLineAndColumn) {
  EXPECT_THAT(error_of(""), HasSubstr("f.csv: is empty"));
  EXPECT_THAT(error_of("name,x\na,1\n"), HasSubstr("f.csv:1: expected a column id"));
  EXPECT_THAT(error_of("id\na\n"), HasSubstr("f.csv:1: expected a column id"));
  EXPECT_THAT(error_of("id,x\na,1\na,2\n"), HasSubstr("f.csv:3: the id \"a\" stands there twice"));
  EXPECT_THAT(error_of("id,x\na,1,2\n"), HasSubstr("f.csv:2: the row has 3 fields"));
  for (const char* field : {"", "x", "nan", "inf", "1e99", "1 "})
    EXPECT_THAT(error_of(std::string("id,x\na,") + field + "\n"), HasSubstr("f.csv:2: x: found")) << field;
}

}  // namespace
}  // namespace chorale::tables
