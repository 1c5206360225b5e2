// Where the time of ingest goes: every audio file below a folder through decode, resample, mel and write,
// each timed. Usage: bench_ingest_stages AUDIO_FOLDER STORE_FOLDER. Prints one JSON object, seconds a stage.
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "ingest/audio/decode.hpp"
#include "ingest/audio/resample.hpp"
#include "ingest/catalogue/scan.hpp"
#include "ingest/features/mel.hpp"
#include "pipeline/store/shard_writer.hpp"

namespace {

using namespace chorale;

constexpr std::int32_t kSampleRate = 22050;

class Stopwatch {
 public:
  // Seconds since the last lap.
  double lap() {
    const auto before = std::exchange(last_, std::chrono::steady_clock::now());
    return std::chrono::duration<double>(last_ - before).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void run(const std::filesystem::path& audio_folder, const std::filesystem::path& store_folder) {
  audio::Decoder decoder;
  audio::Resampler resampler(kSampleRate);
  features::MelSpectrogram mel({}, {.sample_rate = kSampleRate});
  store::StoreHeader header;
  header.mel_bins = mel.n_mels();
  store::ShardWriter writer(header, 0, "bench");

  double audio = 0, decode = 0, resample = 0, spectrum = 0, write = 0;
  Stopwatch watch;
  for (const auto& file : catalogue::scan(audio_folder).audio) {
    watch.lap();
    const auto& recording = decoder.decode(audio_folder / file.path);
    decode += watch.lap();
    const auto samples = resampler.resample(recording.samples, recording.source_rate);
    resample += watch.lap();
    const auto decibels = mel.compute(samples);
    spectrum += watch.lap();
    store::StoredTrack track;
    track.track.id = track.track.path = file.path;
    writer.add(track, decibels);
    write += watch.lap();
    audio += static_cast<double>(samples.size()) / kSampleRate;
  }
  watch.lap();
  writer.write(store_folder);
  write += watch.lap();
  std::printf("{\"audio\": %.3f, \"decode\": %.4f, \"resample\": %.4f, \"mel\": %.4f, \"write\": %.4f}\n",
              audio, decode, resample, spectrum, write);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s AUDIO_FOLDER STORE_FOLDER\n", argv[0]);
    return 2;
  }
  try {
    run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}
