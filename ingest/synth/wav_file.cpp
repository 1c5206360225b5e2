#include "ingest/synth/wav_file.hpp"

#include <sndfile.h>

#include <memory>

#include "ingest/synth/tone.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::synth {

void write_wav(const std::filesystem::path& path, std::span<const std::int16_t> samples, const Tags& tags) {
  runtime::AtomicPath target(path);
  const auto fail = [&](const char* why) {
    throw runtime::FileError(path.string() + ": cannot write: " + why +
                             ". Check the space and the permissions there.");
  };
  SF_INFO info{};
  info.samplerate = kSampleRate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  std::unique_ptr<SNDFILE, decltype(&sf_close)> file(sf_open(target.partial().c_str(), SFM_WRITE, &info),
                                                     &sf_close);
  if (!file) fail(sf_strerror(nullptr));
  sf_set_string(file.get(), SF_STR_ARTIST, tags.artist.c_str());
  sf_set_string(file.get(), SF_STR_TITLE, tags.title.c_str());
  const auto count = static_cast<sf_count_t>(samples.size());
  if (sf_write_short(file.get(), samples.data(), count) != count) fail(sf_strerror(file.get()));
  if (const int error = sf_close(file.release()); error != 0) fail(sf_error_number(error));
  target.commit();
}

}  // namespace chorale::synth
