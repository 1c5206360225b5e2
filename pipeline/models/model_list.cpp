#include "pipeline/models/model_list.hpp"

#include <fmt/format.h>

#include <map>

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/layer_table.hpp"

namespace chorale::models {
namespace {

constexpr InputShape kShape{.bins = 128, .frames = 129, .vector = 103};
constexpr std::int64_t kOutputs = 10;

// The models of config::is_baseline().
const std::map<std::string, const char*> kBaselines = {
    {"random_forest", "random forest on numbers of whole tracks (XGBoost)"},
    {"gradient_boosting", "boosted trees on numbers of whole tracks (XGBoost)"},
    {"logistic_regression", "linear model on numbers of whole tracks, standardised"},
};

std::string with_separators(std::optional<std::int64_t> number) {
  if (!number) return "–";
  std::string digits = std::to_string(*number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

}  // namespace

std::vector<ListedModel> list_models() {
  std::vector<ListedModel> list;
  for (const auto& name : config::model_names()) {
    const config::Model options = config::model_defaults(name);
    if (config::is_baseline(name)) {
      list.push_back({name, kBaselines.at(name), config::options_text(options)});
      continue;
    }
    const auto table = layer_table(*make_model(options, kShape, kOutputs), kShape);
    list.push_back(
        {name, about_model(name), config::options_text(options), table.parameters, table.multiply_adds});
  }
  return list;
}

std::string to_text(const std::vector<ListedModel>& models, ListFormat format) {
  const bool markdown = format == ListFormat::kMarkdown;
  std::string text = markdown ? "| Model | What it is | Options and defaults | Parameters | Multiply-adds "
                                "|\n|---|---|---|---:|---:|\n"
                              : fmt::format("{:<20}{:>12}{:>15}  {}\n", "model", "parameters",
                                            "multiply-adds", "what it is");
  for (const auto& model : models) {
    const std::string parameters = with_separators(model.parameters);
    const std::string cost = with_separators(model.multiply_adds);
    text += markdown ? fmt::format("| `{}` | {} | `{}` | {} | {} |\n", model.name, model.about, model.options,
                                   parameters, cost)
                     : fmt::format("{:<20}{:>12}{:>15}  {}\n", model.name, parameters, cost, model.about);
  }
  return text;
}

}  // namespace chorale::models
