// Counts of (true class, predicted class), and every score that follows from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chorale::metrics {

class Confusion {
 public:
  explicit Confusion(std::size_t classes) : classes_(classes), counts_(classes * classes) {}

  // Precondition: both < classes().
  void add(std::size_t truth, std::size_t predicted, std::int64_t count = 1) {
    counts_[truth * classes_ + predicted] += count;
  }
  // Adds the counts of another matrix over the same classes.
  Confusion& operator+=(const Confusion& other);

  std::size_t classes() const { return classes_; }
  std::int64_t at(std::size_t truth, std::size_t predicted) const {
    return counts_[truth * classes_ + predicted];
  }
  std::int64_t support(std::size_t truth) const;        // row sum
  std::int64_t predicted(std::size_t predicted) const;  // column sum
  std::int64_t total() const;

  bool operator==(const Confusion&) const = default;

 private:
  std::size_t classes_;
  std::vector<std::int64_t> counts_;  // [truth, predicted]
};

Confusion count(std::span<const std::int32_t> truth, std::span<const std::int32_t> predicted,
                std::size_t classes);

struct ClassScore {
  double precision = 0, recall = 0, f1 = 0;
  std::int64_t support = 0;
};

// As scikit-learn with zero_division=0 (a class without predictions has precision 0) and, as labels, the
// classes that have examples: of the others nothing is known, and they are in no mean, though what was
// predicted as one of them counts as wrong. Balanced accuracy is the mean recall. All are 0 when there is
// nothing to count.
struct Scores {
  double accuracy = 0, balanced_accuracy = 0;
  double macro_precision = 0, macro_recall = 0, macro_f1 = 0;
  double weighted_f1 = 0;  // by support
  std::vector<ClassScore> per_class;
};

Scores score(const Confusion& confusion);

}  // namespace chorale::metrics
