#include "train/loop/task_metrics.hpp"

#include <algorithm>
#include <string>

namespace chorale::train {
namespace {

using Better = Metric::Better;
using config::TaskKind;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kKeys = 24;

double song_accuracy(const TaskFigures& figures) {
  if (figures.songs.size() == 0) return kNone;
  return metrics::score(metrics::confusion_of(figures.songs)).accuracy;
}

void add_classes(const models::Output& output, const TaskFigures& figures, std::vector<Metric>& metrics) {
  const std::string& name = output.task.name;
  metrics.push_back({name + ".slice_accuracy", figures.slice_accuracy, Better::kHigher});
  metrics.push_back({name + ".song_accuracy", song_accuracy(figures), Better::kHigher});
  if (output.task.kind != TaskKind::kKey || output.count != kKeys) return;
  metrics.push_back(
      {name + ".weighted_score", metrics::key_score_of(figures.songs).value_or(kNone), Better::kHigher});
}

void add_labels(const models::Output& output, const TaskFigures& figures, std::vector<Metric>& metrics) {
  metrics::MultiLabelScores scores;
  scores.micro_f1 = kNone;
  if (figures.songs.size() > 0)
    scores = metrics::score(metrics::multi_label_of(figures.songs), figures.thresholds);
  const std::string& name = output.task.name;
  metrics.push_back({name + ".macro_auc", scores.macro_auc.value_or(kNone), Better::kHigher});
  metrics.push_back(
      {name + ".macro_average_precision", scores.macro_average_precision.value_or(kNone), Better::kHigher});
  metrics.push_back({name + ".macro_f1", scores.macro_f1.value_or(kNone), Better::kHigher});
  metrics.push_back({name + ".micro_f1", scores.micro_f1, Better::kHigher});
}

void add_value(const models::Output& output, const TaskFigures& figures, std::vector<Metric>& metrics) {
  const auto scores = metrics::tempo_of(figures.songs).value_or(metrics::TempoScores{kNone, kNone, kNone});
  const std::string& name = output.task.name;
  metrics.push_back({name + ".mean_absolute_error", scores.mean_absolute_error, Better::kLower});
  metrics.push_back({name + ".accuracy1", scores.accuracy1, Better::kHigher});
  metrics.push_back({name + ".accuracy2", scores.accuracy2, Better::kHigher});
}

}  // namespace

std::vector<Metric> metrics_of(std::span<const models::Output> outputs, double loss,
                               std::span<const TaskFigures> figures) {
  std::vector<Metric> metrics = {{"loss", loss, Better::kLower}};
  const auto single = std::ranges::find(outputs, TaskKind::kSingle,
                                        [](const models::Output& output) { return output.task.kind; });
  if (single != outputs.end()) {
    const auto place = static_cast<std::size_t>(single - outputs.begin());
    metrics.push_back({"accuracy", song_accuracy(figures[place]), Better::kHigher});
  }
  for (std::size_t task = 0; task < outputs.size(); ++task) {
    if (outputs.size() > 1)
      metrics.push_back({outputs[task].task.name + ".loss", figures[task].loss, Better::kLower});
    switch (outputs[task].task.kind) {
      case TaskKind::kSingle:
      case TaskKind::kKey:
        add_classes(outputs[task], figures[task], metrics);
        break;
      case TaskKind::kMulti:
        add_labels(outputs[task], figures[task], metrics);
        break;
      case TaskKind::kRegression:
        add_value(outputs[task], figures[task], metrics);
        break;
    }
  }
  return metrics;
}

std::vector<Metric> metrics_of(std::span<const models::Output> outputs) {
  return metrics_of(outputs, kNone, std::vector<TaskFigures>(outputs.size()));
}

}  // namespace chorale::train
