#include "train/loop/validation.hpp"

#include <map>
#include <span>

#include "pipeline/device/copies.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/models/precision.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::train {
namespace {

// Sums over slices, this rank's until they are reduced. Songs are numbered in the order of their slices.
class Sums {
 public:
  explicit Sums(const TrainingData& data) {
    const auto label_of = [&](std::uint32_t track) {
      return std::int64_t{data.store().tracks()[track].track.labels.front().index()};
    };
    for (const auto& slice : data.validation().slices) {
      const auto song = static_cast<std::int64_t>(song_of_.size());
      if (song_of_.emplace(slice.track, song).second) labels_.push_back(label_of(slice.track));
    }
    probabilities_ = torch::zeros({static_cast<std::int64_t>(labels_.size()), models::width(data.outputs())},
                                  torch::kFloat64);
    totals_ = torch::zeros({2}, torch::kFloat64);
  }

  // `logits` [n, classes] float.
  void add(const samples::Batch& batch, const torch::Tensor& logits) {
    std::vector<std::int64_t> songs;
    for (const auto track : batch.tracks) songs.push_back(song_of_.at(track));
    const auto song = torch::tensor(songs);
    const auto labels = torch::tensor(labels_).index_select(0, song);
    totals_.select(0, 0).add_(at::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum));
    totals_.select(0, 1).add_(logits.argmax(1).eq(labels).sum());
    probabilities_.index_add_(0, song, logits.to(torch::kFloat64).softmax(1));
  }

  void reduce(comm::Communicator& communicator) {
    for (const auto& tensor : {totals_, probabilities_}) {
      communicator.allreduce(device::buffer_of(tensor));
    }
  }

  Validation result(std::size_t slices) const {
    const auto* totals = totals_.const_data_ptr<double>();
    const auto right = probabilities_.argmax(1).eq(torch::tensor(labels_)).to(torch::kFloat64).mean();
    const auto n = static_cast<double>(slices);
    return {totals[0] / n, totals[1] / n, right.item<double>()};
  }

 private:
  std::map<std::uint32_t, std::int64_t> song_of_;
  std::vector<std::int64_t> labels_;
  torch::Tensor probabilities_;  // [songs, classes]
  torch::Tensor totals_;         // loss, correct
};

bool any_rank(comm::Communicator& communicator, bool mine) {
  std::int64_t votes = mine ? 1 : 0;
  communicator.allreduce(comm::buffer(std::span(&votes, 1)));
  return votes > 0;
}

}  // namespace

std::optional<Validation> validate(models::Model& model, const TrainingData& data,
                                   const config::Experiment& experiment, comm::Communicator& communicator,
                                   torch::Device device) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const auto& source = data.validation();
  const auto global_batch = static_cast<std::size_t>(experiment.eval.batch_size * communicator.size());
  const auto plan = samples::BatchPlan::sequential(static_cast<std::uint32_t>(source.slices.size()),
                                                   global_batch, communicator.rank(), communicator.size());
  samples::Loader loader(source, plan);
  Sums sums(data);
  while (const samples::Batch* batch = loader.next()) {
    if (any_rank(communicator, runtime::stop_requested())) return std::nullopt;
    if (batch->samples.empty()) continue;
    const models::PrecisionGuard precision(experiment.train.precision, device.type());
    const auto outputs = model.forward(models::on_device(models::inputs_of(*batch), device));
    sums.add(*batch, device::Download(outputs.to(torch::kFloat32)).wait());
  }
  sums.reduce(communicator);
  return sums.result(source.slices.size());
}

}  // namespace chorale::train
