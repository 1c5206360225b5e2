#include "ingest/catalogue/order.hpp"

#include <algorithm>
#include <numeric>

namespace chorale::catalogue {

std::vector<std::uint32_t> order_by_id(const std::vector<Entry>& entries) {
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  const auto by_id = [&](std::uint32_t a, std::uint32_t b) {
    return entries[a].track.id < entries[b].track.id;
  };
  if (!std::is_sorted(order.begin(), order.end(), by_id)) std::stable_sort(order.begin(), order.end(), by_id);
  return order;
}

void apply_order(std::vector<Entry>& entries, const std::vector<std::uint32_t>& order) {
  if (std::is_sorted(order.begin(), order.end())) return;
  std::vector<Entry> sorted;
  sorted.reserve(entries.size());
  for (const std::uint32_t i : order) sorted.push_back(std::move(entries[i]));
  entries = std::move(sorted);
}

}  // namespace chorale::catalogue
