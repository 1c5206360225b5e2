#include "pipeline/models/residual_stage.hpp"

#include "pipeline/kernels/conv1x1.hpp"
#include "pipeline/kernels/conv3x3.hpp"
#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::models {
namespace {

namespace nn = torch::nn;

constexpr std::int64_t kExpansion = 4;  // of a bottleneck

nn::Conv2d convolution(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel,
                       std::int64_t stride = 1) {
  return nn::Conv2d(
      nn::Conv2dOptions(inputs, outputs, kernel).stride(stride).padding(kernel / 2).bias(false));
}

// Of 1x1, or of 3x3 that keeps the size or halves it.
kernels::Fork convolve(nn::Conv2dImpl& layer, const torch::Tensor& x) {
  const std::int64_t stride = layer.options.stride()->at(0);
  if (layer.options.kernel_size()->at(0) == 1) return kernels::conv1x1_fork(x, layer.weight, stride);
  if (stride == 1) return kernels::conv3x3_fork(x, layer.weight);
  return {kernels::conv3x3_strided(x, layer.weight), x};
}

// The shortcut where it can't be the input itself; nothing else.
nn::Sequential downsample(std::int64_t inputs, std::int64_t outputs, std::int64_t stride) {
  if (stride == 1 && inputs == outputs) return nullptr;
  return nn::Sequential(convolution(inputs, outputs, 1, stride), BatchNorm(outputs));
}

// Normalised, the shortcut added where there is one, ReLU.
torch::Tensor activated(const torch::Tensor& x, BatchNorm& norm, const torch::Tensor& shortcut = {}) {
  return kernels::conv_tail(x, norm->next_batch(),
                            {.order = kernels::BlockOrder::kNormActivation, .pool = {1, 1}}, shortcut);
}

torch::Tensor shortcut_of(nn::Sequential& downsample, const torch::Tensor& x) {
  if (!downsample) return x;
  return kernels::conv_tail(convolve(downsample->at<nn::Conv2dImpl>(0), x).convolved,
                            downsample->at<BatchNormImpl>(1).next_batch(),
                            {.activation = kernels::Activation::kNone,
                             .order = kernels::BlockOrder::kNormActivation,
                             .pool = {1, 1}});
}

class BasicBlock : public nn::Module {
 public:
  BasicBlock(std::int64_t inputs, std::int64_t width, std::int64_t stride)
      : conv1_(register_module("conv1", convolution(inputs, width, 3, stride))),
        bn1_(register_module("bn1", BatchNorm(width))),
        conv2_(register_module("conv2", convolution(width, width, 3))),
        bn2_(register_module("bn2", BatchNorm(width))),
        downsample_(downsample(inputs, width, stride)) {
    if (downsample_) register_module("downsample", downsample_);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto [first, input] = convolve(*conv1_, x);
    const torch::Tensor y = activated(first, bn1_);
    return activated(convolve(*conv2_, y).convolved, bn2_, shortcut_of(downsample_, input));
  }

 private:
  nn::Conv2d conv1_;
  BatchNorm bn1_;
  nn::Conv2d conv2_;
  BatchNorm bn2_;
  nn::Sequential downsample_;
};

class Bottleneck : public nn::Module {
 public:
  Bottleneck(std::int64_t inputs, std::int64_t width, std::int64_t stride)
      : conv1_(register_module("conv1", convolution(inputs, width, 1))),
        bn1_(register_module("bn1", BatchNorm(width))),
        conv2_(register_module("conv2", convolution(width, width, 3, stride))),
        bn2_(register_module("bn2", BatchNorm(width))),
        conv3_(register_module("conv3", convolution(width, kExpansion * width, 1))),
        bn3_(register_module("bn3", BatchNorm(kExpansion * width))),
        downsample_(downsample(inputs, kExpansion * width, stride)) {
    if (downsample_) register_module("downsample", downsample_);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto [first, input] = convolve(*conv1_, x);
    torch::Tensor y = activated(first, bn1_);
    y = activated(convolve(*conv2_, y).convolved, bn2_);
    return activated(convolve(*conv3_, y).convolved, bn3_, shortcut_of(downsample_, input));
  }

 private:
  nn::Conv2d conv1_;
  BatchNorm bn1_;
  nn::Conv2d conv2_;
  BatchNorm bn2_;
  nn::Conv2d conv3_;
  BatchNorm bn3_;
  nn::Sequential downsample_;
};

template <class Block>
nn::Sequential stage_of(const StageOptions& options) {
  nn::Sequential stage;
  const std::int64_t outputs = stage_outputs(options.block, options.width);
  for (std::int64_t i = 0; i < options.blocks; ++i) {
    stage->push_back(std::make_shared<Block>(i == 0 ? options.inputs : outputs, options.width,
                                             i == 0 ? options.stride : 1));
  }
  return stage;
}

}  // namespace

std::int64_t stage_outputs(ResidualBlock block, std::int64_t width) {
  return block == ResidualBlock::kBasic ? width : kExpansion * width;
}

nn::Sequential residual_stage(const StageOptions& options) {
  return options.block == ResidualBlock::kBasic ? stage_of<BasicBlock>(options)
                                                : stage_of<Bottleneck>(options);
}

nn::Conv2d stem_convolution(std::int64_t inputs, std::int64_t outputs) {
  return convolution(inputs, outputs, 7, 2);
}

torch::Tensor stem(nn::Conv2d& convolution, BatchNorm& norm, const torch::Tensor& input) {
  const torch::Tensor x = activated(convolution->forward(input), norm);
  return torch::max_pool2d(x, 3, 2, 1);
}

void initialise_convolutions(nn::Module& module) {
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (const auto* layer = child->as<nn::Conv2dImpl>()) {
      nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
    }
  }
}

}  // namespace chorale::models
