#include "train/parallel/running_statistics.hpp"

#include <vector>

#include "pipeline/device/copies.hpp"
#include "train/parallel/flat_parameters.hpp"

namespace chorale::train {
namespace {

std::vector<torch::Tensor> float_buffers(const torch::nn::Module& module) {
  std::vector<torch::Tensor> buffers;
  for (const auto& buffer : module.buffers()) {
    if (buffer.scalar_type() == torch::kFloat32) buffers.push_back(buffer);
  }
  return buffers;
}

}  // namespace

RunningStatistics::RunningStatistics(const torch::nn::Module& module, comm::Communicator& communicator)
    : communicator_(communicator),
      values_(flatten(float_buffers(module))),
      before_(torch::empty_like(values_)),
      moves_(torch::empty_like(values_)) {}

void RunningStatistics::begin() { before_.copy_(values_); }

void RunningStatistics::start_reduce(double weight) {
  // Not by a factor of 0 alone: what a rank without samples has is finite, but nobody promises it.
  if (weight > 0) {
    torch::sub_out(moves_, values_, before_).mul_(weight);
  } else {
    moves_.zero_();
  }
  work_ = communicator_.start_allreduce(device::buffer_of(moves_));
}

void RunningStatistics::finish() {
  work_->wait();
  work_.reset();
  torch::add_out(values_, before_, moves_);
}

}  // namespace chorale::train
