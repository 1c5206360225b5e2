#include "ingest/catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
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

}  // namespace chorale::catalogue
