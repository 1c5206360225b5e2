#include "pipeline/models/model.hpp"

#include "pipeline/models/cnn.hpp"
#include "pipeline/models/crnn1d.hpp"
#include "pipeline/models/crnn2d.hpp"
#include "pipeline/models/hybrid.hpp"
#include "pipeline/models/lstm.hpp"
#include "pipeline/models/multitask_cnn.hpp"
#include "pipeline/models/multitask_rnn.hpp"
#include "pipeline/models/resnet.hpp"
#include "pipeline/models/resnet_attention.hpp"
#include "pipeline/models/rnn.hpp"
#include "pipeline/models/slice_cnn.hpp"
#include "pipeline/models/vgg16.hpp"

namespace chorale::models {
namespace {

using Maker = std::shared_ptr<Model> (*)(const config::Model&, InputShape, std::int64_t outputs);

template <class M>
std::shared_ptr<Model> make(const config::Model& options, InputShape input, std::int64_t outputs) {
  return std::make_shared<M>(options, input, outputs);
}

struct Registered {
  Maker make;
  const char* about;
};

// The names of config::network_names().
const std::map<std::string, Registered> kModels = {
    {"cnn", {make<Cnn>, "four convolution blocks, global average pool, hidden layer (CSCI 1470)"}},
    {"lstm", {make<Lstm>, "bidirectional LSTM over frames, hidden layer (CSCI 1470)"}},
    {"gru", {make<Gru>, "bidirectional GRU over frames, hidden layer (CSCI 1470)"}},
    {"hybrid", {make<Hybrid>, "three convolution blocks, then a bidirectional LSTM (CSCI 1470)"}},
    {"slice_cnn", {make<SliceCnn>, "three pairs of convolutions, two hidden layers (MusicGenrePulse)"}},
    {"crnn1d", {make<Crnn1d>, "convolutions along time, then a GRU (MusicGenrePulse)"}},
    {"crnn2d", {make<Crnn2d>, "convolutions over bins and time, then a GRU (MusicGenrePulse)"}},
    {"rnn", {make<Rnn>, "LSTM over frames (MusicGenrePulse)"}},
    {"vgg_small", {make<Cnn>, "three convolutions, global average pool, hidden layer (spectrograms)"}},
    {"resnet_attention",
     {make<ResNetAttention>, "residual network with channel attention (Music Feature Analysis)"}},
    {"multitask_cnn",
     {make<MultitaskCnn>, "convolutions beside a clip's features, fused (music-classification-model)"}},
    {"multitask_rnn",
     {make<MultitaskRnn>, "bidirectional LSTM over features of frames (music-classification-model)"}},
    {"vgg16", {make<Vgg16>, "VGG-16 (torchvision)"}},
    {"resnet18", {make<ResNet18>, "ResNet-18 (torchvision)"}},
    {"resnet50", {make<ResNet50>, "ResNet-50 (torchvision)"}},
};

}  // namespace

std::shared_ptr<Model> make_model(const config::Model& options, InputShape input, std::int64_t outputs) {
  return kModels.at(options.name).make(options, input, outputs);
}

std::string about_model(const std::string& name) { return kModels.at(name).about; }

std::map<std::string, torch::Tensor> state_dict(const Model& model) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& item : model.named_parameters()) state.emplace(item.key(), item.value());
  for (const auto& item : model.named_buffers()) state.emplace(item.key(), item.value());
  return state;
}

}  // namespace chorale::models
