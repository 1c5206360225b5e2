#include "pipeline/dataset/track.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chorale::dataset {

std::string to_text(const Label& label) {
  if (!label.known) return "-";
  return label.classes.empty() ? fmt::format("={}", label.value)
                               : fmt::format("{}", fmt::join(label.classes, "+"));
}

std::string to_text(const std::vector<Label>& labels) {
  std::string text;
  for (const Label& label : labels) text += (text.empty() ? "" : ",") + to_text(label);
  return text;
}

}  // namespace chorale::dataset
