// The fields of a Normaliser as JSON, for its own text and for the state of a checkpoint.
#pragma once

#include <array>
#include <string_view>

#include "pipeline/runtime/json_fields.hpp"
#include "pipeline/samples/slices.hpp"

namespace chorale::runtime {

template <>
inline constexpr std::array<std::string_view, 2> kEnumNames<config::Reference>{"one", "max"};
template <>
inline constexpr std::array<std::string_view, 3> kEnumNames<config::Normalisation>{"none", "track_minmax",
                                                                                   "bin_zscore"};

}  // namespace chorale::runtime

namespace chorale::samples {

template <class Visit>
void visit_fields(Visit& visit, Normaliser& normaliser) {
  visit("reference", normaliser.reference);
  visit("top_db", normaliser.top_db);
  visit("kind", normaliser.kind);
  visit("mean", normaliser.mean);
  visit("scale", normaliser.scale);
}

}  // namespace chorale::samples
