// Audio files of every kind that is decoded.
#include <gmock/gmock.h>

#include <cmath>

#include "audio_seeds.hpp"
#include "fuzz.hpp"
#include "ingest/audio/load.hpp"
#include "support/stream.hpp"

namespace chorale::fuzz {
namespace {

using ::testing::IsEmpty;

void fuzz_files(const std::string& extension, std::size_t count) {
  Plan plan{.name = extension, .seeds = {}, .words = {}, .count = count};
  for (const AudioKind& kind : audio_kinds()) {
    if (kind.extension == extension) plan.seeds.push_back(make_audio(kind));
  }
  const Findings findings = fuzz(plan, [&](const std::string& input) {
    audio::Loader loader({});
    for (const float sample : loader.load(testing_support::stream_of(input)).samples) {
      if (!std::isfinite(sample)) throw std::logic_error("a sample that is not finite was let through");
    }
  });
  EXPECT_THAT(findings.failures, IsEmpty());
  EXPECT_EQ(findings.accepted + findings.refused, count);
  EXPECT_GT(findings.accepted, 0U);
  EXPECT_GT(findings.refused, 0U);
}

TEST(Fuzz, Wav) { fuzz_files("wav", 400); }
TEST(Fuzz, Au) { fuzz_files("au", 200); }
TEST(Fuzz, Aiff) { fuzz_files("aiff", 150); }
TEST(Fuzz, Flac) { fuzz_files("flac", 250); }
TEST(Fuzz, Ogg) { fuzz_files("ogg", 250); }
TEST(Fuzz, Mp3) { fuzz_files("mp3", 400); }

}  // namespace
}  // namespace chorale::fuzz
