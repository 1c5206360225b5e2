// The loops of every instruction set that this processor has. Expected values: the convolution and its
// gradients as defined, in double precision.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "pipeline/kernels/winograd/kernels.hpp"

namespace chorale::kernels {
namespace {

float as_float(float x) { return x; }
float as_float(Bf16 x) { return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16U); }

template <class Element>
Element as_element(float x) {
  if constexpr (std::is_same_v<Element, float>) {
    return x;
  } else {
    return {
        static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(x) >> 16U)};  // of the numbers here: exact
  }
}

// Multiples of 1/64 in [-1, 1): exact in bfloat16.
template <class Element>
std::vector<Element> noise(std::int64_t n, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_int_distribution<int> draw(-64, 63);
  std::vector<Element> values(static_cast<std::size_t>(n));
  for (Element& x : values) x = as_element<Element>(static_cast<float>(draw(engine)) / 64.0F);
  return values;
}

struct Layer {
  Tiling tiling;
  std::int64_t inputs = 0, outputs = 0;

  std::int64_t positions() const { return tiling.images * tiling.height * tiling.width; }

  // f(position of y, position of x, tap) for all that are multiplied; positions are numbered in an image's
  // order.
  template <class F>
  void over_taps(const F& f) const {
    const auto [images, height, width] = tiling;
    for (std::int64_t n = 0; n < images; ++n) {
      for (std::int64_t row = 0; row < height; ++row) {
        for (std::int64_t column = 0; column < width; ++column) {
          for (std::int64_t tap = 0; tap < 9; ++tap) {
            const std::int64_t from_row = row + tap / 3 - 1, from_column = column + tap % 3 - 1;
            if (from_row < 0 || from_row >= height || from_column < 0 || from_column >= width) continue;
            f((n * height + row) * width + column, (n * height + from_row) * width + from_column, tap);
          }
        }
      }
    }
  }
};

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

// Odd sizes; a panel of four vectors of 16 lanes and one that is narrower, the same of two of 8; one row.
std::vector<Layer> layers_of(const Winograd& set) {
  std::vector<Layer> layers = {
      {{3, 7, 5}, 32, 80}, {{2, 4, 6}, 96, 32}, {{1, 1, 9}, 16, 16}, {{1, 2, 2}, 16, 64}};
  if (set.lanes == 8) layers.push_back({{2, 5, 4}, 24, 40});
  return layers;
}

template <class Element>
const WinogradKernels<Element>& of(const Winograd& set) {
  if constexpr (std::is_same_v<Element, float>) {
    return set.fp32;
  } else {
    return set.bf16;
  }
}

// Largest deviation, against the root of the mean square of what is expected.
template <class Values>
double deviation(const Values& values, const std::vector<double>& expected) {
  double largest = 0, square = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double own = std::abs(static_cast<double>(as_float(values[i])) - expected[i]);
    if (!(own <= largest)) largest = own;  // also where it is not a number
    square += expected[i] * expected[i];
  }
  return largest / std::sqrt(square / static_cast<double>(expected.size()));
}

// Single precision: some roundings of sums of some hundred numbers. bfloat16: of each point, 2^-9.
template <class Element>
constexpr double kTolerance = std::is_same_v<Element, float> ? 3e-6 : 3e-2;

class InstructionSets : public testing::TestWithParam<const Winograd*> {
 protected:
  template <class Body>
  static void with_elements(const Body& body) {
    body(float{});
    if (GetParam()->bf16.convolve != nullptr) body(Bf16{});
  }
};

template <class Element>
std::vector<Element> packed(const Winograd& set, const std::vector<float>& filters, const Layer& layer,
                            bool turned) {
  std::vector<Element> points(at(kPoints * layer.inputs * layer.outputs));
  of<Element>(set).pack_filters(filters.data(), layer.outputs, layer.inputs, turned, 0,
                                layer.outputs * layer.inputs / set.lanes / 2, points.data());
  return points;
}

// In blocks of seven tiles.
template <class Element>
std::vector<Element> convolved(const Winograd& set, const Layer& layer, const std::vector<Element>& x,
                               const std::vector<Element>& filters, const std::vector<float>& bias,
                               const std::vector<Element>& addend) {
  constexpr std::int64_t kBlock = 7;
  std::vector<Element> y(at(layer.positions() * layer.outputs)), points(at(kPoints * kBlock * layer.inputs));
  std::vector<float> products(at(kPoints * kBlock * set.panel));
  for (std::int64_t first = 0; first < layer.tiling.tiles(); first += kBlock) {
    TileConvolution<Element> block{.tiling = layer.tiling, .inputs = layer.inputs, .outputs = layer.outputs};
    block.x = x.data();
    block.filters = filters.data();
    block.bias = bias.empty() ? nullptr : bias.data();
    block.addend = addend.empty() ? nullptr : addend.data();
    block.y = y.data();
    block.first = first;
    block.last = std::min(first + kBlock, layer.tiling.tiles());
    block.points = points.data();
    block.products = products.data();
    of<Element>(set).convolve(block);
  }
  return y;
}

TEST_P(InstructionSets, Convolve) {
  with_elements([](auto element) {
    using Element = decltype(element);
    for (const Layer& layer : layers_of(*GetParam())) {
      const auto x = noise<Element>(layer.positions() * layer.inputs, 1);
      const auto filters = noise<float>(layer.outputs * 9 * layer.inputs, 2),
                 bias = noise<float>(layer.outputs, 3);
      std::vector<double> expected(at(layer.positions() * layer.outputs));
      for (std::size_t i = 0; i < expected.size(); ++i)
        expected[i] = static_cast<double>(bias[i % bias.size()]);
      layer.over_taps([&](std::int64_t to, std::int64_t from, std::int64_t tap) {
        for (std::int64_t o = 0; o < layer.outputs; ++o) {
          for (std::int64_t c = 0; c < layer.inputs; ++c) {
            expected[at(to * layer.outputs + o)] +=
                static_cast<double>(as_float(x[at(from * layer.inputs + c)])) *
                static_cast<double>(filters[at((o * 9 + tap) * layer.inputs + c)]);
          }
        }
      });
      const auto y =
          convolved(*GetParam(), layer, x, packed<Element>(*GetParam(), filters, layer, false), bias, {});
      EXPECT_LT(deviation(y, expected), kTolerance<Element>);
    }
  });
}

TEST_P(InstructionSets, ConvolveWithTurnedFiltersOntoAnAddend) {
  with_elements([](auto element) {
    using Element = decltype(element);
    for (const Layer& layer : layers_of(*GetParam())) {
      const auto dy = noise<Element>(layer.positions() * layer.outputs, 4);
      const auto filters = noise<float>(layer.outputs * 9 * layer.inputs, 5);
      const auto addend = noise<Element>(layer.positions() * layer.inputs, 8);
      std::vector<double> expected(addend.size());
      for (std::size_t i = 0; i < expected.size(); ++i)
        expected[i] = static_cast<double>(as_float(addend[i]));
      layer.over_taps([&](std::int64_t to, std::int64_t from, std::int64_t tap) {
        for (std::int64_t o = 0; o < layer.outputs; ++o) {
          for (std::int64_t c = 0; c < layer.inputs; ++c) {
            expected[at(from * layer.inputs + c)] +=
                static_cast<double>(as_float(dy[at(to * layer.outputs + o)])) *
                static_cast<double>(filters[at((o * 9 + tap) * layer.inputs + c)]);
          }
        }
      });
      const auto dx = convolved(*GetParam(), Layer{layer.tiling, layer.outputs, layer.inputs}, dy,
                                packed<Element>(*GetParam(), filters, layer, true), {}, addend);
      EXPECT_LT(deviation(dx, expected), kTolerance<Element>);
    }
  });
}

// Ten tiles at a time, of which the last ones are behind the end; the sums in two parts.
template <class Element>
std::vector<float> filter_gradient(const Winograd& set, const Layer& layer, const std::vector<Element>& x,
                                   const std::vector<Element>& dy) {
  constexpr std::int64_t kCount = 10, kParts = 2;
  const auto& kernels = of<Element>(set);
  const std::int64_t size = kPoints * layer.outputs * layer.inputs, tiles = layer.tiling.tiles();
  std::vector<Element> of_x(at(kPoints * point_size(layer.inputs, kCount))),
      of_dy(at(kPoints * point_size(layer.outputs, kCount)));
  std::vector<float> sums(at(kParts * size), NAN), gradient(at(layer.outputs * 9 * layer.inputs));
  for (std::int64_t first = 0, round = 0; first < tiles; first += kCount, ++round) {
    const std::int64_t last = std::min(first + kCount, tiles);
    kernels.patch_points({layer.tiling, layer.inputs, x.data(), first, last, kCount, of_x.data()}, 0,
                         kCount / 2);
    kernels.gradient_points({layer.tiling, layer.outputs, dy.data(), first, last, kCount, of_dy.data()}, 0,
                            kCount / 2);
    kernels.add_products({layer.inputs, layer.outputs, kCount, of_x.data(), of_dy.data(),
                          sums.data() + round % kParts * size, round < kParts},
                         0, kPoints * ((layer.outputs + set.panel - 1) / set.panel));
  }
  set.filter_gradient(sums.data(), std::min(kParts, (tiles + kCount - 1) / kCount), layer.outputs,
                      layer.inputs, 0, layer.outputs, gradient.data());
  return gradient;
}

TEST_P(InstructionSets, FilterGradient) {
  with_elements([](auto element) {
    using Element = decltype(element);
    for (const Layer& layer : layers_of(*GetParam())) {
      const auto x = noise<Element>(layer.positions() * layer.inputs, 6);
      const auto dy = noise<Element>(layer.positions() * layer.outputs, 7);
      std::vector<double> expected(at(layer.outputs * 9 * layer.inputs));
      layer.over_taps([&](std::int64_t to, std::int64_t from, std::int64_t tap) {
        for (std::int64_t o = 0; o < layer.outputs; ++o) {
          for (std::int64_t c = 0; c < layer.inputs; ++c) {
            expected[at((o * 9 + tap) * layer.inputs + c)] +=
                static_cast<double>(as_float(dy[at(to * layer.outputs + o)])) *
                static_cast<double>(as_float(x[at(from * layer.inputs + c)]));
          }
        }
      });
      EXPECT_LT(deviation(filter_gradient(*GetParam(), layer, x, dy), expected), kTolerance<Element>);
    }
  });
}

std::vector<const Winograd*> runnable() {
  const WinogradList list = runnable_winograd();
  return {list.all, list.all + list.count};
}

INSTANTIATE_TEST_SUITE_P(All, InstructionSets, testing::ValuesIn(runnable()),
                         [](const auto& set) { return std::string(set.param->name); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(InstructionSets);  // of processors that have none

}  // namespace
}  // namespace chorale::kernels
