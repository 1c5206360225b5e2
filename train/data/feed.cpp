#include "train/data/feed.hpp"

#include <fmt/format.h>

#include "pipeline/device/gpus.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::train {

config::Residency choose_residency(config::Residency asked, torch::Device device, std::uint64_t bytes,
                                   std::uint64_t free) {
  using enum config::Residency;
  if (asked == kAuto) return device.is_cuda() && bytes <= free / 2 ? kDevice : kStream;
  if (asked == kDevice && device.is_cuda() && bytes >= free) {
    throw runtime::UsageError(fmt::format(
        "train.resident = \"device\": the frames of the training and validation part take {:.2f} GiB, and {} "
        "has "
        "{:.2f} GiB free. Use train.resident=auto, host or stream",
        static_cast<double>(bytes) / (1 << 30), device.str(), static_cast<double>(free) / (1 << 30)));
  }
  return asked;
}

Feed::Feed(const TrainingData& data, const config::Train& options, torch::Device device)
    : device_(device),
      augmentation_(options.augment, static_cast<std::uint64_t>(options.seed), data.training()) {
  const auto free = device.is_cuda() ? device::free_memory(device.index()) : 0;
  const auto residency =
      choose_residency(options.resident, device, data.frame_bytes(), static_cast<std::uint64_t>(free));
  if (residency == config::Residency::kDevice)
    resident_.emplace(data.training().reader, data.learned_from(), device);
}

samples::FramesFrom Feed::frames_from() const {
  return resident_ ? samples::FramesFrom::kDevice : samples::FramesFrom::kStore;
}

samples::LoaderOptions Feed::training_options(std::uint64_t epoch, std::size_t first_step) const {
  return {first_step, augmentation_.readings(epoch), frames_from()};
}

samples::LoaderOptions Feed::validation_options() const { return {.frames_from = frames_from()}; }

void Feed::gather(models::Inputs& inputs, const samples::Rows& rows, const samples::Batch& batch) const {
  if (resident_) inputs.frames = resident_->gather(rows.views, batch.frames);
}

models::Inputs Feed::training_inputs(const samples::Batch& batch, std::uint64_t epoch) const {
  models::Inputs partners = models::on_device(models::partners_of(batch), device_);
  if (!batch.partners.views.empty()) gather(partners, batch.partners, batch);
  return augmentation_.apply(validation_inputs(batch), partners, batch, epoch);
}

models::Inputs Feed::validation_inputs(const samples::Batch& batch) const {
  models::Inputs inputs = models::on_device(models::inputs_of(batch), device_);
  gather(inputs, batch, batch);
  return inputs;
}

}  // namespace chorale::train
