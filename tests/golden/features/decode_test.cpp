// Files to samples at 22.05 kHz against librosa.load; goldens by tests/golden/make_goldens.py.
#include <gtest/gtest.h>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/audio/load.hpp"
#include "ingest/audio/sound_file.hpp"
#include "support/stream.hpp"

namespace chorale {
namespace {

using goldens::golden;

audio::Recording load(audio::Loader& loader, const std::string& name) {
  return loader.load(*testing_support::open_stream(goldens::input_file(name)));
}

std::vector<float> mono(const std::string& name) {
  return golden(name, goldens::has_golden(name, "mono") ? "mono" : "y");
}

TEST(Decode, EqualsLibrosa) {
  audio::Loader loader({.sample_rate = 0});
  for (const auto& names :
       {goldens::spectral_signals(), goldens::resampled_signals(), goldens::codec_files()}) {
    for (const auto& name : names) {
      // Decoders of lossy formats may differ by rounding from one build of a library to the next.
      const bool lossy = name == "ogg" || name == "mp3";
      parity::compare(lossy ? "decode, lossy" : "decode", name, load(loader, name).samples, mono(name));
    }
  }
}

TEST(Decode, Mp3NeedsARecentLibrary) {
  audio::Loader loader({});
  if (audio::mp3_supported()) {
    EXPECT_EQ(load(loader, "mp3").channels, 2);
    return;
  }
  try {
    load(loader, "mp3");
    FAIL() << "decoded MP3 without support for it";
  } catch (const audio::DecodeError& error) {
    EXPECT_NE(std::string(error.what()).find("1.1 or newer"), std::string::npos) << error.what();
  }
}

TEST(Load, OfAPartEqualsLibrosa) {
  audio::Loader loader({.offset = 0.031, .duration = 0.05});
  for (const auto& name : goldens::codec_files()) {
    const bool lossy = name == "ogg" || name == "mp3";
    parity::compare(lossy ? "decode, lossy" : "decode", name, load(loader, name).samples,
                    golden(name, "part"));
  }
}

TEST(Resample, EqualsLibrosa) {
  audio::Resampler resampler(22050);
  audio::Loader loader({});
  for (const auto& names : {goldens::resampled_signals(), goldens::codec_files()}) {
    for (const auto& name : names) {
      resampler.begin(load(loader, name).source_rate);
      resampler.push(golden(name, "mono"));
      parity::compare("resample", name, resampler.finish(), golden(name, "y"));
    }
  }
}

}  // namespace
}  // namespace chorale
