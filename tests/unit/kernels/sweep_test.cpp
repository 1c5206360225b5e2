// Every instruction set that this processor has.
#include "pipeline/kernels/recurrent/sweep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace chorale::kernels {
namespace {

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

std::vector<const Kernels*> sets() {
  const KernelsList list = runnable_kernels();
  return {list.all, list.all + list.count};
}

INSTANTIATE_TEST_SUITE_P(All, InstructionSets, testing::ValuesIn(sets()),
                         [](const auto& tested) { return std::string(tested.param->name); });

}  // namespace
}  // namespace chorale::kernels
