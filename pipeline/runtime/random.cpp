#include "pipeline/runtime/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "pipeline/runtime/hash.hpp"

namespace chorale::runtime {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::initializer_list<std::uint64_t> keys)
    : state_(mix(seed + kGolden)) {
  for (const std::uint64_t key : keys) state_ = mix(state_ ^ mix(key + kGolden)) + kGolden;
}

std::uint64_t RandomStream::next() { return mix(state_ += kGolden); }

double RandomStream::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double RandomStream::uniform(double low, double high) { return low + (high - low) * uniform(); }

double RandomStream::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = next();
  while (value >= limit) value = next();
  return value % bound;
}

std::vector<std::uint32_t> permutation(std::uint32_t n, RandomStream stream) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  stream.shuffle(std::span(order));
  return order;
}

std::uint64_t key_of(std::string_view name) { return xxh3(name.data(), name.size()); }

}  // namespace chorale::runtime
