#include "eval/metrics/significance.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "pipeline/metrics/confusion.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::eval {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;  // songs of each

template <class Song>
Groups groups_of(std::span<const Song> songs) {
  Groups groups;
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < songs.size(); ++i) {
    if (songs[i].group.empty()) {
      groups.push_back({i});
      continue;
    }
    const auto [entry, added] = place.try_emplace(songs[i].group, groups.size());
    if (added) groups.emplace_back();
    groups[entry->second].push_back(i);
  }
  return groups;
}

// Calls use(songs) with the songs of each replicate.
template <class Use>
void resample(const Groups& groups, const Resampling& how, const Use& use) {
  std::vector<std::size_t> drawn;
  for (std::size_t replicate = 0; replicate < how.replicates; ++replicate) {
    runtime::RandomStream draw(how.seed, {runtime::key_of("bootstrap"), replicate});
    drawn.clear();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto& songs = groups[draw.below(groups.size())];
      drawn.insert(drawn.end(), songs.begin(), songs.end());
    }
    use(drawn);
  }
}

// Linear interpolation between order statistics, as numpy.percentile.
double quantile(const std::vector<double>& sorted, double part) {
  const double place = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Interval percentiles(std::vector<double> values, double level) {
  std::ranges::sort(values);
  return {quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)};
}

}  // namespace

ScoreIntervals bootstrap(std::span<const Judged> songs, std::size_t classes, const Resampling& how) {
  std::vector<double> accuracy, balanced, macro_f1;
  resample(groups_of(songs), how, [&](const std::vector<std::size_t>& drawn) {
    metrics::Confusion confusion(classes);
    for (const std::size_t i : drawn) {
      confusion.add(static_cast<std::size_t>(songs[i].truth), static_cast<std::size_t>(songs[i].predicted));
    }
    const auto scores = score(confusion);
    accuracy.push_back(scores.accuracy);
    balanced.push_back(scores.balanced_accuracy);
    macro_f1.push_back(scores.macro_f1);
  });
  return {percentiles(std::move(accuracy), how.level), percentiles(std::move(balanced), how.level),
          percentiles(std::move(macro_f1), how.level)};
}

double mcnemar_exact(std::int64_t a, std::int64_t b) {
  if (a == b) return 1;
  const auto n = static_cast<double>(a + b);
  double tail = 0;
  for (std::int64_t k = 0; k <= std::min(a, b); ++k) {
    const auto i = static_cast<double>(k);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) - n * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
}

Difference compare(std::span<const JudgedTwice> songs, const Resampling& how) {
  // +1 where only the second is right, -1 where only the first is.
  std::vector<int> gains;
  Difference difference;
  for (const JudgedTwice& song : songs) {
    const bool first = song.first == song.truth, second = song.second == song.truth;
    gains.push_back(static_cast<int>(second) - static_cast<int>(first));
    difference.only_first += gains.back() < 0;
    difference.only_second += gains.back() > 0;
  }
  const auto mean_of = [](std::int64_t sum, std::size_t n) { return static_cast<double>(sum) / static_cast<double>(n); };
  difference.value = mean_of(difference.only_second - difference.only_first, songs.size());
  difference.p = mcnemar_exact(difference.only_first, difference.only_second);
  std::vector<double> values;
  resample(groups_of(songs), how, [&](const std::vector<std::size_t>& drawn) {
    std::int64_t sum = 0;
    for (const std::size_t i : drawn) sum += gains[i];
    values.push_back(mean_of(sum, drawn.size()));
  });
  difference.interval = percentiles(std::move(values), how.level);
  return difference;
}

}  // namespace chorale::eval
