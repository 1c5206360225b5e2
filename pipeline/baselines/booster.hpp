// Trees of XGBoost. The only file that calls its C API.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::baselines {

struct BoosterError : runtime::Error {
  using Error::Error;
};

std::string xgboost_version();  // "1.7.4", of the library that is loaded

// Rows that trees are grown on, or that they judge. All members of both classes throw BoosterError with
// XGBoost's own message.
class Matrix {
 public:
  // [rows, columns], copied; all values are finite.
  Matrix(std::span<const float> values, std::size_t columns);

  void set_classes(std::span<const std::int32_t> classes);  // [rows]
  void set_weights(std::span<const float> weights);         // [rows]
  void* handle() const { return handle_.get(); }

 private:
  struct Free {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Free> handle_;
};

// name -> value, as https://xgboost.readthedocs.io/en/release_1.7.0/parameter.html has them.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// How a column is used in trees.
struct ColumnUse {
  double total_gain = 0;  // that its splits took off the loss
  std::int64_t splits = 0;
};

class Booster {
 public:
  // Without trees yet. Predictions of `known` are kept from round to round.
  Booster(const Parameters& parameters, const std::vector<const Matrix*>& known);
  // As to_bytes() gave it, to predict with so many threads; 0: all cores. It can grow no further: XGBoost's
  // random numbers are not in the bytes.
  explicit Booster(std::string_view bytes, std::int64_t threads = 1);

  // Grows the trees of the next round.
  void grow(const Matrix& training);
  int rounds() const;

  // Probabilities [rows, classes].
  std::vector<float> predict(const Matrix& rows) const;

  // The first `rounds` of its rounds alone. Precondition: 1 <= rounds <= rounds().
  Booster first(int rounds) const;

  // XGBoost's binary JSON (.ubj), which its other interfaces read.
  std::string to_bytes() const;

  // These names travel in the bytes. [columns]
  void name_columns(const std::vector<std::string>& names);
  std::vector<std::string> column_names() const;

  std::vector<ColumnUse> column_uses() const;  // [columns]
  std::int64_t leaves() const;                 // of all trees

 private:
  struct Free {
    void operator()(void* handle) const;
  };
  explicit Booster(void* handle) : handle_(handle) {}

  void set(const std::string& name, const std::string& value);
  std::vector<double> feature_scores(const char* kind) const;

  std::unique_ptr<void, Free> handle_;
};

}  // namespace chorale::baselines
