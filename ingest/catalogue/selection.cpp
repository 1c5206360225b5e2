#include "ingest/catalogue/selection.hpp"

#include <algorithm>
#include <map>

#include "pipeline/runtime/hash.hpp"

namespace chorale::catalogue {
namespace {

struct ClassShare {
  std::vector<std::size_t> members;  // indices into files, by hash of their id
  std::size_t quota = 0;
  std::size_t remainder = 0;  // of members * max_tracks / files
};

std::string class_of(const Catalogue& catalogue, const Entry& entry) {
  const std::int32_t index = entry.track.labels.empty() ? -1 : entry.track.labels.front().index();
  return index < 0 ? std::string() : catalogue.tasks.front().classes[static_cast<std::size_t>(index)];
}

std::map<std::string, ClassShare> classes_of(const Catalogue& catalogue) {
  const auto& entries = catalogue.entries;
  std::map<std::string, ClassShare> classes;
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    classes[class_of(catalogue, entries[i])].members.push_back(i);
    hashes.push_back(runtime::xxh3(entries[i].track.id.data(), entries[i].track.id.size()));
  }
  for (auto& [label, share] : classes) {
    std::sort(share.members.begin(), share.members.end(),
              [&](std::size_t a, std::size_t b) { return hashes[a] < hashes[b]; });
  }
  return classes;
}

void deal_quotas(std::map<std::string, ClassShare>& classes, std::size_t max_tracks, std::size_t files) {
  std::vector<ClassShare*> by_remainder;
  std::size_t left = max_tracks;
  for (auto& [label, share] : classes) {
    share.quota = share.members.size() * max_tracks / files;
    share.remainder = share.members.size() * max_tracks % files;
    left -= share.quota;
    by_remainder.push_back(&share);
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [](const ClassShare* a, const ClassShare* b) { return a->remainder > b->remainder; });
  for (std::size_t i = 0; i < left; ++i) ++by_remainder[i]->quota;
}

}  // namespace

void select(Catalogue& catalogue, std::size_t max_tracks) {
  auto& entries = catalogue.entries;
  if (max_tracks == 0 || max_tracks >= entries.size()) return;
  auto classes = classes_of(catalogue);
  deal_quotas(classes, max_tracks, entries.size());
  std::vector<std::size_t> kept;
  for (const auto& [label, share] : classes) {
    kept.insert(kept.end(), share.members.begin(),
                share.members.begin() + static_cast<std::ptrdiff_t>(share.quota));
  }
  std::sort(kept.begin(), kept.end());
  std::vector<Entry> selected;
  selected.reserve(kept.size());
  for (const std::size_t i : kept) selected.push_back(std::move(entries[i]));
  entries = std::move(selected);
}

}  // namespace chorale::catalogue
