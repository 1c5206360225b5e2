// A figure of validation that can decide which epoch is best.
#pragma once

#include <string>
#include <vector>

namespace chorale::train {

struct Metric {
  enum class Better { kHigher, kLower };
  std::string name;  // "loss", "accuracy", "genre.macro_auc"
  double value = 0;
  Better better = Better::kHigher;
};

// Whether `value` is better than `best`; NaN never is, and anything else is better than NaN.
bool is_better(double value, double best, Metric::Better better);

// Throws UsageError: train.monitor is none of `metrics`, which it lists.
const Metric& monitored(const std::vector<Metric>& metrics, const std::string& monitor);

}  // namespace chorale::train
