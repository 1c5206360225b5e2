#include "eval/report/varied.hpp"

#include <array>
#include <map>
#include <set>
#include <string_view>

#include "pipeline/config/resolved_values.hpp"

namespace chorale::eval {
namespace {

constexpr std::array<std::string_view, 3> kPlaces = {"dataset.root", "dataset.metadata", "store.path"};
constexpr const char* kModel = "model.name";

using Config = std::map<std::string, std::string>;

std::optional<std::string> value_of(const Config& config, const std::string& key) {
  const auto found = config.find(key);
  return found == config.end() ? std::nullopt : std::optional(found->second);
}

bool varies(const VariedKey& key, const std::vector<Config>& configs) {
  const bool option = key.key.starts_with("model.") && key.key != kModel;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (option && value_of(configs[i], kModel) != value_of(configs[j], kModel)) continue;
      if (key.values[i] != key.values[j]) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<VariedKey> varied_keys(const std::vector<const Group*>& groups) {
  std::vector<Config> configs;
  std::set<std::string> keys;
  for (const Group* group : groups) {
    for (const auto& [key, value] : configs.emplace_back(config::values_of(group->config))) keys.insert(key);
  }
  std::vector<VariedKey> varied;
  for (const std::string_view place : kPlaces) keys.erase(std::string(place));
  for (const std::string& key : keys) {
    VariedKey candidate{key, {}};
    for (const Config& config : configs) candidate.values.push_back(value_of(config, key));
    if (varies(candidate, configs)) varied.push_back(std::move(candidate));
  }
  return varied;
}

Cell value_cell(const std::optional<std::string>& value) {
  if (!value) return std::monostate{};
  const bool quoted = value->size() >= 2 && value->front() == '"' && value->back() == '"';
  return quoted ? value->substr(1, value->size() - 2) : *value;
}

}  // namespace chorale::eval
