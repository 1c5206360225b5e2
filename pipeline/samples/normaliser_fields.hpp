// The fields of a Normaliser as JSON, for its own text and for the state of a checkpoint.
#pragma once

#include "pipeline/samples/normaliser.hpp"

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
