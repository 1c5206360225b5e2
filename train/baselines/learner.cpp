#include "train/baselines/learner.hpp"

#include <limits>

#include "pipeline/baselines/linear_model.hpp"
#include "pipeline/baselines/tree_parameters.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "train/baselines/logistic_regression.hpp"

namespace chorale::train {
namespace {

namespace fs = std::filesystem;

class TreesLearner : public Learner {
 public:
  TreesLearner(const config::Experiment& experiment, const BaselineData& data, int threads)
      : training_(data.training.vectors, data.columns.size()),
        validation_(data.validation.vectors, data.columns.size()),
        booster_(baselines::tree_parameters(experiment.model, experiment.train.seed, data.classes(), threads),
                 {&training_, &validation_}) {
    training_.set_classes(data.training.classes);
    training_.set_weights(data.training.weights);
    booster_.name_columns(data.columns);
  }

  void fit_round() override { booster_.grow(training_); }
  std::vector<float> predict_training() const override { return booster_.predict(training_); }
  std::vector<float> predict_validation() const override { return booster_.predict(validation_); }
  void write(const fs::path& folder, int rounds) const override {
    runtime::write_file(folder / checkpoint::kBoosterFile, booster_.first(rounds).to_bytes());
  }

 private:
  baselines::Matrix training_, validation_;
  baselines::Booster booster_;
};

// Of one round.
class LogisticLearner : public Learner {
 public:
  LogisticLearner(const config::Experiment& experiment, const BaselineData& data)
      : data_(data), inverse_penalty_(*experiment.model.inverse_penalty) {}

  void fit_round() override {
    model_ = fit_logistic_regression(
        {data_.training.vectors, data_.columns.size(), data_.training.classes, data_.training.weights},
        data_.classes(), inverse_penalty_);
  }
  std::vector<float> predict_training() const override { return model_.predict(data_.training.vectors); }
  std::vector<float> predict_validation() const override { return model_.predict(data_.validation.vectors); }
  void write(const fs::path& folder, int) const override { model_.write(folder / checkpoint::kModelFile); }

 private:
  const BaselineData& data_;
  double inverse_penalty_;
  baselines::LinearModel model_;
};

}  // namespace

std::int64_t most_rounds(const config::Model& model) {
  return model.name == "gradient_boosting" ? *model.trees : 1;
}

double rate_of(const config::Model& model) {
  if (model.name == "logistic_regression") return std::numeric_limits<double>::quiet_NaN();
  return model.eta.value_or(1.0);
}

std::unique_ptr<Learner> make_learner(const config::Experiment& experiment, const BaselineData& data,
                                      int threads) {
  if (experiment.model.name == "logistic_regression")
    return std::make_unique<LogisticLearner>(experiment, data);
  return std::make_unique<TreesLearner>(experiment, data, threads);
}

}  // namespace chorale::train
