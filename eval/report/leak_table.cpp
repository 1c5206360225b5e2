#include "eval/report/leak_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eval/report/comparison.hpp"
#include "eval/results/result_tables.hpp"
#include "pipeline/config/config.hpp"

namespace chorale::eval {
namespace {

config::SplitBy dealt_by(const Group& group) { return group.runs.front()->experiment.split.by; }

bool differ_in_leak_alone(const Group& a, const Group& b) {
  const auto lines = config::differences(a.config, b.config);
  return lines.size() == 1 && lines.front().starts_with("split.by: ");
}

std::string about(const Group& group) {
  switch (dealt_by(group)) {
    case config::SplitBy::kSlice:
      return "slices: other slices of a test song are trained on";
    case config::SplitBy::kTrack:
      return "tracks: other songs of a test song's group are trained on";
    case config::SplitBy::kGroup:
      break;
  }
  return fmt::format("groups ({}): nothing of a test song's group is trained on",
                     group.runs.front()->metrics.split.group);
}

}  // namespace

std::optional<Table> leak_table(const std::vector<Group>& groups) {
  std::vector<const Group*> alike;
  for (const Group& first : groups) {
    if (!first.has_classes()) continue;
    alike = {&first};
    for (const Group& other : groups) {
      if (differ_in_leak_alone(first, other)) alike.push_back(&other);
    }
    if (alike.size() > 1) break;
  }
  if (alike.size() < 2) return std::nullopt;
  Table table{
      .name = "leak",
      .caption = "What a leak is worth",
      .columns = {{"dealt_out", "dealt out"},
                  {"n_runs", "runs"},
                  {"n_songs", "songs"},
                  {"slice_accuracy", "slice accuracy"},
                  {"song_accuracy", "song accuracy"},
                  {"song_accuracy_interval", "95 % interval"},
                  {"song_macro_f1", "song macro F1"}},
      .notes = {
          "The same experiment; only what its split deals out as a whole (split.by) differs. Mean ± sample "
          "standard deviation over runs; songs: evaluated, over all runs. Intervals: bootstrap over groups "
          "of "
          "songs (artists, where they are known)."}};
  for (const Group* group : alike) {
    table.add({about(*group), static_cast<std::int64_t>(group->runs.size()),
               static_cast<std::int64_t>(group->songs().size()), mean_std(group->values(slice_accuracy)),
               mean_std(group->values(song_accuracy)), accuracy_interval(*group),
               mean_std(group->values(song_macro_f1))});
  }
  return table;
}

}  // namespace chorale::eval
