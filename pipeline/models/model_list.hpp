// All models, with what they cost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chorale::models {

struct ListedModel {
  std::string name, about, options;  // options: names and defaults
  // Of a sample; none of classical baselines, whose trees are known when they have grown.
  std::optional<std::int64_t> parameters = {}, multiply_adds = {};
};

// With their defaults, for 128 bins x 129 frames, 103 features and 10 outputs. Makes each network, which
// takes seconds and 2 GB.
std::vector<ListedModel> list_models();

enum class ListFormat { kText, kMarkdown };
std::string to_text(const std::vector<ListedModel>& models, ListFormat format);

}  // namespace chorale::models
