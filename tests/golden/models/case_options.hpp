// The models of the golden cases: what make_goldens.py says of each in its metadata.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "pipeline/config/model_options.hpp"
#include "support/tensors.hpp"

namespace chorale::testing_support {

inline nlohmann::json settings_of(const std::string& name) {
  const checkpoint::SafetensorsFile file(golden_file("models/cases/" + name + ".safetensors"));
  return nlohmann::json::parse(file.metadata().at("case"));
}

inline config::Model options_of(const nlohmann::json& settings) {
  config::Model model = config::model_defaults(settings.at("model"));
  const auto& options = settings.at("options");
  const auto set = [&](const char* key, auto& option) {
    if (options.contains(key))
      option = options[key].get<typename std::decay_t<decltype(option)>::value_type>();
  };
  set("channels", model.channels);
  set("hidden", model.hidden);
  set("units", model.units);
  set("layers", model.layers);
  set("input_channels", model.input_channels);
  if (options.contains("norm")) model.norm = config::Norm::kNone;
  if (model.conv_dropout) model.conv_dropout = 0;
  if (model.rnn_dropout) model.rnn_dropout = 0;
  if (model.dropout) model.dropout = {0};
  return model;
}

}  // namespace chorale::testing_support
