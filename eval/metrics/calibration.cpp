#include "eval/metrics/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace chorale::eval {

Calibration calibrate(const metrics::Examples& examples, std::size_t bins) {
  Calibration calibration;
  const auto count = static_cast<double>(bins);
  for (std::size_t b = 0; b < bins; ++b) {
    calibration.bins.push_back(
        {.low = static_cast<double>(b) / count, .high = static_cast<double>(b + 1) / count});
  }
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto values = examples.of(i);
    const auto predicted = static_cast<std::size_t>(metrics::largest(values));
    const double confidence = values[predicted];
    const auto bin = std::ranges::find_if(
        calibration.bins, [&](const ReliabilityBin& candidate) { return confidence <= candidate.high; });
    ReliabilityBin& mine = bin == calibration.bins.end() ? calibration.bins.back() : *bin;
    ++mine.n;
    mine.confidence += confidence;
    mine.accuracy += predicted == examples.class_of(i) ? 1 : 0;
  }
  for (ReliabilityBin& bin : calibration.bins) {
    if (bin.n == 0) continue;
    calibration.expected_error += std::abs(bin.accuracy - bin.confidence);
    bin.confidence /= static_cast<double>(bin.n);
    bin.accuracy /= static_cast<double>(bin.n);
  }
  if (examples.size() > 0) calibration.expected_error /= static_cast<double>(examples.size());
  return calibration;
}

double top_k_accuracy(const metrics::Examples& examples, std::size_t k) {
  std::size_t hits = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto values = examples.of(i);
    const std::size_t truth = examples.class_of(i);
    std::size_t before = 0;
    for (std::size_t c = 0; c < values.size(); ++c)
      before += values[c] > values[truth] || (values[c] == values[truth] && c > truth);
    hits += before < k;
  }
  return examples.size() == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(examples.size());
}

}  // namespace chorale::eval
