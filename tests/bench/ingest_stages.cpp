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

struct Seconds {
  double wall = 0, cpu = 0;
};

class Stopwatch {
 public:
  Stopwatch() { start(); }
  void start() {
    wall_ = std::chrono::steady_clock::now();
    cpu_ = std::clock();
  }
  // Adds the time since the last lap or start to `stage`.
  void lap(Seconds& stage) {
    stage.wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
    stage.cpu += static_cast<double>(std::clock() - cpu_) / CLOCKS_PER_SEC;
    start();
  }

 private:
  std::chrono::steady_clock::time_point wall_;
  std::clock_t cpu_;
};

void run(const std::filesystem::path& audio_folder, const std::filesystem::path& store_folder) {
  audio::Decoder decoder;
  audio::Resampler resampler(kSampleRate);
  features::MelSpectrogram mel({}, {.sample_rate = kSampleRate});
  store::StoreHeader header;
  header.features = {{.name = "mel",
                      .kind = store::FeatureKind::kFrames,
                      .width = mel.n_mels(),
                      .scale = store::FeatureScale::kDecibel,
                      .type = config::StoreType::kHalf}};
  store::ShardWriter writer(header, 0, "bench");

  double audio = 0;
  Seconds decode, resample, spectrum, write;
  Stopwatch watch;
  for (const auto& file : catalogue::scan(audio_folder).audio) {
    watch.start();
    const auto& recording = decoder.decode(audio_folder / file.path);
    watch.lap(decode);
    const auto samples = resampler.resample(recording.samples, recording.source_rate);
    watch.lap(resample);
    const auto decibels = mel.compute(samples);
    watch.lap(spectrum);
    store::StoredTrack track;
    track.track.id = track.track.path = file.path;
    writer.add(track, {&decibels, 1});
    watch.lap(write);
    audio += static_cast<double>(samples.size()) / kSampleRate;
  }
  watch.start();
  writer.write(store_folder);
  watch.lap(write);
  const auto print = [](const char* name, const Seconds& stage) {
    std::printf(", \"%s\": [%.5f, %.5f]", name, stage.wall, stage.cpu);
  };
  std::printf("{\"audio\": %.3f", audio);
  print("decode", decode);
  print("resample", resample);
  print("mel", spectrum);
  print("write", write);
  std::printf("}\n");
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
