// What a stratified split keeps the proportions of.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/dataset/track.hpp"

namespace chorale::dataset {

// One stratum a track, by the first task:
//  - single: the class;
//  - multi, key: the rarest of its classes that at least kEnoughGroups groups have; tracks of rarer classes
//    alone are one stratum. One that is left with fewer groups goes with the largest, so that none is too
//    small to be dealt;
//  - regression: one stratum of all.
// Tracks with labels of other tasks alone are a stratum of their own, or go with the largest where they are
// fewer than kEnoughGroups groups. Tracks without any label have none.
class Strata {
 public:
  static constexpr std::size_t kEnoughGroups = 10;

  Strata(std::span<const Track> tracks, std::span<const Task> tasks);

  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> of(std::size_t track) const { return strata_[track]; }

 private:
  void by_rarest_class(std::span<const Track> tracks);
  void dissolve_small(std::span<const Track> tracks);
  void add_labelled_otherwise(std::span<const Track> tracks);
  // Names of the groups in each stratum.
  std::vector<std::set<std::string_view>> groups(std::span<const Track> tracks) const;

  std::vector<std::string> names_;
  std::vector<std::optional<std::size_t>> strata_;  // one a track
};

}  // namespace chorale::dataset
