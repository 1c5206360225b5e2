#include "pipeline/inspect/classes.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace chorale::inspect {

std::vector<ClassTracks> tracks_by_class(const store::Store& store, std::size_t task) {
  std::vector<ClassTracks> result;
  for (const std::string& name : store.tasks()[task].classes) result.push_back({name, {}});
  for (std::size_t track = 0; track < store.tracks().size(); ++track) {
    const dataset::Track& row = store.tracks()[track].track;
    if (!row.variant.empty()) continue;
    for (const std::int32_t index : row.labels[task].classes) {
      result[static_cast<std::size_t>(index)].tracks.push_back(track);
    }
  }
  return result;
}

std::vector<ClassTracks> largest(std::vector<ClassTracks> classes, std::size_t count) {
  std::vector<std::size_t> order(classes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return classes[i].tracks.size(); });
  order.resize(std::min(order.size(), count));
  std::erase_if(order, [&](std::size_t i) { return classes[i].tracks.empty(); });
  std::ranges::sort(order);
  std::vector<ClassTracks> result;
  result.reserve(order.size());
  for (const std::size_t i : order) result.push_back(std::move(classes[i]));
  return result;
}

}  // namespace chorale::inspect
