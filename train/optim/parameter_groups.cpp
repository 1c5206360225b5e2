#include "train/optim/parameter_groups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

bool has_prefix(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && (name.size() == prefix.size() || name[prefix.size()] == '.');
}

void require_known_prefixes(const std::vector<std::string>& names, const config::Factors& factors) {
  for (const auto& [prefix, factor] : factors) {
    const auto matches = [&](const std::string& name) { return has_prefix(name, prefix); };
    if (std::any_of(names.begin(), names.end(), matches)) continue;
    std::vector<std::string> top;
    for (const auto& name : names) {
      const auto first = name.substr(0, name.find('.'));
      if (std::find(top.begin(), top.end(), first) == top.end()) top.push_back(first);
    }
    throw runtime::UsageError(fmt::format(
        "train.layer_lr: found \"{}\", expected the beginning of the name of a parameter that is trained: {}",
        prefix, fmt::join(top, ", ")));
  }
}

double factor_of(std::string_view name, const config::Factors& factors) {
  std::size_t longest = 0;
  double result = 1.0;
  for (const auto& [prefix, factor] : factors) {
    if (!has_prefix(name, prefix) || prefix.size() < longest) continue;
    longest = prefix.size();
    result = factor;
  }
  return result;
}

ParameterGroup& group_with(std::vector<ParameterGroup>& groups, double lr_factor, double weight_decay) {
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const ParameterGroup& group) {
    return group.lr_factor == lr_factor && group.weight_decay == weight_decay;
  });
  if (found != groups.end()) return *found;
  return groups.emplace_back(ParameterGroup{lr_factor, weight_decay, {}});
}

}  // namespace

std::vector<ParameterGroup> parameter_groups(const FlatParameters& parameters, const config::Train& options) {
  require_known_prefixes(parameters.names(), options.layer_lr);
  std::vector<ParameterGroup> groups;
  for (std::size_t p = 0; p < parameters.names().size(); ++p) {
    const bool decays = options.decay == config::Decay::kAll || parameters.parameters()[p].dim() > 1;
    auto& ranges = group_with(groups, factor_of(parameters.names()[p], options.layer_lr),
                              decays ? options.weight_decay : 0.0)
                       .ranges;
    const auto begin = parameters.offsets()[p], end = parameters.offsets()[p + 1];
    if (!ranges.empty() && ranges.back().second == begin) {
      ranges.back().second = end;
    } else {
      ranges.emplace_back(begin, end);
    }
  }
  return groups;
}

std::vector<torch::Tensor> parts_of(const torch::Tensor& flat, const ParameterGroup& group) {
  std::vector<torch::Tensor> parts;
  for (const auto& [begin, end] : group.ranges) parts.push_back(flat.slice(0, begin, end));
  return parts;
}

}  // namespace chorale::train
