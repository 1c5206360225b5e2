#include "pipeline/dataset/copies.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace chorale::dataset {
namespace {

bool has_source(std::span<const Track> tracks, std::span<const std::uint64_t> sources, std::size_t track) {
  return !sources.empty() && sources[track] != 0 && tracks[track].variant.empty();
}

// Disjoint sets of groups; the representative of a set is the group whose name comes first.
class Union {
 public:
  explicit Union(const std::vector<std::string_view>& names) : names_(names), parent_(names.size()) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }
  std::uint32_t find(std::uint32_t group) {
    while (parent_[group] != group) group = parent_[group] = parent_[parent_[group]];
    return group;
  }
  void unite(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (names_[b] < names_[a]) std::swap(a, b);
    parent_[b] = a;
  }

 private:
  const std::vector<std::string_view>& names_;
  std::vector<std::uint32_t> parent_;
};

int precedence(config::Part part) {
  switch (part) {
    case config::Part::kTest:
      return 3;
    case config::Part::kValidation:
      return 2;
    case config::Part::kTrain:
      return 1;
    case config::Part::kNone:
      break;
  }
  return 0;
}

}  // namespace

Bonds find_bonds(std::span<const Track> tracks, std::span<const std::uint64_t> sources) {
  std::vector<std::uint32_t> group_of;
  std::vector<std::string_view> names;
  std::unordered_map<std::string_view, std::uint32_t> known;
  for (const Track& track : tracks) {
    const std::string_view name = group_name(track);
    const auto [entry, is_new] = known.emplace(name, static_cast<std::uint32_t>(names.size()));
    if (is_new) names.push_back(name);
    group_of.push_back(entry->second);
  }
  Union sets(names);
  std::unordered_map<std::uint64_t, std::uint32_t> group_of_source;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (has_source(tracks, sources, i))
      sets.unite(group_of_source.emplace(sources[i], group_of[i]).first->second, group_of[i]);
  }
  Bonds bonds;
  std::vector<std::uint32_t> bond_of_group(names.size(), UINT32_MAX);
  for (const std::uint32_t group : group_of) {
    std::uint32_t& bond = bond_of_group[sets.find(group)];
    if (bond == UINT32_MAX) {
      bond = static_cast<std::uint32_t>(bonds.names.size());
      bonds.names.emplace_back(names[sets.find(group)]);
    }
    bonds.of.push_back(bond);
  }
  return bonds;
}

std::vector<std::vector<std::size_t>> find_copies(std::span<const Track> tracks,
                                                  std::span<const std::uint64_t> sources) {
  std::unordered_map<std::uint64_t, std::size_t> first, set_of;
  std::vector<std::vector<std::size_t>> sets;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!has_source(tracks, sources, i)) continue;
    const auto [entry, is_new] = first.emplace(sources[i], i);
    if (is_new) continue;
    const auto [set, opened] = set_of.emplace(sources[i], sets.size());
    if (opened) sets.push_back({entry->second});
    sets[set->second].push_back(i);
  }
  std::sort(sets.begin(), sets.end());
  return sets;
}

std::size_t leave_out_copies(std::span<const Track> tracks, std::span<const std::uint64_t> sources,
                             std::span<config::Part> parts) {
  std::size_t left_out = 0;
  for (const auto& set : find_copies(tracks, sources)) {
    config::Part best = config::Part::kNone;
    for (const std::size_t i : set)
      best = std::max(best, parts[i], [](auto a, auto b) { return precedence(a) < precedence(b); });
    for (const std::size_t i : set) {
      if (parts[i] == best || parts[i] == config::Part::kNone) continue;
      parts[i] = config::Part::kNone;
      ++left_out;
    }
  }
  return left_out;
}

}  // namespace chorale::dataset
