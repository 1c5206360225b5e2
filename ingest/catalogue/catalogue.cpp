#include "ingest/catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "ingest/catalogue/groups.hpp"
#include "ingest/catalogue/layout.hpp"
#include "ingest/catalogue/selection.hpp"

namespace chorale::catalogue {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();  // nothing is opened here

std::vector<LabelledFile> read_layout(const config::Dataset& options, const tree::Listing& listing) {
  switch (options.kind) {
    case config::DatasetKind::kFolder:
      return read_folder_layout(options, listing);
    case config::DatasetKind::kGtzan:
      return read_gtzan_layout(options, listing);
    case config::DatasetKind::kFma:
    case config::DatasetKind::kManifest:
      break;
  }
  throw CatalogueError("dataset.kind: this version reads folder and gtzan");
}

void sort_by_unique_id(std::vector<LabelledFile>& files) {
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(files.begin(), files.end(),
                                        [](const auto& a, const auto& b) { return a.id == b.id; });
  if (twice == files.end()) return;
  throw CatalogueError(fmt::format("{} and {} would both be track '{}'. Keep one of them.", twice->path,
                                   std::next(twice)->path, twice->id));
}

dataset::Task make_task(const std::vector<LabelledFile>& files, const config::Dataset& options) {
  if (options.tasks.size() != 1 || options.tasks.front().second != config::TaskKind::kSingle) {
    throw CatalogueError("dataset.tasks: folders give one label, so there must be one task, of kind single");
  }
  std::set<std::string> classes;
  for (const auto& file : files) classes.insert(file.label);
  return {options.tasks.front().first, config::TaskKind::kSingle, {classes.begin(), classes.end()}};
}

Entry make_entry(LabelledFile file, const std::vector<std::string>& classes) {
  const auto label = std::lower_bound(classes.begin(), classes.end(), file.label) - classes.begin();
  Entry entry;
  entry.track.id = std::move(file.id);
  entry.track.path = std::move(file.path);
  entry.track.labels = {dataset::Label::of_class(static_cast<std::int32_t>(label))};
  entry.bytes = file.bytes;
  entry.place = file.place;
  return entry;
}

}  // namespace

Catalogue make_catalogue(const config::Dataset& options) {
  auto listing = tree::Tree::open_root(options.root, kNoLimit)->list();
  auto files = read_layout(options, listing);
  sort_by_unique_id(files);
  Catalogue catalogue;
  std::erase_if(listing.refused, [](const auto& file) { return !tree::has_audio_extension(file.path); });
  catalogue.refused = std::move(listing.refused);
  catalogue.tasks = {make_task(files, options)};
  for (auto& file : select(std::move(files), static_cast<std::size_t>(options.max_tracks))) {
    catalogue.entries.push_back(make_entry(std::move(file), catalogue.tasks.front().classes));
  }
  assign_groups(catalogue.entries, options);
  return catalogue;
}

std::string to_text(const Catalogue& catalogue) {
  auto tasks = nlohmann::json::array(), entries = nlohmann::json::array(), refused = nlohmann::json::array();
  for (const auto& task : catalogue.tasks)
    tasks.push_back({task.name, static_cast<int>(task.kind), task.classes});
  for (const auto& [track, bytes, place] : catalogue.entries) {
    auto labels = nlohmann::json::array();
    for (const auto& label : track.labels) labels.push_back({label.known, label.classes, label.value});
    entries.push_back({track.id, track.path, track.group, track.split, std::move(labels), bytes, place});
  }
  for (const auto& [path, reason] : catalogue.refused) refused.push_back({path, reason});
  // File names are bytes and need not be UTF-8, which textual JSON insists on.
  const auto bytes = nlohmann::json::to_msgpack(nlohmann::json::array({tasks, entries, refused}));
  return {bytes.begin(), bytes.end()};
}

Catalogue from_text(const std::string& text) {
  const auto json = nlohmann::json::from_msgpack(text);
  Catalogue catalogue;
  for (const auto& task : json[0]) {
    catalogue.tasks.push_back({task[0], static_cast<config::TaskKind>(task[1].get<int>()), task[2]});
  }
  for (const auto& entry : json[1]) {
    std::vector<dataset::Label> labels;
    for (const auto& label : entry[4]) labels.push_back({label[0], label[1], label[2]});
    catalogue.entries.push_back(
        {{entry[0], entry[1], entry[2], entry[3], std::move(labels)}, entry[5], entry[6]});
  }
  for (const auto& row : json[2]) catalogue.refused.push_back({row[0], row[1]});
  return catalogue;
}

}  // namespace chorale::catalogue
