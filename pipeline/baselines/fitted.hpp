// A fitted baseline, whichever it is, as a checkpoint holds it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pipeline/baselines/importance.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::baselines {

class Fitted {
 public:
  virtual ~Fitted() = default;

  // Of encoded vectors [n, columns]: probabilities [n, classes].
  virtual std::vector<float> predict(std::span<const float> rows) const = 0;
  // `columns`: names of the encoded columns.
  virtual Importance importance(const std::vector<std::string>& columns) const = 0;
  // Weights and biases, or leaves of trees.
  virtual std::int64_t parameters() const = 0;
};

// `threads` 0: all cores. Throws CheckpointMismatch when the model is not of so many columns and classes,
// CheckpointError or BoosterError when its file cannot be read.
std::unique_ptr<Fitted> load(const std::filesystem::path& checkpoint, const config::Model& model,
                             std::size_t columns, std::size_t classes, std::int64_t threads);

}  // namespace chorale::baselines
