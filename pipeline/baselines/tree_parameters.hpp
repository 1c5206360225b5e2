// The options of trees in XGBoost's words.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pipeline/baselines/booster.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::baselines {

// Of random_forest or gradient_boosting, complete. XGBoost's histograms and random numbers give the same
// trees on any number of threads. A forest is one round of many trees.
Parameters tree_parameters(const config::Model& model, std::int64_t seed, std::size_t classes, int threads);

}  // namespace chorale::baselines
