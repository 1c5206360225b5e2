// Batches on their way into the model: from the store or from the device, augmented when they are trained on.
#pragma once

#include <cstdint>
#include <optional>

#include "pipeline/config/experiment.hpp"
#include "pipeline/models/model.hpp"
#include "train/augment/augmentation.hpp"
#include "train/data/resident_frames.hpp"
#include "train/data/training_data.hpp"

namespace chorale::train {

// What train.resident means here. auto: on a GPU `device` where `bytes` of frames leave half of its `free`
// memory to the model, else `stream`; on the CPU `stream`. Throws UsageError when the device was asked for
// and is too small. `free` is not used on the CPU.
config::Residency choose_residency(config::Residency asked, torch::Device device, std::uint64_t bytes,
                                   std::uint64_t free);

class Feed {
 public:
  // Reads all frames of the training and the validation part where they become resident. Keeps a reference to
  // the data.
  Feed(const TrainingData& data, const config::Train& options, torch::Device device);

  // How the batches are read of which the inputs below are made, on the device.
  samples::LoaderOptions training_options(std::uint64_t epoch, std::size_t first_step) const;
  samples::LoaderOptions validation_options() const;

  torch::Device device() const { return device_; }
  models::Inputs training_inputs(const samples::Batch& batch, std::uint64_t epoch) const;
  models::Inputs validation_inputs(const samples::Batch& batch) const;

 private:
  samples::FramesFrom frames_from() const;
  void gather(models::Inputs& inputs, const samples::Rows& rows, const samples::Batch& batch) const;

  torch::Device device_;
  Augmentation augmentation_;
  std::optional<ResidentFrames> resident_;
};

}  // namespace chorale::train
