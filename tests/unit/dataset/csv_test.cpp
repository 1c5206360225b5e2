#include "pipeline/dataset/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::dataset {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The grammar's examples in section 2 of RFC 4180, and what files in the wild add.
TEST(Csv, ReadsQuotedFieldsWithCommasQuotesAndLineBreaks) {
  const Csv csv = Csv::parse(
      "name,note,n\r\n"
      "aaa,\"b \r\nb,b\",1\r\n"
      "\"say \"\"hi\"\"\",\"\",2\r\n",
      "t.csv");
  ASSERT_EQ(csv.rows(), 2U);
  EXPECT_EQ(csv.at(0, "name"), "aaa");
  EXPECT_EQ(csv.at(0, "note"), "b \r\nb,b");
  EXPECT_EQ(csv.at(1, "name"), "say \"hi\"");
  EXPECT_EQ(csv.at(1, "note"), "");
  EXPECT_EQ(csv.at(1, "n"), "2");
}

TEST(Csv, TakesAByteOrderMarkAnyLineEndAndNoLastLineEnd) {
  const Csv csv = Csv::parse("\xef\xbb\xbfpath,genre\n\nä/ö.wav,ポップ\r\n\r\nb,", "t.csv");
  ASSERT_EQ(csv.rows(), 2U);
  EXPECT_TRUE(csv.has("path"));
  EXPECT_FALSE(csv.has("artist"));
  EXPECT_EQ(csv.at(0, "genre"), "ポップ");
  EXPECT_EQ(csv.at(1, "genre"), "");
}

TEST(Csv, WhatIsWrittenIsRead) {
  for (const std::string value : {"plain", "", "a,b", "\"", "two\nlines", "\r", " spaces ", "ü"}) {
    const Csv csv = Csv::parse("first,second\n" + csv_field(value) + "," + csv_field(value) + "\n", "t.csv");
    EXPECT_EQ(csv.at(0, "first"), value);
    EXPECT_EQ(csv.at(0, "second"), value);
  }
  EXPECT_EQ(csv_field("plain"), "plain");
}

std::string error_of(std::string_view text) {
  try {
    Csv::parse(text, "labels.csv");
  } catch (const CsvError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Csv, ErrorsNameFileAndLine) {
  EXPECT_THAT(error_of("a,b\n\"x\ny\",1\n1,2,3\n"), AllOf(HasSubstr("labels.csv:4:"), HasSubstr("3 fields")));
  EXPECT_THAT(error_of("a,b\n1\n"), AllOf(HasSubstr("labels.csv:2:"), HasSubstr("1 fields")));
  EXPECT_THAT(error_of("a,b\n1,2\n3,\"x\n\n"),
              AllOf(HasSubstr("labels.csv:3:"), HasSubstr("no closing quote")));
  EXPECT_THAT(error_of("a,b\n\"x\"y,2\n"),
              AllOf(HasSubstr("labels.csv:2:"), HasSubstr("after a closing quote")));
  EXPECT_THAT(error_of("a,b\n1, \"x\"\n"), AllOf(HasSubstr("labels.csv:2:"), HasSubstr("a quote inside")));
  EXPECT_THAT(error_of("a,a\n"), AllOf(HasSubstr("labels.csv:1:"), HasSubstr("\"a\"")));
  EXPECT_THAT(error_of(""), HasSubstr("no header"));
  EXPECT_THAT(error_of("\n\n"), HasSubstr("no header"));
}

TEST(Csv, AMissingColumnOrFileIsNamed) {
  const Csv csv = Csv::parse("id,genre\n1,x\n", "labels.csv");
  try {
    csv.at(0, "artist");
    FAIL() << "expected CsvError";
  } catch (const CsvError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("labels.csv"), HasSubstr("\"artist\""), HasSubstr("genre, id")));
  }
  EXPECT_THROW(Csv::read("/no/such/labels.csv"), CsvError);
  const testing_support::TemporaryFolder folder;
  runtime::write_file(folder.path() / "x.csv", "id\n7\n");
  EXPECT_EQ(Csv::read(folder.path() / "x.csv").at(0, "id"), "7");
}

}  // namespace
}  // namespace chorale::dataset
