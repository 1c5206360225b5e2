#include "ingest/synth/collection.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "ingest/synth/faults.hpp"
#include "ingest/synth/render.hpp"
#include "ingest/synth/wav_file.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "pipeline/runtime/progress.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::synth {
namespace fs = std::filesystem;
namespace {

constexpr int kVersion = 1;  // of the sound: a collection is completed only by the version that began it
constexpr const char* kParameters = "synth.json";
constexpr const char* kGroundTruth = "ground_truth.csv";

// Only what a job that was killed before it wrote its parameters leaves behind.
bool has_no_content(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    if (name != ".lock" && name.extension() != ".partial") return false;
  }
  return true;
}

std::string differences(const nlohmann::json& there, const nlohmann::json& here) {
  std::string text;
  for (const auto& [key, value] : here.items()) {
    const auto found = there.find(key);
    if (found != there.end() && *found == value) continue;
    text += fmt::format("\n  {}: {} there, {} here", key, found == there.end() ? "nothing" : found->dump(),
                        value.dump());
  }
  return text;
}

}  // namespace

std::size_t Collection::size() const { return styles().size() * options_.tracks_per_class; }

std::string Collection::path(std::size_t track) const {
  const auto name = styles()[style(track)].name;
  return fmt::format("genres/{0}/{0}.{1:05}.wav", name, number(track));
}

Artist Collection::artist(std::size_t track) const {
  return make_artist(options_.seed, style(track), number(track) % options_.artists_per_class);
}

Score Collection::score(std::size_t track) const {
  const Style& played = styles()[style(track)];
  return compose(played, artist(track), options_.seconds, stream("score", track));
}

runtime::RandomStream Collection::stream(const char* purpose, std::size_t track) const {
  return runtime::RandomStream(
      options_.seed, {runtime::key_of(purpose), runtime::key_of(styles()[style(track)].name), number(track)});
}

std::string Collection::ground_truth() const {
  std::string table = "path,genre,artist,tempo,key,mood\r\n";
  for (std::size_t track = 0; track < size(); ++track) {
    const Score played = score(track);
    table += fmt::format("{},{},{},{:.1f},{},{}\r\n", path(track), styles()[style(track)].name,
                         dataset::csv_field(artist(track).name), played.tempo, name_of(played.key),
                         mood_of(played));
  }
  return table;
}

std::string Collection::parameters() const {
  const nlohmann::json json = {{"version", kVersion},
                               {"layout", "gtzan"},
                               {"tracks_per_class", options_.tracks_per_class},
                               {"seconds", options_.seconds},
                               {"seed", options_.seed},
                               {"artists_per_class", options_.artists_per_class},
                               {"faults", options_.faults}};
  return json.dump(2) + "\n";
}

void Collection::check_folder() const {
  if (!fs::exists(folder_)) return;
  if (!fs::is_directory(folder_)) throw CollectionError(folder_.string() + ": not a folder");
  const fs::path file = folder_ / kParameters;
  if (!fs::exists(file)) {
    if (has_no_content(folder_)) return;
    throw CollectionError(folder_.string() + ": holds other files. Give a new or empty folder.");
  }
  const auto there = nlohmann::json::parse(runtime::read_file(file), nullptr, false);
  const auto here = nlohmann::json::parse(parameters());
  if (there == here) return;
  if (!there.is_object())
    throw CollectionError(file.string() + ": not JSON. Give a new folder, or remove this one.");
  throw CollectionError(folder_.string() + ": holds a collection of other parameters:" +
                        differences(there, here) + "\nGive these parameters or a new folder.");
}

void Collection::prepare_folder() const {
  for (const Style& each : styles()) fs::create_directories(folder_ / "genres" / each.name);
  if (!fs::exists(folder_ / kParameters)) runtime::write_file(folder_ / kParameters, parameters());
}

void Collection::write_track(std::size_t track) const {
  const fs::path file = folder_ / path(track);
  if (fs::exists(file)) return;
  const Artist player = artist(track);
  const runtime::RandomStream noise = stream("noise", track);
  write_wav(file, render(score(track), player, options_.seconds, noise),
            {player.name, fmt::format("{} no. {}", styles()[style(track)].name, number(track) + 1)});
}

void Collection::write(const comm::MpiSession& session) const {
  const bool first = session.rank() == 0;
  check_folder();
  session.barrier();
  std::optional<runtime::FolderLock> lock;
  if (first) {
    fs::create_directories(folder_);
    lock.emplace(runtime::FolderLock::acquire(folder_));
    prepare_folder();
  }
  session.barrier();
  if (!first) lock.emplace(runtime::FolderLock::join(folder_));

  runtime::Progress progress("synth", size(), "tracks", !first);
  const auto ranks = static_cast<std::size_t>(session.size());
  for (auto track = static_cast<std::size_t>(session.rank()); track < size(); track += ranks) {
    if (runtime::stop_requested()) break;
    write_track(track);
    progress.update(std::min(track + ranks, size()));
  }
  if (session.max(runtime::stop_requested() ? 1 : 0) != 0) {
    throw runtime::Interrupted(
        "stopped by a signal; what is written is whole. The same command writes the rest.");
  }
  if (!first) return;
  if (options_.faults) plant_faults(folder_, styles().front().name, options_.seed);
  runtime::write_file(folder_ / kGroundTruth, ground_truth());
}

}  // namespace chorale::synth
