// Where the time of ingest goes: every audio file of a collection through its stages, each timed, and beside
// them decoding alone as libsndfile does it for everybody. Usage: bench_ingest_stages AUDIO STORE_FOLDER.
// Prints one JSON object, seconds by the clock and of CPU a stage.
#include <sndfile.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <vector>

#include "ingest/audio/mono_reader.hpp"
#include "ingest/audio/resample.hpp"
#include "ingest/features/mel.hpp"
#include "ingest/tree/tree.hpp"
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

// The peer: libsndfile opens the file by its name and reads it to the end as float.
void decode_alone(const std::filesystem::path& file, std::vector<float>& block) {
  SF_INFO info = {};
  SNDFILE* sound = sf_open(file.c_str(), SFM_READ, &info);
  if (sound == nullptr) throw std::runtime_error(sf_strerror(nullptr));
  block.resize(static_cast<std::size_t>(info.channels) << 14);
  while (sf_readf_float(sound, block.data(), 1 << 14) > 0) {
  }
  sf_close(sound);
}

void run(const std::filesystem::path& audio_folder, const std::filesystem::path& store_folder) {
  const auto tree = tree::Tree::open_root(audio_folder, std::numeric_limits<std::uint64_t>::max());
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
  std::vector<float> block;
  Seconds alone, read, decode, resample, spectrum, write;
  Stopwatch watch;
  for (const auto& file : tree->list().files) {
    watch.start();
    decode_alone(audio_folder / file.path, block);
    watch.lap(alone);
    const auto stream = tree->open(file);
    store::StoredTrack track;
    track.track.id = track.track.path = file.path;
    track.source_hash = tree::content_hash(*stream);
    watch.lap(read);
    audio::MonoReader reader(*stream, {});
    watch.lap(decode);
    resampler.begin(reader.rate());
    watch.lap(resample);
    for (auto mono = reader.next(); !mono.empty(); mono = reader.next()) {
      watch.lap(decode);
      resampler.push(mono);
      watch.lap(resample);
    }
    watch.lap(decode);
    const auto samples = resampler.finish();
    watch.lap(resample);
    const auto decibels = mel.compute(samples);
    watch.lap(spectrum);
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
  print("decode_alone", alone);
  print("read", read);
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
