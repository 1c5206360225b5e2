#include "train/loop/metric.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "pipeline/runtime/error.hpp"

namespace chorale::train {

bool is_better(double value, double best, Metric::Better better) {
  if (std::isnan(value) || std::isnan(best)) return !std::isnan(value);
  return better == Metric::Better::kHigher ? value > best : value < best;
}

const Metric& monitored(const std::vector<Metric>& metrics, const std::string& monitor) {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const Metric& metric) { return metric.name == monitor; });
  if (found != metrics.end()) return *found;
  std::vector<std::string> names;
  for (const auto& metric : metrics) names.push_back(metric.name);
  throw runtime::UsageError(fmt::format("train.monitor: found \"{}\", expected a figure of validation: {}",
                                        monitor, fmt::join(names, ", ")));
}

}  // namespace chorale::train
