#include "pipeline/dataset/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <regex>
#include <unordered_map>
#include <unordered_set>

#include "pipeline/config/config.hpp"
#include "pipeline/dataset/copies.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/dataset/deal.hpp"
#include "pipeline/dataset/strata.hpp"

namespace chorale::dataset {
namespace {

using config::Part;

constexpr const char* kRemedy =
    "Add recordings, group by something finer (dataset.group), or ask for fewer parts "
    "(split.folds, split.validation = 0, split.test = 0).";

// All that a split is made from.
struct Input {
  std::span<const Track> tracks;
  std::span<const std::uint64_t> sources;
  Strata strata;
  Bonds bonds;
};

// Deals the given tracks (indices) out by whole bonds; returns the part of each.
std::vector<std::size_t> deal_tracks(const Input& input, std::span<const std::size_t> chosen,
                                     DealOptions options) {
  options.class_names = input.strata.names();
  std::map<std::uint32_t, std::map<std::size_t, std::size_t>> counts;
  for (const std::size_t track : chosen) ++counts[input.bonds.of[track]][*input.strata.of(track)];
  std::vector<Group> groups;
  std::map<std::uint32_t, std::size_t> index;
  for (const auto& [bond, classes] : counts) {
    index[bond] = groups.size();
    groups.push_back({input.bonds.names[bond], {classes.begin(), classes.end()}});
  }
  const std::vector<std::size_t> part_of_group = deal_groups(groups, options);
  std::vector<std::size_t> parts;
  for (const std::size_t track : chosen) parts.push_back(part_of_group[index.at(input.bonds.of[track])]);
  return parts;
}

std::vector<std::size_t> where(std::span<const Part> parts, Part part) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == part) found.push_back(i);
  }
  return found;
}

// Parts with a fraction above 0, dealt from the tracks that are in the training part so far.
void deal_from_training(const Input& input, const std::vector<std::pair<Part, double>>& wanted,
                        std::uint64_t seed, std::vector<Part>& parts) {
  std::vector<Part> names = {Part::kTrain};
  DealOptions options{{1.0}, {}, "train", kRemedy, seed};
  for (const auto& [part, fraction] : wanted) {
    if (fraction <= 0) continue;
    names.push_back(part);
    options.fractions.push_back(fraction);
    options.fractions[0] -= fraction;
    options.what += ", " + std::string(config::name_of(part));
  }
  if (options.fractions[0] <= 0) {
    throw SplitError(
        "split.validation + split.test leave nothing to train on; together they must be below 1");
  }
  options.what = std::to_string(names.size()) + " parts (" + options.what + ")";
  const std::vector<std::size_t> chosen = where(parts, Part::kTrain);
  const std::vector<std::size_t> dealt = deal_tracks(input, chosen, options);
  for (std::size_t i = 0; i < chosen.size(); ++i) parts[chosen[i]] = names[dealt[i]];
}

// ---- folds

std::size_t fold_in_path(const std::string& path, const std::regex& pattern, const config::Split& options) {
  std::smatch match;
  std::int64_t fold = 0;
  if (std::regex_search(path, match, pattern) && match.size() > 1) {
    const std::string digits = match[1];
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fold);
    if (error != std::errc() || end != digits.data() + digits.size()) fold = 0;
  }
  if (fold < 1 || fold > options.folds) {
    throw SplitError(path + ": split.fold_pattern " + options.fold_pattern + " finds no fold from 1 to " +
                     std::to_string(options.folds) + " here; correct the pattern or split.folds");
  }
  return static_cast<std::size_t>(fold);
}

// Folds are counted from 1.
std::vector<std::size_t> folds_by_pattern(std::span<const Track> tracks, std::span<const std::size_t> chosen,
                                          const config::Split& options) {
  const std::regex pattern(options.fold_pattern);
  std::vector<std::size_t> folds;
  std::map<std::string, std::size_t> fold_of_group;
  for (const std::size_t track : chosen) {
    const std::size_t fold = folds.emplace_back(fold_in_path(tracks[track].path, pattern, options));
    const auto [known, is_new] = fold_of_group.emplace(group_name(tracks[track]), fold);
    if (known->second != fold) {
      throw SplitError("group " + known->first + " is in folds " + std::to_string(known->second) + " and " +
                       std::to_string(fold) + " (" + tracks[track].path +
                       "); its tracks would leak from training to test. Correct dataset.group or "
                       "split.fold_pattern");
    }
  }
  return folds;
}

std::vector<std::size_t> dealt_folds(const Input& input, std::span<const std::size_t> chosen,
                                     const config::Split& options) {
  const auto count = static_cast<std::size_t>(options.folds);
  const DealOptions deal{std::vector<double>(count, 1.0 / static_cast<double>(count)),
                         {},
                         std::to_string(count) + " folds",
                         kRemedy,
                         static_cast<std::uint64_t>(options.seed)};
  std::vector<std::size_t> folds = deal_tracks(input, chosen, deal);
  for (std::size_t& fold : folds) ++fold;
  return folds;
}

void split_by_folds(const Input& input, const config::Split& options, std::vector<Part>& parts) {
  const std::vector<std::size_t> chosen = where(parts, Part::kTrain);
  const auto folds = options.fold_pattern.empty() ? dealt_folds(input, chosen, options)
                                                  : folds_by_pattern(input.tracks, chosen, options);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (folds[i] == static_cast<std::size_t>(options.fold)) parts[chosen[i]] = Part::kTest;
  }
  leave_out_copies(input.tracks, input.sources, parts);
  deal_from_training(input, {{Part::kValidation, options.validation}},
                     static_cast<std::uint64_t>(options.seed), parts);
}

// ---- parts that are given

Part part_named(const std::string& name, const std::string& where_found) {
  if (name.empty() || name == "none") return Part::kNone;
  if (name == "train" || name == "training") return Part::kTrain;
  if (name == "validation" || name == "valid" || name == "val") return Part::kValidation;
  if (name == "test" || name == "testing") return Part::kTest;
  throw SplitError(where_found + ": unknown part " + name + "; known are train, validation, test and none");
}

void split_as_stored(std::span<const Track> tracks, std::vector<Part>& parts) {
  if (std::all_of(tracks.begin(), tracks.end(), [](const Track& track) { return track.split.empty(); })) {
    throw SplitError(
        "split.kind = official, but this collection comes without a split of its own; use stratified, folds "
        "or file");
  }
  for (const std::size_t i : where(parts, Part::kTrain))
    parts[i] = part_named(tracks[i].split, tracks[i].path);
}

void split_by_file(std::span<const Track> tracks, const std::string& file, std::vector<Part>& parts) {
  const Csv csv = Csv::read(file);
  const bool by_path = csv.has("path");
  const std::string column = by_path ? "path" : csv.has("track") ? "track" : "id";
  std::map<std::string, Part> named;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    const std::string name = csv.at(row, column), place = fmt::format("{}: {}", file, name);
    const Part part = part_named(csv.at(row, "part"), place);
    if (named.emplace(name, part).first->second != part) throw SplitError(place + " is in two parts");
  }
  std::size_t found = 0;
  for (const std::size_t i : where(parts, Part::kTrain)) {
    const auto entry = named.find(by_path ? tracks[i].path : tracks[i].id);
    found += entry == named.end() ? 0 : 1;
    parts[i] = entry == named.end() ? Part::kNone : entry->second;
  }
  if (found == 0 && !tracks.empty()) {
    throw SplitError(file + ": its column " + column +
                     " names no track of this collection; the first track is " +
                     (by_path ? tracks[0].path : tracks[0].id));
  }
}

// ---- what holds for every kind

// Variants are in the training part when their recording is, else in none.
void follow_recordings(std::span<const Track> tracks, std::vector<Part>& parts) {
  std::unordered_set<std::string_view> trained_on;
  for (const std::size_t i : where(parts, Part::kTrain)) trained_on.insert(tracks[i].path);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!tracks[i].variant.empty() && trained_on.contains(tracks[i].path)) parts[i] = Part::kTrain;
  }
}

void check_no_leak(std::span<const Track> tracks, std::span<const Part> parts) {
  std::unordered_map<std::string_view, Part> part_of_group;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (parts[i] == Part::kNone) continue;
    const auto [known, is_new] = part_of_group.emplace(group_name(tracks[i]), parts[i]);
    if (known->second == parts[i]) continue;
    throw SplitError("group " + std::string(known->first) + " is in parts " +
                     std::string(config::name_of(known->second)) + " and " +
                     std::string(config::name_of(parts[i])) + " (" + tracks[i].path +
                     "); that would leak. Correct the split or dataset.group");
  }
}

void check_not_empty(std::span<const Part> parts, const config::Split& options) {
  const auto need = [&](Part part, const char* remedy) {
    if (std::find(parts.begin(), parts.end(), part) != parts.end()) return;
    throw SplitError("no track is in the part " + std::string(config::name_of(part)) + "; " + remedy);
  };
  need(Part::kTrain, "look at split.* and at what the store holds (chorale inspect)");
  if (options.validation > 0) need(Part::kValidation, "set split.validation = 0 to train without one");
  if (options.kind == config::SplitKind::kFolds)
    need(Part::kTest, "look at split.fold and split.fold_pattern");
  if (options.kind != config::SplitKind::kFolds && options.test > 0) {
    need(Part::kTest, "set split.test = 0 to train without one");
  }
}

}  // namespace

std::vector<Part> make_split(std::span<const Track> tracks, std::span<const std::uint64_t> sources,
                             std::span<const Task> tasks, const config::Split& options) {
  const Input input{tracks, sources, Strata(tracks, tasks), find_bonds(tracks, sources)};
  std::vector<Part> parts;
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    const bool dealt = tracks[t].variant.empty() && input.strata.of(t);
    parts.push_back(dealt ? Part::kTrain : Part::kNone);
  }
  switch (options.kind) {
    case config::SplitKind::kStratified:
      deal_from_training(input, {{Part::kValidation, options.validation}, {Part::kTest, options.test}},
                         static_cast<std::uint64_t>(options.seed), parts);
      break;
    case config::SplitKind::kFolds:
      split_by_folds(input, options, parts);
      break;
    case config::SplitKind::kOfficial:
      split_as_stored(tracks, parts);
      break;
    case config::SplitKind::kFile:
      split_by_file(tracks, options.file, parts);
      break;
  }
  leave_out_copies(tracks, sources, parts);
  follow_recordings(tracks, parts);
  check_no_leak(tracks, parts);
  check_not_empty(parts, options);
  return parts;
}

}  // namespace chorale::dataset
