#include "eval/report/varied.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "pipeline/config/resolved_values.hpp"

namespace chorale::eval {
namespace {

constexpr std::array<std::string_view, 3> kPlaces = {"dataset.root", "dataset.metadata", "store.path"};

}  // namespace

std::vector<VariedKey> varied_keys(const std::vector<const Group*>& groups) {
  std::vector<std::map<std::string, std::string>> configs;
  std::set<std::string> keys;
  for (const Group* group : groups) {
    for (const auto& [key, value] : configs.emplace_back(config::values_of(group->config))) keys.insert(key);
  }
  std::vector<VariedKey> varied;
  for (const std::string& key : keys) {
    VariedKey candidate{key, {}};
    for (const auto& config : configs) {
      const auto found = config.find(key);
      candidate.values.push_back(found == config.end() ? std::nullopt : std::optional(found->second));
    }
    const bool same = std::ranges::all_of(
        candidate.values, [&](const auto& value) { return value == candidate.values.front(); });
    if (!same && std::ranges::find(kPlaces, key) == kPlaces.end()) varied.push_back(std::move(candidate));
  }
  return varied;
}

Cell value_cell(const std::optional<std::string>& value) {
  if (!value) return std::monostate{};
  const bool quoted = value->size() >= 2 && value->front() == '"' && value->back() == '"';
  return quoted ? value->substr(1, value->size() - 2) : *value;
}

}  // namespace chorale::eval
