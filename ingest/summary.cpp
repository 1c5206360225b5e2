#include "ingest/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "ingest/catalogue/catalogue.hpp"
#include "ingest/catalogue/field.hpp"
#include "ingest/catalogue/fma_published.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::ingest {
namespace {

constexpr double kCutShort = 5;  // s; FMA's clips have 30
constexpr std::size_t kShown = 10;

void warn_of_unknown_artists(const store::Store& store, const config::Dataset& dataset) {
  const bool catalogue_has_warned =
      !dataset.metadata.empty() &&
      (dataset.kind == config::DatasetKind::kFolder || dataset.kind == config::DatasetKind::kGtzan);
  if (dataset.group != config::GroupKind::kArtist || catalogue_has_warned) return;
  std::size_t recordings = 0, unknown = 0;
  for (const auto& row : store.tracks()) {
    if (!row.track.variant.empty()) continue;
    ++recordings;
    if (row.track.group == row.track.id) ++unknown;
  }
  if (unknown == 0) return;
  spdlog::warn("{} of {} tracks have no known artist; each is a group of its own", unknown, recordings);
}

void report_copies(const store::Store& store) {
  const auto sets = samples::find_copies(store);
  if (sets.empty()) return;
  std::size_t copies = 0, contradictory = 0;
  for (const auto& set : sets) {
    copies += set.size() - 1;
    const auto& labels = store.tracks()[set.front()].track.labels;
    contradictory += std::any_of(set.begin(), set.end(),
                                 [&](std::size_t t) { return store.tracks()[t].track.labels != labels; })
                         ? 1
                         : 0;
  }
  const auto& first = sets.front();
  spdlog::warn(
      "{} tracks are byte for byte copies of others, such as {} of {}; {} of {} files have different labels "
      "from copy to "
      "copy. No split puts copies into different parts; chorale inspect lists them",
      copies, catalogue::printable(store.tracks()[first[1]].track.id),
      catalogue::printable(store.tracks()[first[0]].track.id), contradictory, sets.size());
}

// The id in ".../000002.mp3".
std::optional<std::uint32_t> clip_id(const std::string& path) {
  return catalogue::number_in<std::uint32_t>(std::filesystem::path(path).stem().string());
}

std::string ids_text(const std::set<std::uint32_t>& ids) {
  std::vector<std::string> texts;
  for (const std::uint32_t id : ids) {
    if (texts.size() == kShown) {
      texts.emplace_back("...");
      break;
    }
    texts.push_back(fmt::format("{:06}", id));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

void require_tracks(const store::Store& store, const config::Dataset& dataset) {
  if (!store.tracks().empty()) return;
  const auto& row = store.quarantine().front();
  throw runtime::Error(fmt::format(
      "{}: none of the {} audio files could be used; the first is {}: {} ({}). All are in "
      "the quarantine of {}.",
      dataset.root, store.quarantine().size(), row.path, row.reason, row.stage, store.path().string()));
}

void log_findings(const store::Store& store, const config::Experiment& experiment) {
  warn_of_unknown_artists(store, experiment.dataset);
  report_copies(store);
  if (experiment.dataset.kind == config::DatasetKind::kFma)
    spdlog::info("{}", compare_with_published(store, experiment));
}

std::string describe(const store::Store& store) {
  double seconds = 0;
  std::size_t recordings = 0;
  for (const auto& row : store.tracks()) {
    if (!row.track.variant.empty()) continue;
    ++recordings;
    seconds += row.duration;
  }
  const std::size_t variants = store.tracks().size() - recordings;
  std::map<std::string, std::size_t> stages;
  for (const auto& row : store.quarantine()) ++stages[row.stage];
  std::vector<std::string> reasons;
  reasons.reserve(stages.size());
  for (const auto& [stage, count] : stages) reasons.push_back(fmt::format("{} {}", stage, count));
  return fmt::format("{} tracks{}, {:.2f} hours in {} shards, {} quarantined{}", recordings,
                     variants > 0 ? fmt::format(" and {} variants", variants) : "", seconds / 3600,
                     store.shards().size(), store.quarantine().size(),
                     reasons.empty() ? "" : fmt::format(" (reasons: {})", fmt::join(reasons, ", ")));
}

std::string compare_with_published(const store::Store& store, const config::Experiment& experiment) {
  const double limit = experiment.audio.duration;
  const bool shows_short = limit == 0 || limit >= kCutShort;
  std::set<std::uint32_t> quarantined, cut_short, good;
  for (const auto& row : store.quarantine()) {
    if (const auto id = clip_id(row.path); id && row.stage != catalogue::kStage) quarantined.insert(*id);
  }
  for (const auto& row : store.tracks()) {
    const auto id = clip_id(row.track.path);
    if (!id || !row.track.variant.empty()) continue;
    (shows_short && row.duration < kCutShort ? cut_short : good).insert(*id);
    quarantined.erase(*id);  // only a variant of it is there
  }
  const std::string& subset = experiment.dataset.subset;
  const auto published = catalogue::published_bad_clips(catalogue::fma_subset(subset));
  std::size_t silent = 0, brief = 0;
  std::set<std::uint32_t> sound;
  for (const std::uint32_t id : published) {
    silent += quarantined.erase(id);
    brief += cut_short.erase(id);
    if (good.contains(id)) sound.insert(id);
  }
  const std::size_t absent = published.size() - silent - brief - sound.size();
  std::string text = fmt::format("of the {} clips published as bad in FMA {}, {} are: {} in quarantine",
                                 published.size(), subset, silent + brief, silent);
  if (shows_short) text += fmt::format(", {} shorter than {} s", brief, kCutShort);
  if (!sound.empty()) {
    text +=
        fmt::format("; {} {}: {}", sound.size(),
                    shows_short ? "are not" : "can be decoded, audio.duration hides whether they are short",
                    ids_text(sound));
  }
  if (absent > 0) text += fmt::format("; {} are not in this collection", absent);
  if (!quarantined.empty()) text += fmt::format("; others in quarantine: {}", ids_text(quarantined));
  if (!cut_short.empty())
    text += fmt::format("; others shorter than {} s: {}", kCutShort, ids_text(cut_short));
  return text;
}

}  // namespace chorale::ingest
