#include "pipeline/config/model_options.hpp"

#include <algorithm>

#include "pipeline/config/values.hpp"

namespace chorale::config {
namespace {

// In the order of the list of models.
const std::vector<Model>& all_models() {
  static const std::vector<Model> models = {
      {.name = "cnn",
       .channels = {{32, 64, 128, 256}},
       .hidden = {{512}},
       .conv_dropout = 0.25,
       .dropout = {{0.5}},
       .norm = Norm::kBatch},
      {.name = "lstm", .hidden = {{512}}, .dropout = {{0.5}}, .units = 256, .layers = 2, .rnn_dropout = 0.3},
      {.name = "gru", .hidden = {{512}}, .dropout = {{0.5}}, .units = 256, .layers = 2, .rnn_dropout = 0.3},
      {.name = "hybrid",
       .channels = {{32, 64, 128}},
       .hidden = {{512}},
       .conv_dropout = 0.25,
       .dropout = {{0.5}},
       .norm = Norm::kBatch,
       .units = 256,
       .layers = 2,
       .rnn_dropout = 0.3},
      {.name = "slice_cnn",
       .channels = {{32, 64, 128}},
       .hidden = {{512, 256}},
       .conv_dropout = 0.3,
       .dropout = {{0.3}},
       .norm = Norm::kBatch},
      {.name = "crnn1d",
       .channels = {{64, 128, 128}},
       .conv_dropout = 0.2,
       .dropout = {{0.3}},
       .norm = Norm::kBatch,
       .units = 64,
       .layers = 2,
       .rnn_dropout = 0.0},
      {.name = "crnn2d",
       .channels = {{64, 128, 128, 128}},
       .conv_dropout = 0.1,
       .dropout = {{0.3}},
       .norm = Norm::kBatch,
       .units = 32,
       .layers = 2,
       .rnn_dropout = 0.0},
      {.name = "rnn", .dropout = {{0.3}}, .units = 64, .layers = 2, .rnn_dropout = 0.0},
      {.name = "vgg_small",
       .channels = {{32, 64, 128}},
       .hidden = {{256}},
       .conv_dropout = 0.0,
       .dropout = {{0.5}},
       .norm = Norm::kNone},
      {.name = "resnet_attention",
       .channels = {{64, 128, 256, 512}},
       .hidden = {{512, 256}},
       .dropout = {{0.5, 0.3}}},
      {.name = "multitask_cnn",
       .channels = {{32, 64, 128, 256}},
       .hidden = {{512, 256}},
       .conv_dropout = 0.25,
       .dropout = {{0.5, 0.3}},
       .norm = Norm::kBatch,
       .units = 256},
      {.name = "multitask_rnn",
       .hidden = {{256, 128}},
       .dropout = {{0.3}},
       .units = 128,
       .layers = 2,
       .rnn_dropout = 0.3},
      {.name = "vgg16",
       .channels = {{64, 128, 256, 512, 512}},
       .hidden = {{4096, 4096}},
       .dropout = {{0.5}},
       .input_channels = 1},
      {.name = "resnet18", .channels = {{64, 128, 256, 512}}, .input_channels = 1},
      {.name = "resnet50", .channels = {{64, 128, 256, 512}}, .input_channels = 1},
      // The defaults of XGBRFClassifier and XGBClassifier, with more trees; of scikit-learn's
      // LogisticRegression.
      {.name = "random_forest",
       .trees = 500,
       .max_depth = 6,
       .subsample = 0.8,
       .colsample_bynode = 0.8,
       .min_child_weight = 1.0,
       .lambda = 1e-5},
      {.name = "gradient_boosting",
       .trees = 500,
       .max_depth = 6,
       .eta = 0.3,
       .subsample = 1.0,
       .colsample_bytree = 1.0,
       .min_child_weight = 1.0,
       .lambda = 1.0},
      {.name = "logistic_regression", .inverse_penalty = 1.0},
  };
  return models;
}

// Calls visit(key, option of a, option of b) for every option.
template <class Visit>
void visit_options(Model& a, const Model& b, Visit visit) {
  visit("model.channels", a.channels, b.channels);
  visit("model.hidden", a.hidden, b.hidden);
  visit("model.conv_dropout", a.conv_dropout, b.conv_dropout);
  visit("model.dropout", a.dropout, b.dropout);
  visit("model.norm", a.norm, b.norm);
  visit("model.units", a.units, b.units);
  visit("model.layers", a.layers, b.layers);
  visit("model.rnn_dropout", a.rnn_dropout, b.rnn_dropout);
  visit("model.input_channels", a.input_channels, b.input_channels);
  visit("model.trees", a.trees, b.trees);
  visit("model.max_depth", a.max_depth, b.max_depth);
  visit("model.eta", a.eta, b.eta);
  visit("model.subsample", a.subsample, b.subsample);
  visit("model.colsample_bytree", a.colsample_bytree, b.colsample_bytree);
  visit("model.colsample_bynode", a.colsample_bynode, b.colsample_bynode);
  visit("model.min_child_weight", a.min_child_weight, b.min_child_weight);
  visit("model.lambda", a.lambda, b.lambda);
  visit("model.C", a.inverse_penalty, b.inverse_penalty);
}

}  // namespace

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const Model& model : all_models()) names.push_back(model.name);
  return names;
}

bool is_baseline(const std::string& name) {
  return name == "random_forest" || name == "gradient_boosting" || name == "logistic_regression";
}

std::vector<std::string> network_names() {
  std::vector<std::string> names = model_names();
  std::erase_if(names, is_baseline);
  return names;
}

Model model_defaults(const std::string& name) { return *std::ranges::find(all_models(), name, &Model::name); }

std::vector<Finding> complete(Model& model) {
  std::vector<Finding> findings;
  const Model defaults = model_defaults(model.name);
  visit_options(model, defaults, [&](const char* key, auto& option, const auto& standard) {
    if (option && !standard) {
      findings.push_back(
          {{key, "model.name"}, "found " + format(option) + ", but " + model.name + " has no such option"});
    }
    if (!option) option = standard;
  });
  if (is_baseline(model.name)) {
    const std::string why = ", but only networks have weights to begin with or to freeze, not " + model.name;
    if (!model.initial_weights.empty())
      findings.push_back(
          {{"model.initial_weights", "model.name"}, "found " + format(model.initial_weights) + why});
    if (model.freeze)
      findings.push_back({{"model.freeze", "model.name"}, "found " + format(model.freeze) + why});
  }
  if (model.hidden && defaults.hidden && model.hidden->size() != defaults.hidden->size()) {
    findings.push_back({{"model.hidden", "model.name"},
                        "found " + format(model.hidden) + ", but " + model.name +
                            " has as many hidden layers as " + format(defaults.hidden)});
  }
  const std::size_t droppers = model.hidden ? model.hidden->size() : 1;
  if (model.dropout && model.dropout->size() != 1 && model.dropout->size() != droppers) {
    findings.push_back({{"model.dropout", "model.hidden"},
                        "found " + format(model.dropout) + ", expected one number" +
                            (model.hidden ? ", or one for each of " + format(model.hidden) : "")});
  }
  return findings;
}

std::string options_text(const Model& model) {
  std::string text;
  Model shown = model;
  visit_options(shown, model, [&](const std::string& key, const auto& option, const auto&) {
    if (!option) return;
    text += (text.empty() ? "" : ", ") + key.substr(key.find('.') + 1) + " = " + format(option);
  });
  return text;
}

}  // namespace chorale::config
