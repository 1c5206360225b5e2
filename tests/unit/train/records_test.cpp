#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"
#include "train/records/crc32.hpp"
#include "train/records/event_file.hpp"
#include "train/records/png.hpp"

namespace chorale::train {
namespace {

// The check values of the catalogue of parametrised CRC algorithms: CRC-32/ISCSI and CRC-32/ISO-HDLC.
TEST(Crc32, GivesTheCheckValues) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
}

TEST(EventFile, CannotBeMadeInAFolderThatIsNotThere) {
  const testing_support::TemporaryFolder folder;
  EXPECT_THROW(EventFile(folder.path() / "none", 0), runtime::FileError);
}

// Two pixels, byte for byte (PNG specification, RFC 1950); read back by a foreign reader in
// tests/end_to_end/records.
TEST(Png, HasItsChunks) {
  const std::array<std::uint8_t, 2> pixels = {0, 255};
  const std::string png = grey_png(2, 1, pixels);
  EXPECT_THAT(png, testing::StartsWith("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(png.substr(16, 8), std::string("\0\0\0\2\0\0\0\1", 8));
  EXPECT_THAT(png, testing::HasSubstr(std::string("\x78\x01\x01\x03\x00\xfc\xff\x00\x00\xff", 10)));
  EXPECT_EQ(png.size(), 8U + 25 + 12 + 14 + 12);
}

}  // namespace
}  // namespace chorale::train
