// Forward and backward of full batches as a CUDA graph.
#pragma once

#include <functional>
#include <memory>

#include "pipeline/device/recording.hpp"
#include "pipeline/models/model.hpp"
#include "train/objective/objective.hpp"

namespace chorale::train {

// The first few batches of a shape that comes again and again are computed operation by operation, so that
// libraries have made their plans; then the pass is recorded, and from there on replayed on the batches of
// that shape. Other shapes, such as a small last batch, are never recorded.
class RecordedPass {
 public:
  // `pass` is forward and backward, and must keep its results at addresses of its own.
  using Pass = std::function<void(const models::Inputs&, const Objective::Targets&)>;
  explicit RecordedPass(Pass pass) : pass_(std::move(pass)) {}

  // True when it has done the pass by replay; false: it is the caller's to do.
  bool run(const models::Inputs& inputs, const Objective::Targets& targets);

 private:
  static constexpr int kWarmUp = 3;  // batches

  void record(const models::Inputs& inputs, const Objective::Targets& targets);
  bool same_shape(const models::Inputs& inputs, const Objective::Targets& targets) const;

  Pass pass_;
  int seen_ = 0;  // batches of this shape, one after another
  models::Inputs inputs_;
  Objective::Targets targets_;
  std::unique_ptr<device::Recording> recording_;
};

// Whether `model` computes the same operations on every batch of a shape. Recurrent layers are left out:
// cuDNN draws their dropout from a state of its own, and looks at lengths on the host.
bool can_be_recorded(const models::Model& model);

}  // namespace chorale::train
