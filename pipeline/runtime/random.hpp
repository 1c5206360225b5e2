// Random numbers that are a function of a seed and a few keys, and of nothing else: the same on every
// machine, compiler and number of ranks. (std:: distributions are not specified bit for bit, so they are not
// used.)
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace chorale::runtime {

// splitmix64 over a key that mixes seed and keys. Cheap to make: one stream per (seed, epoch, sample) is
// normal.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed, std::initializer_list<std::uint64_t> keys = {});

  std::uint64_t next();
  double uniform();                          // [0, 1)
  double uniform(double low, double high);   // [low, high)
  double normal();                           // mean 0, standard deviation 1 (Box-Muller)
  std::uint64_t below(std::uint64_t bound);  // 0 .. bound-1, unbiased; bound > 0

  // Fisher-Yates.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t state_;
};

// 0 .. n-1 in an order that depends on the stream alone.
std::vector<std::uint32_t> permutation(std::uint32_t n, RandomStream stream);

// A key for RandomStream from a name.
std::uint64_t key_of(std::string_view name);

}  // namespace chorale::runtime
