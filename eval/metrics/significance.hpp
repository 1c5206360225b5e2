// What chance alone can do to scores: intervals by resampling songs or whole artists, never slices, and tests
// of two runs on the same songs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace chorale::eval {

// A song and what was said of it. Songs of one group (an artist) are drawn together.
struct Judged {
  std::int32_t truth = 0, predicted = 0;
  std::string group;  // empty: a group of its own
};

struct Interval {
  double low = 0, high = 0;
};

struct Resampling {
  std::size_t replicates = 10000;  // fewer where there are more than 10,000 groups, never below 200
  double level = 0.95;
  std::uint64_t seed = 0;  // the same seed, the same interval
};

// Percentile intervals (Efron and Tibshirani 1993, chapter 13): as many groups as there are, drawn with
// replacement. Macro F1 of a replicate is over the classes that it has songs of.
struct ScoreIntervals {
  Interval accuracy, balanced_accuracy, macro_f1;
};
// Precondition: there are songs.
ScoreIntervals bootstrap(std::span<const Judged> songs, std::size_t classes, const Resampling& how = {});

// Of the same songs by two runs.
struct JudgedTwice {
  std::int32_t truth = 0, first = 0, second = 0;  // predictions
  std::string group;
};

struct Difference {
  double value = 0;  // accuracy of the second less that of the first
  Interval interval;
  // Exact McNemar test, two-sided: of the songs that only one of the two got right, each run got as many as a
  // fair coin would give it. 1 where there is no such song. Songs count one by one, whatever their groups.
  double p = 1;
  // Paired permutation test, two-sided: were the runs alike, the two would change places in a whole group as
  // often as not. Right where songs of a group, or repetitions of a song, are not independent.
  double p_of_groups = 1;
  std::int64_t only_first = 0, only_second = 0;  // songs that only one of the two got right
};
// Precondition: there are songs.
Difference compare(std::span<const JudgedTwice> songs, const Resampling& how = {});

// The probability of a split at least as uneven as that of `a` and `b` coins.
double mcnemar_exact(std::int64_t a, std::int64_t b);

}  // namespace chorale::eval
