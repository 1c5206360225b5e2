// What a stratified split keeps the proportions of.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/dataset/track.hpp"

namespace chorale::dataset {

// One stratum a track, by the first task:
//  - single: the class;
//  - multi, key: the rarest of its classes that at least kEnoughGroups groups have, so that no class is too
//    small to be dealt; tracks of rarer classes alone are one stratum, or go with the largest where they are
//    too few;
//  - regression: one stratum of all.
// Tracks whose label is unknown have none.
class Strata {
 public:
  static constexpr std::size_t kEnoughGroups = 10;

  Strata(std::span<const Track> tracks, std::span<const Task> tasks);

  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> of(std::size_t track) const { return strata_[track]; }

 private:
  void by_rarest_class(std::span<const Track> tracks);

  std::vector<std::string> names_;
  std::vector<std::optional<std::size_t>> strata_;  // one a track
};

// A track without a group is one of its own.
inline const std::string& group_name(const Track& track) {
  return track.group.empty() ? track.id : track.group;
}

}  // namespace chorale::dataset
