#include "ingest/catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/catalogue/fma.hpp"
#include "ingest/catalogue/groups.hpp"
#include "ingest/catalogue/layout.hpp"
#include "ingest/catalogue/manifest.hpp"
#include "ingest/catalogue/order.hpp"
#include "ingest/catalogue/precomputed.hpp"
#include "ingest/catalogue/selection.hpp"
#include "ingest/catalogue/table_file.hpp"

namespace chorale::catalogue {
namespace {

Catalogue read(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing) {
  switch (options.kind) {
    case config::DatasetKind::kFolder:
      return read_folder_layout(options, listing);
    case config::DatasetKind::kGtzan:
      return read_gtzan_layout(options, listing);
    case config::DatasetKind::kFma:
      return read_fma(options, tree, listing);
    case config::DatasetKind::kManifest:
      break;
  }
  return read_manifest(options, tree, listing);
}

void sort_by_unique_id(std::vector<Entry>& entries) {
  apply_order(entries, order_by_id(entries));
  const auto twice = std::adjacent_find(
      entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.track.id == b.track.id; });
  if (twice == entries.end()) return;
  throw CatalogueError(fmt::format("{} and {} would both be track '{}'. Keep one of them.", twice->track.path,
                                   std::next(twice)->track.path, twice->track.id));
}

void require_entries(const Catalogue& catalogue, const config::Dataset& options) {
  if (!catalogue.entries.empty()) return;
  std::string first;
  if (!catalogue.refused.empty()) {
    first = fmt::format("; the first of {} refused: {}: {}", catalogue.refused.size(),
                        catalogue.refused.front().path, catalogue.refused.front().reason);
  }
  throw CatalogueError(fmt::format("{}: no track can be used{}", options.root, first));
}

}  // namespace

std::filesystem::path tree_root(const config::Dataset& options) {
  return options.kind == config::DatasetKind::kManifest ? manifest_place(options).tree
                                                        : std::filesystem::path(options.root);
}

Catalogue make_catalogue(const config::Dataset& options) {
  return make_catalogue(options, *tree::Tree::open_root(tree_root(options), kLargestTable));
}

Catalogue make_catalogue(const config::Dataset& options, const tree::Tree& tree) {
  const tree::Listing listing = tree.list();
  Catalogue catalogue = read(options, tree, listing);
  require_entries(catalogue, options);
  for (const auto& [path, reason] : listing.refused) {
    if (tree::has_audio_extension(path)) catalogue.refused.push_back({path, "list", reason});
  }
  sort_by_unique_id(catalogue.entries);
  select(catalogue, static_cast<std::size_t>(options.max_tracks));
  assign_groups(catalogue.entries, options);
  if (catalogue.precomputed) hash_arrays(tree, *catalogue.precomputed, catalogue.entries);
  return catalogue;
}

}  // namespace chorale::catalogue
