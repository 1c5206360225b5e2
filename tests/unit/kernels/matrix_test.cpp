// Products of every instruction set that this processor has, and over tensors. Expected: the definition in
// double precision.
#include "pipeline/kernels/matrix/matrix.hpp"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "pipeline/kernels/matrix/kernels.hpp"
#include "pipeline/kernels/tensor_data.hpp"

namespace chorale::kernels {
namespace {

// Multiples of 1/64 in [-1, 1): exact in bfloat16.
torch::Tensor noise(torch::IntArrayRef sizes, torch::ScalarType type) {
  return (torch::randint(-64, 64, sizes).to(torch::kFloat32) / 64).to(type);
}

void expect_near(const torch::Tensor& tensor, const torch::Tensor& expected) {
  // Single precision: sums of a few hundred numbers below one. bfloat16: the result is rounded to 8 bits.
  const double tolerance = tensor.scalar_type() == torch::kFloat32 ? 1e-5 : 4e-3;
  EXPECT_LT((tensor.to(torch::kFloat64) - expected).abs().max().item<double>(),
            tolerance * std::max(1.0, expected.abs().max().item<double>()));
}

// Tails in all three directions; bfloat16 takes an even depth.
const std::vector<std::array<std::int64_t, 3>> kShapes = {
    {7, 5, 4}, {1, 70, 10}, {53, 129, 300}, {100, 64, 480}};

template <class Element>
void expect_products(const MatrixKernels& set, const ProductKernels<Element>& kernels,
                     torch::ScalarType type) {
  for (const auto& [m, n, depth] : kShapes) {
    const auto a = noise({m, depth}, type), b = noise({depth, n}, type), addend = noise({m, n}, type);
    const auto bias = noise({n}, torch::kFloat32);
    const auto product = torch::mm(a.to(torch::kFloat64), b.to(torch::kFloat64));
    // b as rows that lie side by side, as columns that do, and as neither.
    for (const auto& layout : {b, b.t().contiguous().t(), torch::stack({b, b}, 2).select(2, 0)}) {
      const auto packed = torch::zeros({packed_size(depth, n, set.panel, set.lanes)}, type);
      kernels.pack(data<Element>(layout), layout.stride(0), layout.stride(1), depth, n, set.panel,
                   writable<Element>(packed));
      const auto c = torch::empty({m, n}, type);
      Product<Element> p{.a = data<Element>(a), .a_stride = depth, .b = data<Element>(packed)};
      p.bias = data<float>(bias);
      p.c = writable<Element>(c);
      p.c_stride = n;
      p.rows = m;
      p.depth = depth;
      p.n = n;
      kernels.multiply(p);
      expect_near(c, product + bias);
      p.bias = nullptr;
      p.addend = data<Element>(addend);
      kernels.multiply(p);
      expect_near(c, product + addend);
    }
    // Of an odd depth, too.
    for (const std::int64_t used : {depth, depth - 1}) {
      const auto columns = a.t().contiguous(), c = torch::empty({m, n}),
                 scratch = torch::empty({kTransposedScratch}, type);
      TransposedProduct<Element> t{
          .a = data<Element>(columns), .a_stride = m, .b = data<Element>(b), .b_stride = n};
      t.c = writable<float>(c);
      t.c_stride = n;
      t.m = m;
      t.n = n;
      t.depth = used;
      t.scratch = writable<Element>(scratch);
      kernels.multiply_transposed(t);
      expect_near(
          c, torch::mm(a.narrow(1, 0, used).to(torch::kFloat64), b.narrow(0, 0, used).to(torch::kFloat64)));
    }
  }
}

class MatrixSets : public testing::TestWithParam<const MatrixKernels*> {};

TEST_P(MatrixSets, ProductsAreProducts) {
  torch::manual_seed(1);
  expect_products(*GetParam(), GetParam()->fp32, torch::kFloat32);
  if (GetParam()->bf16.multiply != nullptr) expect_products(*GetParam(), GetParam()->bf16, torch::kBFloat16);
}

std::vector<const MatrixKernels*> sets() {
  const MatrixKernelsList list = runnable_matrix_kernels();
  return {list.all, list.all + list.count};
}

INSTANTIATE_TEST_SUITE_P(All, MatrixSets, testing::ValuesIn(sets()),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST(Matrix, ProductsHaveTheSameBitsForAnyNumberOfThreads) {
  torch::manual_seed(2);
  const int threads = at::get_num_threads();
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    if (type == torch::kBFloat16 && !multiplies(type)) continue;  // LibTorch's
    const auto a = noise({700, 96}, type), b = noise({96, 600}, type), addend = noise({700, 600}, type);
    const auto bias = noise({600}, torch::kFloat32);
    const auto results = [&](int number) {
      at::set_num_threads(number);
      const auto c = torch::empty({700, 600}, type);
      multiply_into(c, a, b, bias, addend);
      return std::vector<torch::Tensor>{c, multiply_transposed(a, addend)};
    };
    const auto one = results(1), three = results(3);
    expect_near(one[0], torch::mm(a.to(torch::kFloat64), b.to(torch::kFloat64)) + bias + addend);
    expect_near(one[1], torch::mm(a.t().to(torch::kFloat64), addend.to(torch::kFloat64)));
    EXPECT_TRUE(torch::equal(one[0], three[0])) << type;
    EXPECT_TRUE(torch::equal(one[1], three[1])) << type;
  }
  at::set_num_threads(threads);
}

TEST(Matrix, AnOddDepthIsMultipliedToo) {
  const auto a = noise({5, 7}, torch::kBFloat16), b = noise({7, 9}, torch::kBFloat16),
             addend = noise({5, 9}, torch::kBFloat16);
  const auto c = torch::empty({5, 9}, torch::kBFloat16), bias = noise({9}, torch::kFloat32);
  multiply_into(c, a, b, bias, addend);
  // Rounded once more than where the kernels multiply.
  EXPECT_LT((c.to(torch::kFloat64) - torch::mm(a.to(torch::kFloat64), b.to(torch::kFloat64)) - bias - addend)
                .abs()
                .max()
                .item<double>(),
            0.05);
}

TEST(Matrix, WithoutRowsTheTransposedProductIsZero) {
  EXPECT_TRUE(
      torch::equal(multiply_transposed(torch::empty({0, 4}), torch::empty({0, 3})), torch::zeros({4, 3})));
}

}  // namespace
}  // namespace chorale::kernels
