// Files to samples at 22.05 kHz against librosa.load; goldens by tests/golden/make_goldens.py.
#include "ingest/audio/decode.hpp"

#include <gtest/gtest.h>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/audio/resample.hpp"
#include "ingest/audio/sound_file.hpp"

namespace chorale {
namespace {

using goldens::golden;

std::vector<float> mono(const std::string& name) {
  return golden(name, goldens::has_golden(name, "mono") ? "mono" : "y");
}

TEST(Decode, EqualsLibrosa) {
  audio::Decoder decoder;
  for (const auto& names :
       {goldens::spectral_signals(), goldens::resampled_signals(), goldens::codec_files()}) {
    for (const auto& name : names) {
      // Decoders of lossy formats may differ by rounding from one build of a library to the next.
      const bool lossy = name == "ogg" || name == "mp3";
      parity::compare(lossy ? "decode, lossy" : "decode", name,
                      decoder.decode(goldens::input_file(name)).samples, mono(name));
    }
  }
}

TEST(Decode, Mp3NeedsARecentLibrary) {
  if (audio::mp3_supported()) {
    EXPECT_EQ(audio::Decoder().decode(goldens::input_file("mp3")).channels, 2);
    return;
  }
  try {
    audio::Decoder().decode(goldens::input_file("mp3"));
    FAIL() << "decoded MP3 without support for it";
  } catch (const audio::DecodeError& error) {
    EXPECT_NE(std::string(error.what()).find("1.1 or newer"), std::string::npos) << error.what();
  }
}

TEST(Resample, EqualsLibrosa) {
  audio::Resampler resampler(22050);
  audio::Decoder decoder;
  for (const auto& names : {goldens::resampled_signals(), goldens::codec_files()}) {
    for (const auto& name : names) {
      const auto rate = decoder.decode(goldens::input_file(name)).source_rate;
      parity::compare("resample", name, resampler.resample(golden(name, "mono"), rate), golden(name, "y"));
    }
  }
}

}  // namespace
}  // namespace chorale
