#include "pipeline/models/outputs.hpp"

#include <algorithm>

#include "pipeline/dataset/keys.hpp"

namespace chorale::models {

std::vector<Output> outputs_of(const std::vector<dataset::Task>& tasks, config::KeyClasses key_classes) {
  std::vector<Output> outputs;
  for (dataset::Task task : tasks) {
    if (task.kind == config::TaskKind::kKey && key_classes == config::KeyClasses::kTonic) {
      task.classes = dataset::tonic_names();
    }
    const auto count = task.kind == config::TaskKind::kRegression
                           ? std::int64_t{1}
                           : static_cast<std::int64_t>(task.classes.size());
    outputs.push_back({task, width(outputs), count});
  }
  return outputs;
}

std::int64_t width(const std::vector<Output>& outputs) {
  return outputs.empty() ? 0 : outputs.back().first + outputs.back().count;
}

std::size_t main_task(const std::vector<Output>& outputs) {
  const auto single = std::ranges::find(outputs, config::TaskKind::kSingle,
                                        [](const Output& output) { return output.task.kind; });
  return single == outputs.end() ? 0 : static_cast<std::size_t>(single - outputs.begin());
}

}  // namespace chorale::models
