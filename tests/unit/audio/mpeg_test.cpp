// MP3s whose header announces another length than they have. The MP3 is that of the goldens: 0.1 s, stereo,
// with a Xing header that is right.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "ingest/audio/load.hpp"
#include "ingest/audio/sound_file.hpp"
#include "support/stream.hpp"

namespace chorale::audio {
namespace {

constexpr std::size_t kFrames = 5, kFrameLength = 1152, kSamples = 4410;
constexpr std::uint32_t kRepeats = 20;
constexpr std::uint32_t kRepeatedFrames =
    kRepeats * (kFrames + 1) - 1;  // a header is a silent frame elsewhere

std::string mp3() {
  const auto path =
      std::filesystem::path(std::getenv("CHORALE_SOURCE")) / "tests/golden/features/data/mp3.mp3";
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string repeated() {
  std::string bytes;
  for (std::uint32_t i = 0; i < kRepeats; ++i) bytes += mp3();
  return bytes;
}

std::string with_frame_count(std::string bytes, std::uint32_t count) {
  const auto at = bytes.find("Xing") + 8;
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(count >> (24 - 8 * i));
  return bytes;
}

class MpegTest : public ::testing::Test {
 protected:
  // At the file's own rate. Where libsndfile cannot decode MP3, the error that says so is all there is to
  // see.
  std::vector<float> load(const std::string& bytes) {
    const auto samples = loader_.load(testing_support::stream_of(bytes)).samples;
    return {samples.begin(), samples.end()};
  }

  void SetUp() override {
    if (!mp3_supported()) {
      EXPECT_THROW(load(mp3()), DecodeError);
    }
  }

  Loader loader_{{.sample_rate = 0}};
};

std::vector<float> first(const std::vector<float>& samples, std::size_t count) {
  return {samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count)};
}

TEST_F(MpegTest, AHeaderThatAnnouncesTooLittleHidesNothing) {
  if (!mp3_supported()) return;
  const auto whole = load(with_frame_count(repeated(), kRepeatedFrames));
  ASSERT_GE(whole.size(), kRepeats * kSamples);
  for (const std::uint32_t count : {1U, 2U, 5U, kRepeatedFrames / 2}) {
    const auto samples = load(with_frame_count(repeated(), count));
    ASSERT_GE(samples.size(), whole.size()) << count;  // the encoder's padding stays at the end
    ASSERT_LE(samples.size(), whole.size() + kFrameLength) << count;
    EXPECT_EQ(first(samples, whole.size()), whole) << count;
  }
  EXPECT_GE(load(with_frame_count(repeated(), 0)).size(), whole.size());
}

TEST_F(MpegTest, AHeaderThatAnnouncesTooMuchInventsNothing) {
  if (!mp3_supported()) return;
  const auto right = load(mp3());
  ASSERT_EQ(right.size(), kSamples);
  for (const std::uint32_t count : {6U, 50U, 0xffffffffU}) {
    const auto samples = load(with_frame_count(mp3(), count));
    ASSERT_LT(samples.size(), kFrames * kFrameLength) << count;
    EXPECT_EQ(first(samples, kSamples), right) << count;
  }
}

TEST_F(MpegTest, ATagInFrontDoesNotHideTheHeader) {
  if (!mp3_supported()) return;
  const std::string tag = std::string("ID3\x03\0\0\0\0\x02\x00", 10) + std::string(256, '\0');
  EXPECT_EQ(load(tag + with_frame_count(repeated(), 2)), load(with_frame_count(repeated(), 2)));
}

TEST_F(MpegTest, WhatFollowsTheLastFrameIsNoAudio) {
  if (!mp3_supported()) return;
  const auto right = load(mp3());
  std::string tag = "APETAGEX";
  for (int i = 0; i < 5'000; ++i) tag += static_cast<char>(i * 37 % 251);
  EXPECT_EQ(load(mp3() + tag), right);
  EXPECT_EQ(load(mp3() + std::string(5'000, '\0')), right);
  EXPECT_EQ(load(mp3() + std::string(5'000, '\xff')), right);
}

}  // namespace
}  // namespace chorale::audio
