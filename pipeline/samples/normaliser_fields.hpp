// The fields of a Normaliser as JSON, for its own text and for the state of a checkpoint.
#pragma once

#include "pipeline/config/names.hpp"
#include "pipeline/samples/normaliser.hpp"

namespace chorale::config {
template <>
struct Names<store::FeatureScale> {
  static constexpr NameTable<store::FeatureScale, 2> kValues = {
      {{store::FeatureScale::kLinear, "linear"}, {store::FeatureScale::kDecibel, "decibel"}}};
};
}  // namespace chorale::config

namespace chorale::samples {

template <class Visit>
void visit_fields(Visit& visit, Normaliser& normaliser) {
  visit("scale_of_values", normaliser.scale_of_values);
  visit("reference", normaliser.reference);
  visit("top_db", normaliser.top_db);
  visit("kind", normaliser.kind);
  visit("mean", normaliser.mean);
  visit("scale", normaliser.scale);
}

}  // namespace chorale::samples
