#include "pipeline/models/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pipeline/models/cnn.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::models {
namespace {

using Maker = std::shared_ptr<Model> (*)(const config::Model&, InputShape, std::int64_t classes);

template <class M>
std::shared_ptr<Model> make(const config::Model& options, InputShape input, std::int64_t classes) {
  return std::make_shared<M>(options, input, classes);
}

const std::map<std::string, Maker> kMakers = {{"cnn", make<Cnn>}};

}  // namespace

std::shared_ptr<Model> make_model(const config::Model& options, InputShape input,
                                  const std::vector<dataset::Task>& tasks) {
  const auto maker = kMakers.find(options.name);
  if (maker == kMakers.end()) {
    throw runtime::UsageError(
        fmt::format("model.name: no model \"{}\"; known: {}", options.name, fmt::join(model_names(), ", ")));
  }
  if (tasks.empty() || tasks.front().kind != config::TaskKind::kSingle) {
    throw runtime::UsageError(
        fmt::format("{} needs a first task of kind single in dataset.tasks", options.name));
  }
  return maker->second(options, input, static_cast<std::int64_t>(tasks.front().classes.size()));
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : kMakers) names.push_back(name);
  return names;
}

std::map<std::string, torch::Tensor> state_dict(const Model& model) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& item : model.named_parameters()) state.emplace(item.key(), item.value());
  for (const auto& item : model.named_buffers()) state.emplace(item.key(), item.value());
  return state;
}

}  // namespace chorale::models
