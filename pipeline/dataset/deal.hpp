// Dealing whole groups out to parts, so that every class keeps the parts' fractions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace chorale::dataset {

// Tracks that must stay together, and how many of them there are of each class.
struct Group {
  std::string name;
  std::vector<std::pair<std::size_t, std::size_t>> counts;  // class, tracks
};

struct DealOptions {
  std::vector<double> fractions;         // of each part, all above 0; they sum to 1
  std::vector<std::string> class_names;  // for messages, and for the order of groups
  std::string what;                      // the parts, in messages: "5 folds"
  std::string remedy;                    // what to do when a class has too few groups
  std::uint64_t seed = 0;
};

// The part of each group. Every class gets a group in every part. A class whose groups hold no other class
// has less than one largest group of it too many in any part, and so less than (parts - 1) of them too few:
// each group goes where most tracks are lacking. The result does not depend on the order of the groups.
// Throws SplitError: a class with fewer groups than parts (every such class, with its groups), or groups that
// span classes so that no dealing was found that serves all of them.
std::vector<std::size_t> deal_groups(std::span<const Group> groups, const DealOptions& options);

}  // namespace chorale::dataset
