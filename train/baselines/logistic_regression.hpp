// Multinomial logistic regression with an L2 penalty, as scikit-learn's LogisticRegression.
#pragma once

#include <cstdint>
#include <span>

#include "pipeline/baselines/linear_model.hpp"

namespace chorale::train {

struct LabelledRows {
  std::span<const float> values;  // [n, columns]
  std::size_t columns = 0;
  std::span<const std::int32_t> classes;  // [n]
  std::span<const float> weights;         // [n]
};

// What is left of the largest derivative of the mean loss.
constexpr double kLargestDerivative = 1e-10;

// The minimum of the sum of weight * cross entropy, plus |weights of the model|^2 / (2 C), the bias not
// penalised: scikit-learn's with multi_class="multinomial". By Newton's method with conjugate gradients (Lin,
// Weng, Keerthi 2008) in double precision, on one thread, so the same bytes everywhere; a warning where it
// does not get to kLargestDerivative. A class that no row has gets the bias -infinity, and so the probability
// 0.
baselines::LinearModel fit_logistic_regression(const LabelledRows& rows, std::size_t classes, double C);

}  // namespace chorale::train
