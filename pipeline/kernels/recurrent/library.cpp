#include "pipeline/kernels/recurrent/library.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

// cudnnRNNMode_t
constexpr std::int64_t kCudnnLstm = 2, kCudnnGru = 3;

// `rows`: [frames, batch, inputs], or the frames of packed sequences one after another with their batch
// sizes.
Tensor run(const Tensor& rows, const Tensor& batch_sizes, std::int64_t batch,
           const std::vector<DirectionWeights>& weights, Cell cell) {
  std::vector<Tensor> flat;
  for (const DirectionWeights& own : weights) {
    flat.insert(flat.end(), {own.ih, own.hh, own.bias_ih, own.bias_hh});
  }
  const std::int64_t directions = static_cast<std::int64_t>(weights.size()), units = weights[0].hh.size(1);
  const bool lstm = cell == Cell::kLstm;
  const Tensor state = torch::zeros({directions, batch, units}, rows.options().requires_grad(false));
  if (rows.is_cuda()) {
    std::vector<std::int64_t> sizes;
    if (batch_sizes.defined()) {
      const auto* first = batch_sizes.const_data_ptr<std::int64_t>();
      sizes.assign(first, first + batch_sizes.numel());
    }
    const std::optional<Tensor> cell_state = lstm ? std::optional(state) : std::nullopt;
    return std::get<0>(at::_cudnn_rnn(rows.contiguous(), flat, 4, {}, state, cell_state,
                                      lstm ? kCudnnLstm : kCudnnGru, units, 0, 1, false, 0.0,
                                      at::GradMode::is_enabled(), directions == 2, sizes, {}));
  }
  const bool training = false, both = directions == 2;  // training: dropout, of which one layer has none
  if (batch_sizes.defined()) {
    return lstm ? std::get<0>(at::lstm(rows, batch_sizes, {state, state}, flat, true, 1, 0.0, training, both))
                : std::get<0>(at::gru(rows, batch_sizes, state, flat, true, 1, 0.0, training, both));
  }
  return lstm ? std::get<0>(at::lstm(rows, {state, state}, flat, true, 1, 0.0, training, both, false))
              : std::get<0>(at::gru(rows, state, flat, true, 1, 0.0, training, both, false));
}

}  // namespace

Tensor library_layer(const Tensor& input, const std::vector<DirectionWeights>& weights,
                     const LayerCall& call) {
  const std::int64_t frames = input.size(0), batch = input.size(1);
  Tensor output;
  if (call.lengths.defined()) {
    const auto [sorted, order] = call.lengths.sort(/*dim=*/0, /*descending=*/true);
    const auto [rows, batch_sizes] =
        at::_pack_padded_sequence(input.index_select(1, order.to(input.device())), sorted, false);
    const Tensor packed = run(rows, batch_sizes, batch, weights, call.cell);
    const Tensor padded = std::get<0>(at::_pad_packed_sequence(packed, batch_sizes, false, 0.0, frames));
    output = padded.index_select(1, order.argsort().to(input.device()));
  } else {
    output = run(input, {}, batch, weights, call.cell);
  }
  if (call.result == Result::kSequence) return output;
  if (!call.lengths.defined()) return output[-1];
  const Tensor index = (call.lengths - 1).to(input.device()).view({1, -1, 1}).expand({1, -1, output.size(2)});
  return output.gather(0, index)[0];
}

}  // namespace chorale::kernels
