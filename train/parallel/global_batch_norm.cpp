#include "train/parallel/global_batch_norm.hpp"

#include "pipeline/device/copies.hpp"
#include "pipeline/models/batch_norm.hpp"

namespace chorale::train {
namespace {

void join_all(models::Model& model, kernels::StatisticsReducer* reducer) {
  for (const auto& module : model.modules()) {
    if (auto* layer = module->as<models::BatchNorm>()) layer->add_up_with(reducer);
  }
}

}  // namespace

GlobalBatchNorm::GlobalBatchNorm(models::Model& model, models::InputShape shape,
                                 comm::Communicator& communicator)
    : model_(model), shape_(shape), communicator_(communicator) {
  join_all(model_, this);
}

GlobalBatchNorm::~GlobalBatchNorm() { join_all(model_, nullptr); }

void GlobalBatchNorm::begin_forward(Samples samples) {
  samples_ = samples;
  pass_ = Pass::kForward;
}

models::Inputs GlobalBatchNorm::stand_in(const models::Inputs& empty) const {
  const auto options = model_.parameters().front().options().requires_grad(false);
  models::Inputs inputs;
  inputs.frames = torch::zeros({1, 1, empty.frames.size(2), empty.frames.size(3)}, options);
  if (shape_.vector > 0) inputs.vector = torch::zeros({1, shape_.vector}, options);
  return inputs;
}

void GlobalBatchNorm::add_up(torch::Tensor sums) {
  if (samples_ == Samples::kNone) sums.zero_();
  communicator_.start_allreduce(device::buffer_of(sums))->wait();
  if (samples_ == Samples::kNone && pass_ == Pass::kBackward) sums.zero_();
}

}  // namespace chorale::train
