#include "train/objective/label_statistics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "pipeline/config/config.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

void count_classes(const models::Output& output, const dataset::Label& label, std::int64_t samples,
                   LabelStatistics& statistics) {
  for (const std::int32_t index : label.classes)
    statistics.per_class[static_cast<std::size_t>(index % output.count)] += samples;
}

std::vector<std::string> classes_without_sample(const models::Output& output,
                                                const LabelStatistics& statistics) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < statistics.per_class.size(); ++c) {
    if (statistics.per_class[c] == 0) names.push_back(output.task.classes[c]);
  }
  return names;
}

}  // namespace

std::vector<LabelStatistics> label_statistics(std::span<const models::Output> outputs,
                                              std::span<const store::StoredTrack> tracks,
                                              std::span<const samples::Slice> samples) {
  std::vector<std::int64_t> samples_of(tracks.size());
  for (const samples::Slice& slice : samples) ++samples_of[slice.track];

  std::vector<LabelStatistics> all;
  for (std::size_t task = 0; task < outputs.size(); ++task) {
    const models::Output& output = outputs[task];
    const bool values = output.task.kind == config::TaskKind::kRegression;
    LabelStatistics& statistics = all.emplace_back();
    if (!values) statistics.per_class.resize(static_cast<std::size_t>(output.count));
    double sum = 0, squares = 0;
    const auto for_each_known = [&](auto&& visit) {
      for (std::size_t t = 0; t < tracks.size(); ++t) {
        const dataset::Label& label = tracks[t].track.labels.at(task);
        if (label.known && samples_of[t] > 0) visit(label, samples_of[t]);
      }
    };
    for_each_known([&](const dataset::Label& label, std::int64_t n) {
      statistics.known += n;
      count_classes(output, label, n, statistics);
      sum += static_cast<double>(n) * static_cast<double>(label.value);
    });
    if (!values || statistics.known == 0) continue;
    const auto known = static_cast<double>(statistics.known);
    statistics.mean = sum / known;
    for_each_known([&](const dataset::Label& label, std::int64_t n) {
      const double difference = static_cast<double>(label.value) - statistics.mean;
      squares += static_cast<double>(n) * difference * difference;
    });
    if (squares > 0) statistics.deviation = std::sqrt(squares / known);
  }
  return all;
}

void require_labels(std::span<const models::Output> outputs, std::span<const LabelStatistics> statistics,
                    std::span<const store::StoredTrack> tracks) {
  for (std::size_t task = 0; task < outputs.size(); ++task) {
    const dataset::Task& what = outputs[task].task;
    if (statistics[task].known == 0) {
      const auto labelled = std::ranges::count_if(
          tracks, [&](const store::StoredTrack& row) { return row.track.labels.at(task).known; });
      throw runtime::UsageError(fmt::format(
          "task {} ({}): no track of the training part has a label of it; {} of the {} tracks of the store "
          "have one. Leave it out of dataset.tasks, give its tracks labels, or change split.*",
          what.name, config::name_of(what.kind), labelled, tracks.size()));
    }
    if (what.kind != config::TaskKind::kSingle) continue;
    if (const auto missing = classes_without_sample(outputs[task], statistics[task]); !missing.empty()) {
      throw runtime::UsageError(fmt::format(
          "task {}: no track of the training part is of {} {}, so a model could not learn what it "
          "sounds like. Change split.* (another seed, smaller test and validation parts, other "
          "groups), add tracks, or take the class out of the collection",
          what.name, missing.size() == 1 ? "class" : "the classes", fmt::join(missing, ", ")));
    }
  }
}

std::vector<std::string> missing_classes(std::span<const models::Output> outputs,
                                         std::span<const LabelStatistics> statistics) {
  std::vector<std::string> lines;
  for (std::size_t task = 0; task < outputs.size(); ++task) {
    const auto missing = classes_without_sample(outputs[task], statistics[task]);
    if (missing.empty()) continue;
    lines.push_back(
        fmt::format("task {}: {} of {} classes have no track in the training part, and can't be "
                    "learned: {}",
                    outputs[task].task.name, missing.size(), outputs[task].count, fmt::join(missing, ", ")));
  }
  return lines;
}

std::vector<double> balanced_weights(const LabelStatistics& statistics) {
  const auto present = std::ranges::count_if(statistics.per_class, [](std::int64_t n) { return n > 0; });
  std::vector<double> weights;
  for (const std::int64_t n : statistics.per_class)
    weights.push_back(n == 0 ? 1.0
                             : static_cast<double>(statistics.known) / static_cast<double>(present * n));
  return weights;
}

std::vector<double> positive_weights(const LabelStatistics& statistics, double power, double cap) {
  std::vector<double> weights;
  for (const std::int64_t positives : statistics.per_class) {
    const std::int64_t negatives = statistics.known - positives;
    const bool both = power > 0 && positives > 0 && negatives > 0;
    const double ratio = both ? static_cast<double>(negatives) / static_cast<double>(positives) : 1.0;
    weights.push_back(std::min(cap, std::pow(ratio, power)));
  }
  return weights;
}

}  // namespace chorale::train
