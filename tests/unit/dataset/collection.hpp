// Collections of labelled, grouped tracks for tests of splits.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "pipeline/dataset/split.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::dataset {

struct Collection {
  std::vector<Track> tracks;
  std::vector<Task> tasks = {{"genre", config::TaskKind::kSingle, {}}};
  std::vector<std::uint64_t> sources = {};  // xxh3 of the tracks' files; empty: not known

  // `sizes`: the number of tracks of each of the class's groups.
  void add_class(const std::string& name, const std::vector<std::size_t>& sizes) {
    const auto label = static_cast<std::int32_t>(tasks[0].classes.size());
    tasks[0].classes.push_back(name);
    for (std::size_t group = 0; group < sizes.size(); ++group) {
      for (std::size_t i = 0; i < sizes[group]; ++i) {
        Track track;
        track.id = name + "/" + std::to_string(group) + "." + std::to_string(i);
        track.path = track.id + ".wav";
        track.group = name + " artist " + std::to_string(group);
        track.labels = {Label::of_class(label)};
        tracks.push_back(track);
      }
    }
  }

  std::vector<config::Part> split(const config::Split& options) const {
    return make_split(tracks, sources, tasks, options);
  }

  std::string refusal(const config::Split& options) const {
    try {
      split(options);
      return "";
    } catch (const SplitError& error) {
      return error.what();
    }
  }
};

// 2 to 6 classes with 5 to 30 groups of 1 to 40 tracks each.
inline Collection random_collection(std::uint64_t seed) {
  runtime::RandomStream random(seed);
  Collection collection;
  const std::size_t classes = 2 + random.below(5);
  for (std::size_t cls = 0; cls < classes; ++cls) {
    std::vector<std::size_t> sizes(5 + random.below(26));
    for (std::size_t& size : sizes) size = 1 + random.below(1 + random.below(40));
    collection.add_class("class" + std::to_string(cls), sizes);
  }
  return collection;
}

using Names = std::set<std::string>;

inline std::map<config::Part, Names> groups_by_part(const Collection& collection,
                                                    const std::vector<config::Part>& parts) {
  std::map<config::Part, Names> groups;
  for (std::size_t i = 0; i < parts.size(); ++i) groups[parts[i]].insert(collection.tracks[i].group);
  return groups;
}

// [class][part]
inline std::map<std::int32_t, std::map<config::Part, std::size_t>> counts(
    const Collection& collection, const std::vector<config::Part>& parts) {
  std::map<std::int32_t, std::map<config::Part, std::size_t>> result;
  for (std::size_t i = 0; i < parts.size(); ++i) ++result[collection.tracks[i].labels[0].index()][parts[i]];
  return result;
}

}  // namespace chorale::dataset
