#include "pipeline/inspect/store_figures.hpp"

#include <fmt/format.h>

#include "pipeline/inspect/classes.hpp"
#include "pipeline/inspect/distribution_figures.hpp"
#include "pipeline/inspect/feature_figure.hpp"
#include "pipeline/inspect/gallery_figure.hpp"

namespace chorale::inspect {
namespace {

std::vector<double> durations(const store::Store& store) {
  std::vector<double> seconds;
  for (const auto& row : store.tracks()) {
    if (row.track.variant.empty()) seconds.push_back(row.duration);
  }
  return seconds;
}

}  // namespace

std::vector<figures::Figure> store_figures(const store::Store& store) {
  std::vector<figures::Figure> result;
  std::vector<ClassTracks> first;  // of the first task that has classes
  for (std::size_t task = 0; task < store.tasks().size(); ++task) {
    const auto classes = tracks_by_class(store, task);
    if (classes.empty()) continue;
    const std::string& name = store.tasks()[task].name;
    if (first.empty()) first = classes;
    result.push_back(class_figure("classes_" + name, "Tracks by " + name, store, classes));
  }
  if (const auto seconds = durations(store); !seconds.empty()) {
    result.push_back(
        duration_figure("durations", fmt::format("Durations of {} tracks", seconds.size()), seconds));
  }
  if (auto gallery = gallery_figure("gallery", "Mel spectrograms", store, first)) {
    result.push_back(std::move(*gallery));
  }
  for (std::size_t i = 0; i < store.features().size(); ++i) {
    const auto& feature = store.features()[i];
    if (store.tracks().empty() || feature.columns.empty()) continue;
    result.push_back(feature_figure("distribution_" + feature.name, store, i, first));
  }
  return result;
}

}  // namespace chorale::inspect
