#include "pipeline/dataset/csv_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/random.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::dataset {
namespace {

using testing::HasSubstr;

using Record = std::vector<std::string>;

// What comes in pieces of `piece` bytes, as from a pipe or an archive.
CsvReader in_pieces(std::string_view text, std::size_t piece) {
  return {[=](std::span<char> out) mutable {
            const std::size_t bytes = text.copy(out.data(), std::min(out.size(), piece));
            text.remove_prefix(bytes);
            return bytes;
          },
          "t.csv"};
}

std::vector<std::pair<std::size_t, Record>> records(CsvReader reader) {
  std::vector<std::pair<std::size_t, Record>> result;
  while (reader.next())
    result.emplace_back(reader.line(), Record(reader.fields().begin(), reader.fields().end()));
  return result;
}

TEST(CsvReader, CountsLinesAcrossQuotedLineEndsAndEmptyLines) {
  const std::vector<std::pair<std::size_t, Record>> expected = {
      {1, {"a", "b"}}, {3, {"1\n2\r\n3", "say \"hi\""}}, {6, {"", ""}}, {7, {"last", "\r"}}};
  for (const std::size_t piece : {1, 2, 3, 1000}) {
    EXPECT_EQ(records(in_pieces("\xef\xbb\xbf"
                                "a,b\n\n\"1\n2\r\n3\",\"say \"\"hi\"\"\"\r\n,\nlast,\"\r\"",
                                piece)),
              expected);
  }
}

// Fields of every length around the reader's chunk of 1 MiB, so that its ends fall on every kind of byte.
TEST(CsvReader, ReadsTheSameWhereverItsBufferEnds) {
  runtime::RandomStream random(1);
  const std::string alphabet = "a,\"\r\n";
  std::vector<Record> written;
  std::string text;
  while (text.size() < (std::size_t{5} << 20)) {
    Record record;
    for (int column = 0; column < 3; ++column) {
      std::string field(random.below(random.below(200) == 0 ? 300000 : 12), 'x');
      for (char& c : field) c = alphabet[random.below(alphabet.size())];
      record.push_back(field);
    }
    record[0] += "x";
    text += csv_field(record[0]) + "," + csv_field(record[1]) + "," + csv_field(record[2]) + "\r\n";
    written.push_back(record);
  }
  CsvReader reader = CsvReader::of_text(text, "t.csv");
  for (const Record& record : written) {
    ASSERT_TRUE(reader.next());
    ASSERT_TRUE(std::equal(record.begin(), record.end(), reader.fields().begin(), reader.fields().end()));
  }
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
}

std::string error_of(const std::string& text) {
  try {
    records(CsvReader::of_text(text, "t.csv"));
  } catch (const CsvError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CsvReader, BrokenTextIsRefused) {
  EXPECT_THAT(error_of(std::string("a,b\n1,\0\n", 8)), HasSubstr("t.csv: holds null bytes"));
  EXPECT_THAT(error_of("a\n\"" + std::string(std::size_t{70} << 20, 'x')),
              HasSubstr("t.csv:2: a record of more"));
  EXPECT_THAT(error_of("a\n\n\"x\ny"), HasSubstr("t.csv:3: a quoted field has no closing quote"));
  EXPECT_THAT(error_of("a\nb\"c"), HasSubstr("t.csv:2: a quote inside the field b\"c"));
}

TEST(CsvReader, AFolderAndAMissingFileAreNamed) {
  const testing_support::TemporaryFolder folder;
  EXPECT_THROW(CsvReader::of_file(folder.path()), CsvError);
  EXPECT_THROW(CsvReader::of_file(folder.path() / "none.csv"), CsvError);
}

}  // namespace
}  // namespace chorale::dataset
