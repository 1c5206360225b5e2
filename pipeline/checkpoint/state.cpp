#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/json_fields.hpp"
#include "pipeline/samples/normaliser_fields.hpp"
#include "pipeline/samples/vector_fields.hpp"

namespace chorale::dataset {

template <class Visit>
void visit_fields(Visit& visit, Task& task) {
  visit("name", task.name);
  visit("kind", task.kind);
  visit("classes", task.classes);
}

}  // namespace chorale::dataset

namespace chorale::models {

template <class Visit>
void visit_fields(Visit& visit, Decoding& decoding) {
  visit("mean", decoding.mean);
  visit("deviation", decoding.deviation);
  visit("thresholds", decoding.thresholds);
}

}  // namespace chorale::models

namespace chorale::checkpoint {

template <class Visit>
void visit_fields(Visit& visit, Plateau& plateau) {
  visit("scale", plateau.scale);
  visit("best", plateau.best);
  visit("bad_epochs", plateau.bad_epochs);
}

template <class Visit>
void visit_fields(Visit& visit, State& state) {
  visit("model", state.model);
  visit("epoch", state.epoch);
  visit("step", state.step);
  visit("global_step", state.global_step);
  visit("loss_sum", state.loss_sum);
  visit("loss_count", state.loss_count);
  visit("correct", state.correct);
  visit("best_value", state.best_value);
  visit("best_epoch", state.best_epoch);
  visit("epochs_since_best", state.epochs_since_best);
  visit("plateau", state.plateau);
  visit("world_size", state.world_size);
  visit("seconds", state.seconds);
  visit("config", state.config);
  visit("store_hash", state.store_hash);
  visit("split_hash", state.split_hash);
  visit("tasks", state.tasks);
  visit("decodings", state.decodings);
  visit("bins", state.bins);
  visit("frames", state.frames);
  visit("normaliser", state.normaliser);
  visit("vector", state.vector);
}

std::string State::to_json() const { return config::to_json_text(*this); }

State State::from_json(const std::string& text, const std::string& origin) {
  try {
    return config::from_json_text<State>(text, origin);
  } catch (const config::JsonError& error) {
    throw CheckpointError(std::string(error.what()) +
                          ". Remove this checkpoint folder to go on from the one before it.");
  }
}

}  // namespace chorale::checkpoint
