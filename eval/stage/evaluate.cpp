#include "eval/stage/evaluate.hpp"

#include "eval/explain/explain.hpp"
#include "eval/stage/forward.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::eval {

Results evaluate(const OpenedRun& run) {
  spdlog::info("{}: {} slices", run.checkpoint.string(), run.slices.size());
  const Forward predicted = forward(run);
  write_explanations(run, predicted);
  return write_results(run, predicted);
}

}  // namespace chorale::eval
