// The fields of a VectorEncoder as JSON, for its own text and for the state of a checkpoint.
#pragma once

#include "pipeline/samples/vectors.hpp"

namespace chorale::samples {

template <class Visit>
void visit_fields(Visit& visit, VectorEncoder& encoder) {
  visit("feature", encoder.feature);
  visit("categories", encoder.categories);
  visit("mean", encoder.mean);
  visit("scale", encoder.scale);
}

}  // namespace chorale::samples
