#include "pipeline/models/layer_table.hpp"

#include <ATen/record_function.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

namespace chorale::models {
namespace {

// Follows the operators of this thread while it lives. Of operators within operators, only the outermost that
// takes a parameter is a layer.
class Recorder {
 public:
  explicit Recorder(const Model& model) {
    for (const auto& item : model.named_parameters()) {
      const std::string& name = item.key();
      parameters_[item.value().unsafeGetTensorImpl()] = {name.substr(0, name.rfind('.')), item.value()};
    }
    current_ = this;
    handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(start, end)
                                             .needsInputs(true)
                                             .needsOutputs(true)
                                             .scopes({at::RecordScope::FUNCTION}));
  }
  ~Recorder() {
    at::removeCallback(handle_);
    current_ = nullptr;
  }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  std::vector<Layer> layers() && { return std::move(layers_); }

 private:
  struct Parameter {
    std::string layer;
    torch::Tensor tensor;
  };
  struct Operator : at::ObserverContext {
    std::vector<Parameter> parameters;
  };

  static std::unique_ptr<at::ObserverContext> start(const at::RecordFunction& function) {
    auto found = std::make_unique<Operator>();
    if (current_->within_ == 0) {
      for (const auto& input : function.inputs()) {
        if (input.isTensor()) current_->take(input.toTensor(), found->parameters);
        if (!input.isTensorList()) continue;
        for (const torch::Tensor& tensor : input.toTensorList()) current_->take(tensor, found->parameters);
      }
    }
    if (current_->within_ > 0 || !found->parameters.empty()) ++current_->within_;
    return found;
  }

  static void end(const at::RecordFunction& function, at::ObserverContext* context) {
    if (current_->within_ == 0) return;
    --current_->within_;
    const auto& parameters = static_cast<Operator*>(context)->parameters;
    if (!parameters.empty()) current_->add(function, parameters);
  }

  void take(const torch::Tensor& tensor, std::vector<Parameter>& parameters) const {
    const auto found = parameters_.find(tensor.unsafeGetTensorImpl());
    if (found != parameters_.end()) parameters.push_back(found->second);
  }

  void add(const at::RecordFunction& function, const std::vector<Parameter>& parameters) {
    const torch::Tensor output = function.outputs().front().toTensor();
    if (output.is_alias_of(parameters.front().tensor)) {  // a matrix transposed for its use
      parameters_[output.unsafeGetTensorImpl()] = parameters.front();
      views_.push_back(output);
      return;
    }
    const std::string& name = parameters.front().layer;
    auto layer = std::ranges::find(layers_, name, &Layer::name);
    if (layer == layers_.end()) layer = layers_.insert(layer, {.name = name, .kind = kind_of(function)});
    layer->output = sample_shape(output);
    for (const auto& [owner, tensor] : parameters) {
      if (counted_.insert(tensor.unsafeGetTensorImpl()).second) layer->parameters += tensor.numel();
      if (tensor.dim() > 1) layer->multiply_adds += tensor.numel() * positions(tensor, layer->output);
    }
  }

  // Without its namespace; torch::nn::Linear is made of products.
  static std::string kind_of(const at::RecordFunction& function) {
    const std::string name = function.name();
    const std::string kind = name.substr(name.rfind(':') + 1);
    return kind == "addmm" || kind == "matmul" ? "linear" : kind;
  }

  // Without the batch, which is the dimension that is empty, wherever it stands.
  static std::vector<std::int64_t> sample_shape(const torch::Tensor& output) {
    std::vector<std::int64_t> shape = output.sizes().vec();
    std::erase(shape, 0);
    return shape;
  }

  // How often a weight is applied to get one sample's output: [channels, positions...] of a convolution, else
  // [positions..., outputs].
  static std::int64_t positions(const torch::Tensor& weight, const std::vector<std::int64_t>& output) {
    const bool convolution = weight.dim() > 2;
    std::int64_t count = 1;
    for (std::size_t i = 0; i < output.size(); ++i) {
      if (i != (convolution ? 0 : output.size() - 1)) count *= output[i];
    }
    return count;
  }

  static thread_local Recorder* current_;

  std::unordered_map<const at::TensorImpl*, Parameter> parameters_;  // and views of them
  std::vector<torch::Tensor> views_;                                 // so that their addresses stay theirs
  std::unordered_set<const at::TensorImpl*> counted_;
  at::CallbackHandle handle_;
  int within_ = 0;  // operators under way from the outermost with parameters on
  std::vector<Layer> layers_;
};

thread_local Recorder* Recorder::current_ = nullptr;

// Parameters and buffers of type `from`.
void convert(Model& model, torch::ScalarType from, torch::ScalarType to) {
  const torch::NoGradGuard no_grad;
  for (auto [name, tensor] : state_dict(model)) {
    if (tensor.scalar_type() == from) tensor.set_data(tensor.to(to));
  }
}

}  // namespace

LayerTable layer_table(Model& model, InputShape input) {
  model.eval();
  convert(model, torch::kFloat32, torch::kFloat64);
  const auto empty = torch::TensorOptions(torch::kFloat64);
  LayerTable table;
  {
    const torch::NoGradGuard no_grad;
    Recorder recorder(model);
    model.forward({.frames = torch::empty({0, 1, input.bins, input.frames}, empty),
                   .vector = torch::empty({0, input.vector}, empty)});
    table.layers = std::move(recorder).layers();
  }
  convert(model, torch::kFloat64, torch::kFloat32);
  for (const auto& parameter : model.parameters()) table.parameters += parameter.numel();
  for (const auto& layer : table.layers) table.multiply_adds += layer.multiply_adds;
  return table;
}

std::string LayerTable::to_json() const {
  using Json = nlohmann::ordered_json;
  Json rows = Json::array();
  for (const Layer& layer : layers) {
    rows.push_back({{"name", layer.name},
                    {"kind", layer.kind},
                    {"output", layer.output},
                    {"parameters", layer.parameters},
                    {"multiply_adds", layer.multiply_adds}});
  }
  const Json table = {
      {"parameters", parameters}, {"multiply_adds", multiply_adds}, {"layers", std::move(rows)}};
  return table.dump(2) + "\n";
}

}  // namespace chorale::models
