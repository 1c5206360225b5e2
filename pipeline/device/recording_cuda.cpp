#include <ATen/cuda/CUDAGraph.h>
#include <fmt/format.h>

#include "pipeline/device/recording.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::device {

struct Recording::Graph {
  at::cuda::CUDAGraph graph;
};

Recording::Recording(const std::function<void()>& work) : graph_(std::make_unique<Graph>()) {
  try {
    // Other threads may allocate pinned memory meanwhile.
    graph_->graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    work();
    graph_->graph.capture_end();
  } catch (const c10::Error& error) {
    throw runtime::Error(
        fmt::format("the training step cannot be recorded as a CUDA graph; train with "
                    "train.cuda_graphs=off. The reason: {}",
                    error.what_without_backtrace()));
  }
}

Recording::~Recording() = default;

void Recording::replay() { graph_->graph.replay(); }

}  // namespace chorale::device
