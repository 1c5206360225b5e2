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

std::size_t largest_of(const std::vector<std::set<std::string_view>>& groups) {
  const auto largest = std::ranges::max_element(groups, {}, [](const auto& names) { return names.size(); });
  return static_cast<std::size_t>(largest - groups.begin());
}

}  // namespace

Strata::Strata(std::span<const Track> tracks, std::span<const Task> tasks) : strata_(tracks.size()) {
  if (tasks.empty()) {
    names_ = {"all"};
    std::ranges::fill(strata_, std::size_t{0});
    return;
  }
  names_ = tasks.front().classes;
  switch (tasks.front().kind) {
    case config::TaskKind::kSingle:
      for (std::size_t t = 0; t < tracks.size(); ++t) {
        if (tracks[t].labels.at(0).known) strata_[t] = static_cast<std::size_t>(tracks[t].labels[0].index());
      }
      break;
    case config::TaskKind::kMulti:
    case config::TaskKind::kKey:
      by_rarest_class(tracks);
      break;
    case config::TaskKind::kRegression:
      names_ = {"all"};
      for (std::size_t t = 0; t < tracks.size(); ++t) {
        if (tracks[t].labels.at(0).known) strata_[t] = 0;
      }
      break;
  }
  add_labelled_otherwise(tracks);
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
  const auto groups = this->groups(tracks);
  const auto largest = largest_of(groups);
  for (auto& stratum : strata_) {
    if (stratum && groups[*stratum].size() < kEnoughGroups) stratum = largest;
  }
}

void Strata::add_labelled_otherwise(std::span<const Track> tracks) {
  std::vector<std::size_t> others;
  std::set<std::string_view> names;
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (strata_[t] || std::ranges::none_of(tracks[t].labels, &Label::known)) continue;
    others.push_back(t);
    names.insert(group_name(tracks[t]));
  }
  if (others.empty()) return;
  const bool enough = names.size() >= kEnoughGroups || names_.empty();
  const std::size_t stratum = enough ? names_.size() : largest_of(groups(tracks));
  if (enough) names_.emplace_back("(labels of other tasks)");
  for (const std::size_t t : others) strata_[t] = stratum;
}

std::vector<std::set<std::string_view>> Strata::groups(std::span<const Track> tracks) const {
  std::vector<std::set<std::string_view>> groups(names_.size());
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (strata_[t]) groups[*strata_[t]].insert(group_name(tracks[t]));
  }
  return groups;
}

}  // namespace chorale::dataset
