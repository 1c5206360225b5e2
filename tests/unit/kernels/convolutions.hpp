// A convolution and its gradients, ours beside those of torch::conv2d in double precision.
#pragma once

#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <vector>

namespace chorale::kernels::testing_support {

constexpr auto kLayout = at::MemoryFormat::ChannelsLast;

// While it lives, convolutions compute in bfloat16.
class Bfloat16Guard {
 public:
  Bfloat16Guard() {
    at::autocast::set_autocast_enabled(at::kCPU, true);
    at::autocast::set_autocast_dtype(at::kCPU, torch::kBFloat16);
  }
  ~Bfloat16Guard() {
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(at::kCPU, false);
  }
  Bfloat16Guard(const Bfloat16Guard&) = delete;
  Bfloat16Guard& operator=(const Bfloat16Guard&) = delete;
};

struct Results {
  torch::Tensor y, dx, dw, db;

  std::vector<torch::Tensor> all() const { return {y, dx, dw, db}; }
};

struct Operands {
  torch::Tensor images, weight, bias, gradient;

  Operands(torch::IntArrayRef sizes, std::int64_t outputs, std::int64_t kernel = 3, std::int64_t stride = 1) {
    images = torch::randn(sizes).contiguous(kLayout);
    weight = (torch::randn({outputs, sizes[1], kernel, kernel}) /
              std::sqrt(static_cast<double>(kernel * kernel * sizes[1])));
    weight = weight.contiguous(kLayout);
    bias = torch::randn({outputs});
    gradient =
        torch::randn({sizes[0], outputs, (sizes[2] + stride - 1) / stride, (sizes[3] + stride - 1) / stride})
            .contiguous(kLayout);
    stride_ = stride;
  }

  template <class Convolution>
  Results results(torch::ScalarType type, const Convolution& convolution) const {
    const auto variable = [&](const torch::Tensor& tensor) {
      return tensor.detach().to(type).requires_grad_();
    };
    const auto x = variable(images), w = variable(weight), b = variable(bias);
    const auto y = convolution(x, w, b);
    y.backward(gradient.to(y.scalar_type()));
    return {y.detach(), x.grad(), w.grad(), b.grad()};
  }
  Results exact() const {
    return results(torch::kFloat64, [this](const auto& x, const auto& w, const auto& b) {
      return torch::conv2d(x, w, b, stride_, w.size(2) / 2);
    });
  }

 private:
  std::int64_t stride_ = 1;
};

inline void expect_near(const Results& ours, const Results& exact, double tolerance) {
  for (std::size_t i = 0; i < 4; ++i) {
    const auto expected = exact.all()[i];
    const auto deviation = (ours.all()[i].to(torch::kFloat64) - expected).square().mean().sqrt();
    EXPECT_LT(deviation.item<double>(), tolerance * expected.square().mean().sqrt().item<double>())
        << "result " << i;
  }
}

}  // namespace chorale::kernels::testing_support
