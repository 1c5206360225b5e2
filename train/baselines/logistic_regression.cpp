#include "train/baselines/logistic_regression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "pipeline/runtime/log.hpp"

namespace chorale::train {
namespace {

constexpr int kMostSteps = 200, kMostHalvings = 40;

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double largest(const Vector& a) {
  double most = 0;
  for (const double value : a) most = std::max(most, std::abs(value));
  return most;
}

// a + factor * b
Vector sum(Vector a, double factor, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
  return a;
}

// What is minimised, a convex function of the parameters: of each class its weights [columns], then its bias.
class Problem {
 public:
  Problem(const LabelledRows& rows, std::size_t classes, double C)
      : rows_(rows),
        classes_(classes),
        width_(rows.columns + 1),
        probabilities_(rows.classes.size() * classes) {
    sum_ = std::accumulate(rows.weights.begin(), rows.weights.end(), 0.0);
    penalty_ = 1 / (C * sum_);
  }

  std::size_t size() const { return classes_ * width_; }

  // The mean loss with these parameters; gradient and curvature are taken there from then on.
  double move_to(const Vector& at) {
    double loss = 0;
    for (std::size_t row = 0; row < rows_.classes.size(); ++row) {
      double* p = &probabilities_[row * classes_];
      product(at, row, p);
      const double most = *std::max_element(p, p + classes_);
      double all = 0;
      for (std::size_t c = 0; c < classes_; ++c) all += std::exp(p[c] - most);
      const double log_all = most + std::log(all);
      loss += share(row) * (log_all - p[rows_.classes[row]]);
      for (std::size_t c = 0; c < classes_; ++c) p[c] = std::exp(p[c] - log_all);
    }
    double squares = 0;
    for (std::size_t i = 0; i < at.size(); ++i) squares += is_bias(i) ? 0 : at[i] * at[i];
    return loss + 0.5 * penalty_ * squares;
  }

  Vector gradient(const Vector& at) const {
    Vector out = penalised(at), outer(classes_);
    for (std::size_t row = 0; row < rows_.classes.size(); ++row) {
      for (std::size_t c = 0; c < classes_; ++c) outer[c] = share(row) * probabilities_[row * classes_ + c];
      outer[static_cast<std::size_t>(rows_.classes[row])] -= share(row);
      add_outer(outer, row, out);
    }
    return out;
  }

  // The matrix of second derivatives times `direction`.
  Vector curvature(const Vector& direction) const {
    Vector out = penalised(direction), outer(classes_);
    for (std::size_t row = 0; row < rows_.classes.size(); ++row) {
      const double* p = &probabilities_[row * classes_];
      product(direction, row, outer.data());
      double mean = 0;
      for (std::size_t c = 0; c < classes_; ++c) mean += p[c] * outer[c];
      for (std::size_t c = 0; c < classes_; ++c) outer[c] = share(row) * p[c] * (outer[c] - mean);
      add_outer(outer, row, out);
    }
    return out;
  }

 private:
  bool is_bias(std::size_t i) const { return i % width_ == rows_.columns; }
  double share(std::size_t row) const { return static_cast<double>(rows_.weights[row]) / sum_; }

  Vector penalised(const Vector& at) const {
    Vector out(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) out[i] = is_bias(i) ? 0 : penalty_ * at[i];
    return out;
  }

  // [classes] logits of a row
  void product(const Vector& at, std::size_t row, double* out) const {
    const float* values = &rows_.values[row * rows_.columns];
    for (std::size_t c = 0; c < classes_; ++c) {
      const double* weights = &at[c * width_];
      double logit = weights[rows_.columns];
      for (std::size_t i = 0; i < rows_.columns; ++i) logit += weights[i] * static_cast<double>(values[i]);
      out[c] = logit;
    }
  }

  void add_outer(const Vector& factors, std::size_t row, Vector& out) const {
    const float* values = &rows_.values[row * rows_.columns];
    for (std::size_t c = 0; c < classes_; ++c) {
      double* mine = &out[c * width_];
      for (std::size_t i = 0; i < rows_.columns; ++i) mine[i] += factors[c] * static_cast<double>(values[i]);
      mine[rows_.columns] += factors[c];
    }
  }

  const LabelledRows& rows_;
  std::size_t classes_, width_;
  double sum_ = 0, penalty_ = 0;
  Vector probabilities_;  // [rows, classes]
};

// Conjugate gradients: curvature * step = -gradient, the more exactly the smaller the gradient is.
Vector newton_step(const Problem& problem, const Vector& gradient) {
  Vector step(gradient.size()), rest(gradient.size());
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = -gradient[i];
  Vector direction = rest;
  double square = dot(rest, rest);
  const double norm = std::sqrt(square), wanted = std::min(0.1, std::sqrt(norm)) * norm;
  for (std::size_t i = 0; i < gradient.size() && std::sqrt(square) > wanted; ++i) {
    const Vector curved = problem.curvature(direction);
    const double bend = dot(direction, curved);
    if (bend <= 0) break;  // by rounding: the function is convex
    const double length = square / bend;
    step = sum(std::move(step), length, direction);
    rest = sum(std::move(rest), -length, curved);
    const double next = dot(rest, rest);
    direction = sum(rest, next / square, direction);
    square = next;
  }
  return step;
}

// Newton's method with halved steps where the loss does not fall. Returns the parameters.
Vector minimise(Problem& problem) {
  Vector at(problem.size());
  double loss = problem.move_to(at);
  Vector gradient = problem.gradient(at);
  for (int step = 0; step < kMostSteps && largest(gradient) > kLargestDerivative; ++step) {
    const Vector direction = newton_step(problem, gradient);
    const double slope = dot(direction, gradient);
    double length = 1;
    Vector next = sum(at, length, direction);
    double next_loss = problem.move_to(next);
    for (int halving = 0; next_loss > loss + 1e-4 * length * slope + 1e-15 && halving < kMostHalvings;
         ++halving) {
      length /= 2;
      next = sum(at, length, direction);
      next_loss = problem.move_to(next);
    }
    at = std::move(next);
    loss = next_loss;
    gradient = problem.gradient(at);
  }
  if (largest(gradient) > kLargestDerivative) {
    spdlog::warn(
        "logistic regression: the largest derivative is still {:.1e}, {:.0e} was wanted; a smaller model.C "
        "is "
        "easier to fit",
        largest(gradient), kLargestDerivative);
  }
  return at;
}

}  // namespace

baselines::LinearModel fit_logistic_regression(const LabelledRows& rows, std::size_t classes, double C) {
  std::vector<std::size_t> present;  // a class that no row has would have no finite minimum
  std::vector<std::int32_t> place(classes), truth;
  for (std::size_t c = 0; c < classes; ++c) {
    place[c] = static_cast<std::int32_t>(present.size());
    if (std::ranges::find(rows.classes, static_cast<std::int32_t>(c)) != rows.classes.end())
      present.push_back(c);
  }
  for (const std::int32_t c : rows.classes) truth.push_back(place[static_cast<std::size_t>(c)]);
  const LabelledRows of_present{rows.values, rows.columns, truth, rows.weights};
  Problem problem(of_present, present.size(), C);
  const Vector fitted = minimise(problem);

  baselines::LinearModel model{rows.columns, Vector(classes * rows.columns),
                               Vector(classes, -std::numeric_limits<double>::infinity())};
  for (std::size_t i = 0; i < present.size(); ++i) {
    const double* mine = &fitted[i * (rows.columns + 1)];
    std::copy_n(mine, rows.columns,
                model.weights.begin() + static_cast<std::ptrdiff_t>(present[i] * rows.columns));
    model.bias[present[i]] = mine[rows.columns];
  }
  return model;
}

}  // namespace chorale::train
