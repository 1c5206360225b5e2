#include "train/data/part_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "pipeline/config/config.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::train {
namespace {

// Songs of one part in one task.
class SongCounts {
 public:
  explicit SongCounts(const models::Output& output) : output_(output) {
    if (output.task.kind != config::TaskKind::kRegression)
      per_class_.resize(static_cast<std::size_t>(output.count));
  }

  void add(const dataset::Label& label) {
    known_ += label.known;
    for (const auto index : label.classes) ++per_class_[static_cast<std::size_t>(index % output_.count)];
  }

  std::string text(std::size_t songs) const {
    std::vector<std::string> parts;
    if (known_ < songs || per_class_.empty()) parts.push_back(fmt::format("{} known", known_));
    if (per_class_.size() > kMostListed) {
      parts.push_back(fmt::format("{} of {} classes",
                                  std::ranges::count_if(per_class_, [](std::size_t n) { return n > 0; }),
                                  per_class_.size()));
    } else {
      for (std::size_t c = 0; c < per_class_.size(); ++c)
        parts.push_back(fmt::format("{} {}", output_.task.classes[c], per_class_[c]));
    }
    return fmt::format("{}: {}", output_.task.name, fmt::join(parts, ", "));
  }

 private:
  static constexpr std::size_t kMostListed = 16;

  const models::Output& output_;
  std::size_t known_ = 0;
  std::vector<std::size_t> per_class_;
};

std::string describe(const store::Store& store, std::span<const config::Part> parts,
                     const std::vector<models::Output>& outputs, config::Part part, std::size_t slices) {
  const auto& tracks = store.tracks();
  std::size_t songs = 0, variants = 0;
  std::set<std::string> groups;
  std::vector<SongCounts> counts(outputs.begin(), outputs.end());
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (parts[t] != part) continue;
    if (!tracks[t].track.variant.empty()) {
      ++variants;
      continue;
    }
    ++songs;
    groups.insert(dataset::group_name(tracks[t].track));
    for (std::size_t task = 0; task < counts.size(); ++task) counts[task].add(tracks[t].track.labels[task]);
  }
  std::string text = fmt::format("{}: {} songs, {} groups", config::name_of(part), songs, groups.size());
  if (variants > 0) text += fmt::format(", {} variants", variants);
  if (slices > 0) text += fmt::format(", {} slices", slices);
  std::vector<std::string> tasks;
  tasks.reserve(counts.size());
  for (const SongCounts& count : counts) tasks.push_back(count.text(songs));
  return fmt::format("{} ({})", text, fmt::join(tasks, "; "));
}

}  // namespace

void log_parts(const store::Store& store, std::span<const config::Part> parts,
               const std::vector<models::Output>& outputs, std::span<const LabelStatistics> statistics,
               SliceCounts slices, config::SplitBy dealt_by) {
  using enum config::Part;
  spdlog::info("{}", describe(store, parts, outputs, kTrain, slices.training));
  if (dealt_by == config::SplitBy::kSlice) {
    spdlog::info("validation: {} other slices of these songs, the test part: the rest (split.by = \"slice\")",
                 slices.validation);
  } else {
    spdlog::info("{}", describe(store, parts, outputs, kValidation, slices.validation));
    spdlog::info("{}", describe(store, parts, outputs, kTest, 0));
  }
  if (const auto copies = samples::count_copies_left_out(store, parts); copies > 0)
    spdlog::info("{} songs left out, as copies of the same audio file are in one part only", copies);
  for (const auto& line : missing_classes(outputs, statistics)) spdlog::warn("{}", line);
}

}  // namespace chorale::train
