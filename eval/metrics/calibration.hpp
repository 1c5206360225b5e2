// How far a classifier's confidence can be believed (Guo et al. 2017, "On Calibration of Modern Neural
// Networks").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/metrics/examples.hpp"

namespace chorale::eval {

// Predictions whose confidence, the largest probability, lies in (low, high]; the first bin holds 0, too.
struct ReliabilityBin {
  double low = 0, high = 0;
  std::int64_t n = 0;
  double confidence = 0, accuracy = 0;  // means; 0 without predictions
};

struct Calibration {
  std::vector<ReliabilityBin> bins;
  // ECE: |accuracy - confidence| of the bins, weighted by their predictions. 0 without predictions.
  double expected_error = 0;
};

// Of tasks in which an example has one class. Bins are equally wide.
Calibration calibrate(const metrics::Examples& examples, std::size_t bins = 15);

// The part of examples whose true class is among the k most probable ones. Of equal probabilities the later
// class counts as the more probable, as in scikit-learn's top_k_accuracy_score. 0 without examples.
double top_k_accuracy(const metrics::Examples& examples, std::size_t k);

}  // namespace chorale::eval
