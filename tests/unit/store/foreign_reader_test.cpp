// What h5dump, which knows nothing of us, finds in our files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "sample_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::TemporaryFolder;

// Standard output of h5dump; a failing or missing h5dump fails the test.
std::string h5dump(const std::string& arguments) {
  FILE* pipe = ::popen(("h5dump " + arguments).c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  EXPECT_EQ(::pclose(pipe), 0) << "h5dump " << arguments << " (package hdf5-tools)";
  return output;
}

class ForeignReader : public testing::Test {
 protected:
  ForeignReader() { write_sample_store(folder_.path(), 2); }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  const TemporaryFolder folder_;
};

TEST_F(ForeignReader, FindsTypesShapesAndLayout) {
  const std::string shard = h5dump("-H -p " + file("shard-00001.h5"));
  EXPECT_THAT(shard, HasSubstr("DATATYPE  16-bit little-endian floating-point"));
  EXPECT_THAT(shard, HasSubstr("( 11, 4 ) / ( 11, 4 )"));  // tracks 2 and 3 have 5 and 6 frames
  EXPECT_THAT(shard, HasSubstr("CONTIGUOUS"));
  EXPECT_THAT(shard, testing::Not(HasSubstr("CHUNKED")));
  for (const char* name : {"config", "config_hash", "format_version", "program_version", "catalogue_hash"}) {
    EXPECT_THAT(shard, HasSubstr("ATTRIBUTE \"" + std::string(name) + "\""));
  }
}

TEST_F(ForeignReader, FindsTextAndNumbersOfTheTables) {
  const std::string index = file("index.h5");
  EXPECT_THAT(h5dump("-y -d /tracks/id " + index),
              AllOf(HasSubstr("UTF8"), HasSubstr("\"t0\", \"t1\", \"t2\", \"t3\"")));
  EXPECT_THAT(h5dump("-y -d /tracks/label_genre " + index), HasSubstr("0, 1, 2, 0"));
  EXPECT_THAT(h5dump("-y -d /tracks/duration " + index), HasSubstr("0.5, 1.5, 2.5, 3.5"));
  EXPECT_THAT(h5dump("-y -d /tracks/source_xxh3 " + index), HasSubstr(std::to_string(0xfedcba9876543210U)));
  EXPECT_THAT(h5dump("-y -a /format_version " + index), HasSubstr("2"));
  EXPECT_THAT(h5dump("-y -d /quarantine/reason " + index), HasSubstr("\"not audio\", \"not audio\""));
}

TEST_F(ForeignReader, FindsEveryValueOfMel) {
  const std::string values = file("mel.txt");
  h5dump("-y -o " + values + " -d /mel " + file("shard-00001.h5"));
  std::ifstream in(values);
  const std::size_t frames = sample_frames(2) + sample_frames(3);
  for (std::size_t i = 0; i < frames * kBins; ++i) {
    const std::size_t frame = i / kBins, bin = i % kBins;
    const bool first = frame < sample_frames(2);
    float value = 0;
    char comma = 0;
    in >> value >> comma;
    EXPECT_EQ(value, first ? sample_value(2, frame, bin) : sample_value(3, frame - sample_frames(2), bin));
  }
}

}  // namespace
}  // namespace chorale::store
