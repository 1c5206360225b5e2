// Which options of [model] each model takes, and their defaults. Needs no LibTorch, so that a configuration
// is checked where it is written.
#pragma once

#include <string>
#include <vector>

#include "pipeline/config/checks.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::config {

// Names of all models.
std::vector<std::string> model_names();

// Whether a model is a classical baseline: it learns from one vector of numbers a track, not from frames.
bool is_baseline(const std::string& name);

// Names of all models that are none.
std::vector<std::string> network_names();

// A model with all its options at their defaults. Precondition: a name of model_names().
Model model_defaults(const std::string& name);

// Sets the options that the model takes and that are not set; one finding for each that is set though the
// model does not take it.
std::vector<Finding> complete(Model& model);

// Those that are set, in one line of TOML: "units = 256, layers = 2".
std::string options_text(const Model& model);

}  // namespace chorale::config
