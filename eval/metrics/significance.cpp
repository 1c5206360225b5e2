#include "eval/metrics/significance.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "pipeline/metrics/confusion.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::eval {
namespace {

// Songs, group after group.
struct Groups {
  std::vector<std::uint32_t> songs;
  std::vector<std::uint32_t> first = {0};  // [groups + 1] places in `songs`

  std::size_t size() const { return first.size() - 1; }
};

template <class Song>
Groups groups_of(std::span<const Song> songs) {
  std::vector<std::vector<std::uint32_t>> members;
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::uint32_t i = 0; i < songs.size(); ++i) {
    if (songs[i].group.empty()) {
      members.push_back({i});
      continue;
    }
    const auto [entry, added] = place.try_emplace(songs[i].group, members.size());
    if (added) members.emplace_back();
    members[entry->second].push_back(i);
  }
  Groups groups;
  for (const auto& group : members) {
    groups.songs.insert(groups.songs.end(), group.begin(), group.end());
    groups.first.push_back(static_cast<std::uint32_t>(groups.songs.size()));
  }
  return groups;
}

// A million groups need no ten thousand replicates.
std::size_t replicates_of(const Groups& groups, const Resampling& how) {
  constexpr std::size_t kDraws = 100'000'000, kLeast = 200;
  return std::min(how.replicates, std::max(kLeast, kDraws / std::max<std::size_t>(groups.size(), 1)));
}

// 0 .. n-1. Without the divisions of RandomStream::below, which hundreds of millions of draws would feel; the
// bias, at most n / 2^64, they would not.
std::size_t pick(runtime::RandomStream& draw, std::size_t n) {
  return static_cast<std::size_t>((static_cast<unsigned __int128>(draw.next()) * n) >> 64);
}

// Calls visit(song) for the songs of a replicate, then finish(), for each replicate.
template <class Visit, class Finish>
void resample(const Groups& groups, const Resampling& how, const Visit& visit, const Finish& finish) {
  for (std::size_t replicate = 0; replicate < replicates_of(groups, how); ++replicate) {
    runtime::RandomStream draw(how.seed, {runtime::key_of("bootstrap"), replicate});
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::size_t group = pick(draw, groups.size());
      for (std::size_t at = groups.first[group]; at < groups.first[group + 1]; ++at) visit(groups.songs[at]);
    }
    finish();
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

// Of the sums of gains of each group, under random signs; as many draws as replicates, and the one observed.
double permutation_test(const Groups& groups, std::span<const int> gains, const Resampling& how) {
  std::vector<std::int64_t> sums;
  std::int64_t observed = 0;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    std::int64_t sum = 0;
    for (std::size_t at = groups.first[group]; at < groups.first[group + 1]; ++at)
      sum += gains[groups.songs[at]];
    observed += sum;
    if (sum != 0) sums.push_back(sum);
  }
  std::size_t as_far = 1;
  const std::size_t draws = replicates_of(groups, how);
  for (std::size_t replicate = 0; replicate < draws; ++replicate) {
    runtime::RandomStream draw(how.seed, {runtime::key_of("permutation"), replicate});
    std::int64_t sum = 0;
    std::uint64_t signs = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      signs = i % 64 == 0 ? draw.next() : signs >> 1U;
      sum += (signs & 1U) != 0 ? sums[i] : -sums[i];
    }
    as_far += std::abs(sum) >= std::abs(observed);
  }
  return static_cast<double>(as_far) / static_cast<double>(draws + 1);
}

}  // namespace

ScoreIntervals bootstrap(std::span<const Judged> songs, std::size_t classes, const Resampling& how) {
  std::vector<std::uint32_t> cells;  // of the confusion matrix, one a song
  for (const Judged& song : songs)
    cells.push_back(static_cast<std::uint32_t>(static_cast<std::size_t>(song.truth) * classes) +
                    static_cast<std::uint32_t>(song.predicted));
  std::vector<std::int64_t> counts(classes * classes);
  std::vector<double> accuracy, balanced, macro_f1;
  const auto finish = [&] {
    metrics::Confusion confusion(classes);
    for (std::size_t cell = 0; cell < counts.size(); ++cell)
      confusion.add(cell / classes, cell % classes, std::exchange(counts[cell], 0));
    const auto scores = score(confusion);
    accuracy.push_back(scores.accuracy);
    balanced.push_back(scores.balanced_accuracy);
    macro_f1.push_back(scores.macro_f1);
  };
  resample(
      groups_of(songs), how, [&](std::size_t song) { ++counts[cells[song]]; }, finish);
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
  const auto mean_of = [](std::int64_t sum, std::size_t n) {
    return static_cast<double>(sum) / static_cast<double>(n);
  };
  difference.value = mean_of(difference.only_second - difference.only_first, songs.size());
  difference.p = mcnemar_exact(difference.only_first, difference.only_second);
  std::vector<double> values;
  std::int64_t sum = 0;
  std::size_t drawn = 0;
  const auto visit = [&](std::size_t song) {
    sum += gains[song];
    ++drawn;
  };
  const auto finish = [&] { values.push_back(mean_of(std::exchange(sum, 0), std::exchange(drawn, 0))); };
  const Groups groups = groups_of(songs);
  resample(groups, how, visit, finish);
  difference.interval = percentiles(std::move(values), how.level);
  difference.p_of_groups = permutation_test(groups, gains, how);
  return difference;
}

}  // namespace chorale::eval
