// Every instruction set that this processor has.
#include "pipeline/kernels/recurrent/sweep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace chorale::kernels {
namespace {

std::vector<float> noise(std::size_t n, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(n);
  for (float& x : values) x = static_cast<float>(engine()) / static_cast<float>(engine.max()) - 0.5f;
  return values;
}

class InstructionSets : public testing::TestWithParam<const Kernels*> {};

// One step of an LSTM of one unit without input shows the four activations: gates in, activated gates out.
// Expected: the functions of the standard library in double precision.
TEST_P(InstructionSets, ActivationsAreAccurate) {
  const Kernels& k = *GetParam();
  const auto lanes = static_cast<std::size_t>(k.lanes);
  for (float x = -30; x <= 30; x += 0.0037f) {
    std::vector<float> weights(lanes * lanes * 4), gates(lanes * 4, x), memory(lanes), output(lanes);
    std::vector<float> state(2 * lanes), carry(lanes, 0);
    std::int64_t rows = 0;
    ForwardSweep<float> s;
    s.frames = s.batch = s.last = 1;
    s.units = s.width = k.lanes;
    s.rows = &rows;
    s.weights = weights.data();
    s.gates = gates.data();
    s.memory = memory.data();
    s.output = output.data();
    s.output_stride = k.lanes;
    s.state = state.data();
    s.carry = carry.data();
    k.fp32.forward(s);
    const double sigmoid = 1 / (1 + std::exp(-static_cast<double>(x))), squashed = std::tanh(double{x});
    ASSERT_NEAR(gates[0], sigmoid, 5e-7) << x;
    ASSERT_NEAR(gates[2 * lanes], squashed, 5e-7) << x;
    ASSERT_NEAR(output[0], sigmoid * std::tanh(sigmoid * squashed), 1e-6) << x;
  }
}

// Expected: the definition of a product in double precision.
TEST_P(InstructionSets, ProductsAreProducts) {
  const Kernels& k = *GetParam();
  for (const auto& [m, n, depth] : {std::array<std::int64_t, 3>{7, 5, 3}, {1, 70, 9}, {53, 129, 300}}) {
    const auto a = noise(static_cast<std::size_t>(m * depth), 1),
               b = noise(static_cast<std::size_t>(depth * n), 2);
    const auto bias = noise(static_cast<std::size_t>(n), 3);
    std::vector<float> packed(static_cast<std::size_t>(packed_size(depth, n, 4, k.lanes)));
    std::vector<float> rows(static_cast<std::size_t>(m * n)), transposed(rows.size());
    k.fp32.pack(b.data(), n, 1, depth, n, 4, packed.data());
    k.multiply({a.data(), depth, packed.data(), bias.data(), 0, rows.data(), n, m, depth, n});

    std::vector<float> a_columns(a.size()), scratch(kTransposedScratch);
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < depth; ++j) {
        a_columns[static_cast<std::size_t>(j * m + i)] = a[static_cast<std::size_t>(i * depth + j)];
      }
    }
    k.multiply_transposed(
        {a_columns.data(), m, b.data(), n, transposed.data(), n, m, n, depth, scratch.data()});
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::int64_t l = 0; l < depth; ++l) {
          sum += double{a[static_cast<std::size_t>(i * depth + l)]} * b[static_cast<std::size_t>(l * n + j)];
        }
        const auto at = static_cast<std::size_t>(i * n + j);
        ASSERT_NEAR(transposed[at], sum, 1e-5);
        ASSERT_NEAR(rows[at], sum + bias[static_cast<std::size_t>(j)], 1e-5);
      }
    }
  }
}

std::vector<const Kernels*> sets() {
  const KernelsList list = runnable_kernels();
  return {list.all, list.all + list.count};
}

INSTANTIATE_TEST_SUITE_P(All, InstructionSets, testing::ValuesIn(sets()),
                         [](const auto& tested) { return std::string(tested.param->name); });

}  // namespace
}  // namespace chorale::kernels
