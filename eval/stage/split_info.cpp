#include "eval/stage/split_info.hpp"

#include "pipeline/config/config.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::eval {
namespace {

const char* const kArtistWarning =
    "Warning: this random split ignores artists (split.artists = \"ignore\"). Songs are tested whose artists "
    "were trained on, which makes every figure here too high, and not comparable with an artist-aware split.";

const char* const kTrackWarning =
    "Warning: this split deals out songs by themselves (split.by = \"track\"). Songs are tested whose groups "
    "were "
    "trained on, which makes every figure here too high.";

const char* const kSliceWarning =
    "Warning: this split deals out slices by themselves (split.by = \"slice\"). Slices are tested whose "
    "songs were "
    "trained on, which makes every figure here too high.";

std::string warning_of(const store::Store& store, const config::Experiment& experiment) {
  switch (experiment.split.by) {
    case config::SplitBy::kTrack:
      return kTrackWarning;
    case config::SplitBy::kSlice:
      return kSliceWarning;
    case config::SplitBy::kGroup:
      break;
  }
  return samples::artists_are_ignored(store, experiment) ? kArtistWarning : "";
}

// What was kept on one side of the split.
std::string kept_together(const config::Experiment& experiment) {
  return std::string(experiment.split.by == config::SplitBy::kGroup
                         ? config::name_of(experiment.dataset.group)
                         : config::name_of(experiment.split.by));
}

}  // namespace

SplitInfo split_info(const store::Store& store, const config::Experiment& experiment) {
  const config::Split& split = experiment.split;
  const bool folds = split.kind == config::SplitKind::kFolds;
  return {.kind = std::string(config::name_of(split.kind)),
          .part = std::string(config::name_of(experiment.eval.part)),
          .group = kept_together(experiment),
          .folds = folds ? split.folds : 0,
          .fold = folds ? split.fold : 0,
          .seed = split.seed,
          .warning = warning_of(store, experiment)};
}

}  // namespace chorale::eval
