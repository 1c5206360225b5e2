#include "golden/features/goldens.hpp"

#include <cstdlib>
#include <stdexcept>

#include "ingest/audio/load.hpp"
#include "ingest/audio/sound_file.hpp"
#include "support/stream.hpp"

namespace chorale::goldens {

std::filesystem::path source() {
  const char* folder = std::getenv("CHORALE_SOURCE");
  if (folder == nullptr) throw std::runtime_error("set CHORALE_SOURCE to the root of the source tree");
  return folder;
}

std::filesystem::path data() { return source() / "tests/golden/features/data"; }

bool has_golden(const std::string& name, const std::string& step) {
  return std::filesystem::exists(data() / (name + "." + step + ".npy"));
}

std::filesystem::path input_file(const std::string& name) {
  for (const char* extension : {".wav", ".flac", ".ogg", ".mp3", ".au"}) {
    if (auto file = data() / (name + extension); std::filesystem::exists(file)) return file;
  }
  throw std::runtime_error("no input for the golden " + name);
}

const Names& spectral_signals() {
  static const Names names = {"harmonic", "chirp",  "tone",  "silence",    "dc",
                              "impulse",  "square", "short", "one_sample", "hop_multiple"};
  return names;
}

const Names& resampled_signals() {
  static const Names names = {"stereo_44100", "mono_48000",           "mono_8000",
                              "mono_96000",   "three_channels_32000", "short_11025"};
  return names;
}

const Names& codec_files() {
  static const Names names = [] {
    Names all = {"flac_24", "ogg", "au", "wav_float"};
    if (audio::mp3_supported()) all.push_back("mp3");
    return all;
  }();
  return names;
}

const Names& feature_signals() {
  static const Names names = {"song",      "song2",     "silence_2s", "dc_2s",          "impulse_2s",
                              "square_2s", "rate_8000", "rate_96000", "surround_48000", "tenth_of_a_second"};
  return names;
}

std::vector<float> samples(const std::string& name) {
  audio::Loader loader({});
  const auto samples = loader.load(*testing_support::open_stream(input_file(name))).samples;
  return {samples.begin(), samples.end()};
}

}  // namespace chorale::goldens
