// What a run learns from: store, split, slices and normalisation, opened and checked.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/comm/mpi.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/models/model.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/loader.hpp"
#include "pipeline/store/store.hpp"
#include "train/data/parts.hpp"
#include "train/objective/label_statistics.hpp"

namespace chorale::train {

// What is known of the values of the training part; it travels with the run.
struct Statistics {
  samples::Normaliser normaliser;
  samples::VectorEncoder vector;
};

class TrainingData {
 public:
  // Collective. The statistics of a checkpoint, or none: rank 0 then fits them on the training part.
  // Throws UsageError when the training or the validation part has no labelled track, the training part no
  // label that training needs (require_labels), or slices are longer than all its tracks; StoreMismatch when
  // the store lacks train.input or train.vector, and says how to make it.
  TrainingData(const comm::MpiSession& session, const config::Experiment& experiment,
               std::optional<Statistics> statistics);
  TrainingData(const TrainingData&) = delete;
  TrainingData& operator=(const TrainingData&) = delete;

  const store::Store& store() const { return store_; }
  const Statistics& statistics() const { return statistics_; }
  std::string split_hash() const { return samples::split_hash(store_, parts_); }
  std::size_t frames() const { return frames_; }  // of a sample; 0: whole tracks
  std::size_t bins() const { return input_.bins(); }
  // The parts, with what is neither trained on nor validated in none.
  const std::vector<config::Part>& learned_from() const { return learned_from_; }
  std::uint64_t frame_bytes() const { return input_.bytes(learned_from_); }  // of those tracks, as stored
  models::InputShape shape() const {
    return {static_cast<std::int64_t>(bins()), static_cast<std::int64_t>(frames()),
            static_cast<std::int64_t>(vectors_.width())};
  }
  const std::vector<models::Output>& outputs() const { return outputs_; }
  // Of the training part, one entry a task.
  const std::vector<LabelStatistics>& label_statistics() const { return label_statistics_; }
  const samples::Source& training() const { return training_; }
  const samples::Source& validation() const { return validation_; }

  // Songs, groups and slices of each part, and songs of each class, as lines of the log; warnings of classes
  // that can't be learned.
  void log_summary() const;

 private:
  samples::Source source(const config::Experiment& experiment, config::Part part) const;

  store::Store store_;
  config::SplitBy dealt_by_;
  std::size_t frames_;
  std::vector<models::Output> outputs_;
  std::vector<config::Part> parts_, learned_from_;
  samples::Input input_;
  Statistics statistics_;
  samples::Vectors vectors_;
  samples::Source training_, validation_;
  std::vector<LabelStatistics> label_statistics_;
};

}  // namespace chorale::train
