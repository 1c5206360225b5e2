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

std::map<std::string, ClassShare> classes_of(const std::vector<LabelledFile>& files) {
  std::map<std::string, ClassShare> classes;
  for (std::size_t i = 0; i < files.size(); ++i) classes[files[i].label].members.push_back(i);
  const auto hash = [&](std::size_t i) { return runtime::xxh3(files[i].id.data(), files[i].id.size()); };
  for (auto& [label, share] : classes) {
    std::sort(share.members.begin(), share.members.end(),
              [&](std::size_t a, std::size_t b) { return hash(a) < hash(b); });
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

std::vector<LabelledFile> select(std::vector<LabelledFile> files, std::size_t max_tracks) {
  if (max_tracks == 0 || max_tracks >= files.size()) return files;
  auto classes = classes_of(files);
  deal_quotas(classes, max_tracks, files.size());
  std::vector<std::size_t> kept;
  for (const auto& [label, share] : classes) {
    kept.insert(kept.end(), share.members.begin(),
                share.members.begin() + static_cast<std::ptrdiff_t>(share.quota));
  }
  std::sort(kept.begin(), kept.end());
  std::vector<LabelledFile> selected;
  for (const std::size_t i : kept) selected.push_back(std::move(files[i]));
  return selected;
}

}  // namespace chorale::catalogue
