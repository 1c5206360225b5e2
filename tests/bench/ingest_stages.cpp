// Where the time of ingest goes: every audio file of a collection through its stages, each timed, and beside
// them decoding alone as libsndfile does it for everybody. Usage: bench_ingest_stages AUDIO_FOLDER
// STORE_FOLDER FEATURE... Prints one JSON object, seconds by the clock and of CPU a stage.
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
#include "ingest/features/extractor.hpp"
#include "ingest/tree/tree.hpp"
#include "pipeline/runtime/memory.hpp"
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

store::StoreHeader header_of(const features::Extractor& extractor) {
  store::StoreHeader header;
  header.features = extractor.features();
  return header;
}

class Stages {
 public:
  explicit Stages(const config::Experiment& experiment)
      : extractor_(experiment), writer_(header_of(extractor_), 0, "bench") {}

  void run(const std::filesystem::path& audio_folder, const std::filesystem::path& store_folder) {
    const auto tree = tree::Tree::open_root(audio_folder, std::numeric_limits<std::uint64_t>::max());
    for (const auto& file : tree->list().files) {
      if (!tree::has_audio_extension(file.path)) continue;
      watch_.start();
      decode_alone(audio_folder / file.path, block_);
      watch_.lap(alone_);
      add(*tree, file);
    }
    watch_.start();
    writer_.write(store_folder);
    watch_.lap(write_);
  }

  void print() const {
    const auto stage = [](const char* name, const Seconds& seconds, const char* after) {
      std::printf("\"%s\": [%.5f, %.5f]%s", name, seconds.wall, seconds.cpu, after);
    };
    std::printf("{\"audio\": %.3f, ", audio_);
    stage("decode_alone", alone_, ", \"stages\": {");
    stage("read and hash", read_, ", ");
    stage("decode and mix", decode_, ", ");
    stage("resample", resample_, ", ");
    stage("features", features_, ", ");
    stage("convert and write", write_, "}}\n");
  }

 private:
  void add(const tree::Tree& tree, const tree::Entry& file) {
    watch_.start();
    const auto stream = tree.open(file);
    store::StoredTrack track;
    track.track.id = track.track.path = file.path;
    track.source_hash = tree::content_hash(*stream);
    watch_.lap(read_);
    const auto samples = load(*stream);
    const auto values = extractor_.compute(samples);
    watch_.lap(features_);
    writer_.add(track, values);
    watch_.lap(write_);
    audio_ += static_cast<double>(samples.size()) / kSampleRate;
  }

  // As audio::Loader::load.
  std::span<const float> load(const tree::ByteStream& stream) {
    audio::MonoReader reader(stream, {});
    watch_.lap(decode_);
    resampler_.begin(reader.rate());
    watch_.lap(resample_);
    for (;;) {
      const auto mono = reader.next(resampler_.input(audio::MonoReader::kBlock));
      watch_.lap(decode_);
      if (mono.empty()) break;
      resampler_.push(mono);
      watch_.lap(resample_);
    }
    const auto samples = resampler_.finish();
    watch_.lap(resample_);
    return samples;
  }

  audio::Resampler resampler_{kSampleRate};
  features::Extractor extractor_;
  store::ShardWriter writer_;
  std::vector<float> block_;
  double audio_ = 0;  // seconds
  Seconds alone_, read_, decode_, resample_, features_, write_;
  Stopwatch watch_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s AUDIO_FOLDER STORE_FOLDER FEATURE...\n", argv[0]);
    return 2;
  }
  try {
    runtime::keep_freed_memory();
    config::Experiment experiment;
    experiment.features.store.assign(argv + 3, argv + argc);
    Stages stages(experiment);
    stages.run(argv[1], argv[2]);
    stages.print();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}
