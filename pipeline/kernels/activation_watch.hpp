// Looking into a network: what its last convolution has found, for Grad-CAM.
#pragma once

#include <torch/torch.h>

namespace chorale::kernels {

// While one lives, conv_tail() of its thread takes library calls instead of the fused kernel, which never
// stores the activation, and shows it here: behind the activation function, before normalisation (order
// kActivationNorm), pool and dropout. So every model whose convolutions end in conv_tail() can be explained,
// and a model says nothing about it. Watches may be nested; the innermost sees.
class ActivationWatch {
 public:
  ActivationWatch() : outer_(current_) { current_ = this; }
  ~ActivationWatch() { current_ = outer_; }
  ActivationWatch(const ActivationWatch&) = delete;
  ActivationWatch& operator=(const ActivationWatch&) = delete;

  // [n, channels, height, width] of the last convolution, part of the graph; undefined when there was none.
  const torch::Tensor& last() const { return last_; }

  // For conv_tail().
  static bool is_on() { return current_ != nullptr; }
  static torch::Tensor shown(torch::Tensor activation) {
    if (current_ != nullptr) current_->last_ = activation;
    return activation;
  }

 private:
  inline static thread_local ActivationWatch* current_ = nullptr;

  ActivationWatch* outer_;
  torch::Tensor last_;
};

}  // namespace chorale::kernels
