#include "ingest/synth/collection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

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

std::unique_ptr<Layout> make_layout(const Music& music) {
  const auto kinds = layouts();
  const auto kind =
      std::ranges::find_if(kinds, [&](const auto& each) { return each.name == music.options().layout; });
  if (kind == kinds.end()) throw CollectionError("there is no layout " + music.options().layout);
  return kind->make(music);
}

}  // namespace

Collection::Collection(fs::path folder, Options options)
    : folder_(std::move(folder)),
      music_(std::make_unique<Music>(std::move(options))),
      layout_(make_layout(*music_)) {}

std::string Collection::ground_truth() const {
  std::string table = "path,genre,artist,tempo,key,mood\r\n";
  for (std::size_t track = 0; track < music_->size(); ++track) {
    const Score played = music_->score(track);
    table += fmt::format("{},{},{},{:.1f},{},{}\r\n", path(track), styles()[music_->style(track)].name,
                         dataset::csv_field(music_->artist(track).name), played.tempo, name_of(played.key),
                         mood_of(played));
  }
  return table;
}

std::string Collection::parameters() const {
  const Options& options = music_->options();
  const nlohmann::json json = {{"version", kVersion},
                               {"layout", options.layout},
                               {"tracks_per_class", options.tracks_per_class},
                               {"seconds", options.seconds},
                               {"seed", options.seed},
                               {"artists_per_class", options.artists_per_class},
                               {"faults", options.faults}};
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

void Collection::write_track(std::size_t track) const {
  const fs::path file = folder_ / path(track);
  if (fs::exists(file)) return;
  fs::create_directories(file.parent_path());
  layout_->write_track(folder_, track);
}

void Collection::write(const comm::MpiSession& session) const {
  const bool first = session.rank() == 0;
  check_folder();
  session.barrier();
  std::optional<runtime::FolderLock> lock;
  if (first) {
    fs::create_directories(folder_);
    lock.emplace(runtime::FolderLock::acquire(folder_));
    if (!fs::exists(folder_ / kParameters)) runtime::write_file(folder_ / kParameters, parameters());
  }
  session.barrier();
  if (!first) lock.emplace(runtime::FolderLock::join(folder_));

  const std::size_t size = music_->size();
  runtime::Progress progress("synth", size, "tracks", !first);
  const auto ranks = static_cast<std::size_t>(session.size());
  for (auto track = static_cast<std::size_t>(session.rank()); track < size; track += ranks) {
    if (runtime::stop_requested()) break;
    write_track(track);
    progress.update(std::min(track + ranks, size));
  }
  if (session.max(runtime::stop_requested() ? 1 : 0) != 0) {
    throw runtime::Interrupted(
        "stopped by a signal; what is written is whole. The same command writes the rest.");
  }
  if (!first) return;
  layout_->finish(folder_);
  runtime::write_file(folder_ / kGroundTruth, ground_truth());
}

}  // namespace chorale::synth
