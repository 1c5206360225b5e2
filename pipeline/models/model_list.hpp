// All models, with what they cost.
#pragma once

#include <string>
#include <vector>

namespace chorale::models {

struct ListedModel {
  std::string name, about, options;                // options: names and defaults
  std::int64_t parameters = 0, multiply_adds = 0;  // of a sample
};

// With their defaults, for 128 bins x 129 frames, 103 features and 10 outputs. Makes each of them, which
// takes seconds and 2 GB.
std::vector<ListedModel> list_models();

enum class ListFormat { kText, kMarkdown };
std::string to_text(const std::vector<ListedModel>& models, ListFormat format);

}  // namespace chorale::models
