// Sorting entries by id, without moving them about more than once.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::catalogue {

// The places of the entries in the order of their ids; equal ids keep their order.
std::vector<std::uint32_t> order_by_id(const std::vector<Entry>& entries);
void apply_order(std::vector<Entry>& entries, const std::vector<std::uint32_t>& order);

}  // namespace chorale::catalogue
