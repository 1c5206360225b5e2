// Which class of a run each class of another store stands for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chorale::eval {

// [classes]
// "Hip-Hop" = "hiphop"   # a class of the store = a class of the run; several to one are fine
// "Spoken" = ""          # left out
struct ClassMapping {
  struct Pair {
    std::string theirs, ours;  // ours empty: left out
    std::string where;         // "classes.toml:2"
  };
  std::string task = {};  // of the store, where it has several; empty: not said
  std::vector<Pair> pairs = {};

  // Throws UsageError with every error found: not TOML, another key, a value that is no string.
  static ClassMapping read(const std::filesystem::path& file);

  // [theirs] an index into `ours`, -1 for a class that is left out. A class that is not named goes to the one
  // of the same name. Throws UsageError with every error found: a class that the store or the run lacks, with
  // the nearest one; no class left.
  std::vector<std::int32_t> apply(const std::vector<std::string>& theirs,
                                  const std::vector<std::string>& ours) const;
};

}  // namespace chorale::eval
