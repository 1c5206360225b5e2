#include "pipeline/dataset/strata.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace chorale::dataset {
namespace {

// How many groups have each class.
std::vector<std::size_t> groups_per_class(std::span<const Track> tracks, std::size_t classes) {
  std::vector<std::set<std::string_view>> groups(classes);
  for (const Track& track : tracks) {
    for (const std::int32_t index : track.labels[0].classes) {
      groups[static_cast<std::size_t>(index)].insert(group_name(track));
    }
  }
  std::vector<std::size_t> counts;
  counts.reserve(groups.size());
  for (const auto& names : groups) counts.push_back(names.size());
  return counts;
}

}  // namespace

Strata::Strata(std::span<const Track> tracks, std::span<const Task> tasks) : strata_(tracks.size()) {
  if (tasks.empty() || tasks.front().kind == config::TaskKind::kRegression) {
    names_ = {"all"};
    for (std::size_t t = 0; t < tracks.size(); ++t) {
      if (tasks.empty() || tracks[t].labels.at(0).known) strata_[t] = 0;
    }
    return;
  }
  names_ = tasks.front().classes;
  if (tasks.front().kind != config::TaskKind::kSingle) {
    by_rarest_class(tracks);
    return;
  }
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (tracks[t].labels.at(0).known) strata_[t] = static_cast<std::size_t>(tracks[t].labels[0].index());
  }
}

void Strata::by_rarest_class(std::span<const Track> tracks) {
  const auto groups = groups_per_class(tracks, names_.size());
  const std::size_t others = names_.size();
  names_.emplace_back("(other classes)");
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    const Label& label = tracks[t].labels.at(0);
    if (!label.known) continue;
    std::size_t rarest = others;
    for (const std::int32_t index : label.classes) {
      const auto c = static_cast<std::size_t>(index);
      if (groups[c] >= kEnoughGroups && (rarest == others || groups[c] < groups[rarest])) rarest = c;
    }
    strata_[t] = rarest;
  }
  dissolve_small(tracks);
}

void Strata::dissolve_small(std::span<const Track> tracks) {
  std::vector<std::set<std::string_view>> groups(names_.size());
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (strata_[t]) groups[*strata_[t]].insert(group_name(tracks[t]));
  }
  const auto largest = std::max_element(groups.begin(), groups.end(),
                                        [](const auto& a, const auto& b) { return a.size() < b.size(); });
  for (auto& stratum : strata_) {
    if (stratum && groups[*stratum].size() < kEnoughGroups) {
      stratum = static_cast<std::size_t>(largest - groups.begin());
    }
  }
}

}  // namespace chorale::dataset
