#include "pipeline/models/model.hpp"

#include "pipeline/models/cnn.hpp"

namespace chorale::models {
namespace {

using Maker = std::shared_ptr<Model> (*)(const config::Model&, InputShape, std::int64_t outputs);

template <class M>
std::shared_ptr<Model> make(const config::Model& options, InputShape input, std::int64_t outputs) {
  return std::make_shared<M>(options, input, outputs);
}

// The names of config::model_names().
const std::map<std::string, Maker> kMakers = {{"cnn", make<Cnn>}};

}  // namespace

std::shared_ptr<Model> make_model(const config::Model& options, InputShape input, std::int64_t outputs) {
  return kMakers.at(options.name)(options, input, outputs);
}

std::map<std::string, torch::Tensor> state_dict(const Model& model) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& item : model.named_parameters()) state.emplace(item.key(), item.value());
  for (const auto& item : model.named_buffers()) state.emplace(item.key(), item.value());
  return state;
}

}  // namespace chorale::models
