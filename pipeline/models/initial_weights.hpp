// Beginning with the weights of another run or of another framework, and keeping some of them as they are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/models/model.hpp"

namespace chorale::models {

struct TakenWeights {
  std::filesystem::path file;
  std::size_t taken = 0;  // tensors
  std::vector<std::string> fresh =
      {};  // of the last layer, where the file has another number of outputs or none
  std::vector<std::string> left = {};  // in the file, but not in the model
};

// Sets parameters and buffers from `source`: a run folder (its best checkpoint, or the newest where there is
// no best), a checkpoint folder or a .safetensors file, of any float type. A tensor fits by name and shape. A
// convolution of one input channel takes the sum over the channels of one of three, which does the same to a
// repeated channel. Counters of batches may be missing. Throws UsageError when there is no such file, or with
// a line for each other tensor that is missing or has another shape; the model is then as it was.
TakenWeights take_weights(Model& model, const std::filesystem::path& source);

// Parameters whose names begin with a component path of `prefixes` ("layer1", "bn1", "features.0") do not
// train: they require no gradient, and batch normalisation among them keeps its running statistics and
// normalises with them. Throws UsageError, with the names there are, for a prefix that no parameter has.
void freeze(Model& model, const std::vector<std::string>& prefixes);

}  // namespace chorale::models
