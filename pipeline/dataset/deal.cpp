#include "pipeline/dataset/deal.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

#include "pipeline/dataset/split.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::dataset {
namespace {

constexpr std::uint64_t kAttempts = 50;  // for groups that span classes; others succeed with the first

using Members = std::vector<std::vector<std::size_t>>;  // the groups of each class, by name

Members groups_of_classes(std::span<const Group> groups, std::size_t classes) {
  std::vector<std::size_t> by_name(groups.size());
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::sort(by_name.begin(), by_name.end(),
            [&](std::size_t a, std::size_t b) { return groups[a].name < groups[b].name; });
  Members members(classes);
  for (const std::size_t group : by_name) {
    for (const auto& [cls, count] : groups[group].counts) members[cls].push_back(group);
  }
  return members;
}

std::string some_names(std::span<const Group> groups, const std::vector<std::size_t>& members) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(members.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + groups[members[i]].name;
  }
  return text + (members.size() > kShown ? ", ..." : "");
}

void check_enough_groups(std::span<const Group> groups, const Members& members, const DealOptions& options) {
  std::string complaints;
  for (std::size_t cls = 0; cls < members.size(); ++cls) {
    const std::size_t count = members[cls].size();
    if (count == 0 || count >= options.fractions.size()) continue;
    complaints += "class " + options.class_names[cls] + " has " + std::to_string(count) +
                  (count == 1 ? " group (" : " groups (") + some_names(groups, members[cls]) +
                  "), too few for " + options.what + "\n";
  }
  if (!complaints.empty()) throw SplitError(complaints + options.remedy);
}

// One attempt at dealing everything out.
class Dealer {
 public:
  Dealer(std::span<const Group> groups, const Members& members, const DealOptions& options)
      : groups_(groups),
        members_(members),
        options_(options),
        parts_(options.fractions.size()),
        deficit_(members.size(), std::vector<double>(parts_)),
        total_deficit_(parts_),
        reached_(members.size(), std::vector<bool>(parts_)),
        missing_(members.size(), parts_),
        undealt_(members.size()),
        part_of_(groups.size()) {
    for (std::size_t cls = 0; cls < members.size(); ++cls) {
      std::size_t tracks = 0;
      for (const std::size_t group : members[cls]) tracks += count_of(group, cls);
      undealt_[cls] = members[cls].size();
      for (std::size_t part = 0; part < parts_; ++part) {
        deficit_[cls][part] = options.fractions[part] * static_cast<double>(tracks);
        total_deficit_[part] += deficit_[cls][part];
      }
    }
  }

  // False when some class does not reach every part; it is then in failed_class().
  bool deal(std::uint64_t attempt) {
    for (const std::size_t cls : scarcest_first()) {
      for (const std::size_t group : dealing_order(cls, attempt)) {
        if (!part_of_[group]) give(group, best_part(group, cls));
      }
      if (missing_[cls] > 0 && !members_[cls].empty()) {
        failed_class_ = cls;
        return false;
      }
    }
    return true;
  }

  std::size_t failed_class() const { return failed_class_; }

  std::vector<std::size_t> result() const {
    std::vector<std::size_t> parts;
    for (const auto& part : part_of_) parts.push_back(*part);
    return parts;
  }

 private:
  std::size_t count_of(std::size_t group, std::size_t cls) const {
    for (const auto& [other, count] : groups_[group].counts) {
      if (other == cls) return count;
    }
    return 0;
  }

  std::vector<std::size_t> scarcest_first() const {
    std::vector<std::size_t> order(members_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return members_[a].size() < members_[b].size(); });
    return order;
  }

  // Shuffled, then larger ones first, so that small ones even out what large ones left uneven. Sizes are
  // compared by powers of two, so that groups of like size change places with the seed.
  std::vector<std::size_t> dealing_order(std::size_t cls, std::uint64_t attempt) const {
    std::vector<std::size_t> order = members_[cls];
    runtime::RandomStream stream(options_.seed, {runtime::key_of(options_.class_names[cls]), attempt});
    stream.shuffle(std::span(order));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::bit_width(count_of(a, cls)) > std::bit_width(count_of(b, cls));
    });
    return order;
  }

  // Where the class being dealt lacks most tracks; among equals, where the group's classes do, then where
  // most tracks are lacking altogether. A part that a class could then no longer reach is out of the question
  // while there is another. (The leading class decides alone because its groups are dealt before those of the
  // next: if the others, still lacking nearly all, had a say, it would be dealt to the largest part until
  // they are served.)
  std::size_t best_part(std::size_t group, std::size_t leading_class) const {
    struct Merit {
      bool keeps_reach;
      double leading_deficit, deficit, total_deficit;
      auto operator<=>(const Merit&) const = default;
    };
    std::size_t best = 0;
    std::optional<Merit> best_merit;
    for (std::size_t part = 0; part < parts_; ++part) {
      Merit merit{true, deficit_[leading_class][part], 0, total_deficit_[part]};
      for (const auto& [cls, count] : groups_[group].counts) {
        merit.deficit += static_cast<double>(count) * deficit_[cls][part];
        const std::size_t missing_then = missing_[cls] - (reached_[cls][part] ? 0 : 1);
        if (undealt_[cls] - 1 < missing_then) merit.keeps_reach = false;
      }
      if (!best_merit || merit > *best_merit) {
        best = part;
        best_merit = merit;
      }
    }
    return best;
  }

  void give(std::size_t group, std::size_t part) {
    part_of_[group] = part;
    for (const auto& [cls, count] : groups_[group].counts) {
      deficit_[cls][part] -= static_cast<double>(count);
      total_deficit_[part] -= static_cast<double>(count);
      if (!reached_[cls][part]) --missing_[cls];
      reached_[cls][part] = true;
      --undealt_[cls];
    }
  }

  std::span<const Group> groups_;
  const Members& members_;
  const DealOptions& options_;
  std::size_t parts_;
  std::vector<std::vector<double>> deficit_;  // [class][part]: tracks still wanted
  std::vector<double> total_deficit_;         // [part]
  std::vector<std::vector<bool>> reached_;    // [class][part]: has a group there
  std::vector<std::size_t> missing_;          // [class]: parts not reached
  std::vector<std::size_t> undealt_;          // [class]: groups
  std::vector<std::optional<std::size_t>> part_of_;
  std::size_t failed_class_ = 0;
};

}  // namespace

std::vector<std::size_t> deal_groups(std::span<const Group> groups, const DealOptions& options) {
  const Members members = groups_of_classes(groups, options.class_names.size());
  check_enough_groups(groups, members, options);
  std::size_t failed_class = 0;
  for (std::uint64_t attempt = 0; attempt < kAttempts; ++attempt) {
    Dealer dealer(groups, members, options);
    if (dealer.deal(attempt)) return dealer.result();
    failed_class = dealer.failed_class();
  }
  throw SplitError("no dealing found that gives class " + options.class_names[failed_class] +
                   " a group in each of " + options.what + ", for its groups (" +
                   some_names(groups, members[failed_class]) + ") hold other classes, too\n" +
                   options.remedy);
}

}  // namespace chorale::dataset
