// The layers of a model that have parameters, as a table: what `chorale inspect` prints of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/models/model.hpp"

namespace chorale::models {

struct Layer {
  std::string name = {};                  // of its parameters: "blocks.0.conv"
  std::string kind = {};                  // operator: "conv2d"
  std::vector<std::int64_t> output = {};  // shape of a sample
  std::int64_t parameters = 0;
  // Of a sample. Multiplications of a weight matrix and additions of their results: convolutions, linear and
  // recurrent layers; what normalisation, activations and pools do is not counted.
  std::int64_t multiply_adds = 0;
};

struct LayerTable {
  std::vector<Layer> layers;  // in the order in which they are first used
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;

  std::string to_json() const;
};

// Frames of a table of a model that takes clips of any length: 30 s of 22,050 Hz.
constexpr std::int64_t kFramesOfAClip = 1291;

// For samples of `input` (frames > 0), found by running the model on an empty batch in double precision. The
// model comes back as it was, bit for bit, in evaluation mode.
LayerTable layer_table(Model& model, InputShape input);

}  // namespace chorale::models
