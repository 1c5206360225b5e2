// The objective of one task of kind single.
#pragma once

#include <string>
#include <vector>

#include "train/objective/objective.hpp"

namespace chorale::testing_support {

// Of tracks 0, 1, ... with these labels (int64), each of which is one sample of the training part.
inline train::Objective class_objective(const torch::Tensor& labels, std::size_t classes,
                                        const config::Train& options = {},
                                        torch::Device device = torch::kCPU) {
  std::vector<store::StoredTrack> tracks;
  std::vector<samples::Slice> slices;
  for (std::int64_t i = 0; i < labels.size(0); ++i) {
    tracks.emplace_back().track.labels = {dataset::Label::of_class(labels[i].item<std::int32_t>())};
    slices.push_back({static_cast<std::uint32_t>(i), 0});
  }
  const dataset::Task genre{"genre", config::TaskKind::kSingle, std::vector<std::string>(classes, "class")};
  const auto outputs = models::outputs_of({genre}, options.key_classes);
  return {outputs, options, train::label_statistics(outputs, tracks, slices), tracks, device};
}

}  // namespace chorale::testing_support
