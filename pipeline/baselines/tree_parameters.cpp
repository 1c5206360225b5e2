#include "pipeline/baselines/tree_parameters.hpp"

#include <fmt/format.h>

namespace chorale::baselines {

Parameters tree_parameters(const config::Model& model, std::int64_t seed, std::size_t classes, int threads) {
  const auto text = [](auto value) { return fmt::format("{}", value); };
  Parameters parameters = {{"objective", "multi:softprob"},
                           {"num_class", text(classes)},
                           {"tree_method", "hist"},
                           {"seed", text(seed)},
                           {"nthread", text(threads)},
                           {"max_depth", text(*model.max_depth)},
                           {"subsample", text(*model.subsample)},
                           {"min_child_weight", text(*model.min_child_weight)},
                           {"lambda", text(*model.lambda)}};
  if (model.name == "random_forest") {
    parameters.insert(parameters.end(), {{"eta", "1"},
                                         {"num_parallel_tree", text(*model.trees)},
                                         {"colsample_bynode", text(*model.colsample_bynode)}});
  } else {
    parameters.insert(parameters.end(),
                      {{"eta", text(*model.eta)}, {"colsample_bytree", text(*model.colsample_bytree)}});
  }
  return parameters;
}

}  // namespace chorale::baselines
