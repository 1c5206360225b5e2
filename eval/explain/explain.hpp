// Figures that explain a model: what it goes by in single slices, and what it takes for each class on the
// whole.
#pragma once

#include "eval/stage/forward.hpp"
#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

// figures/explain/ of the run, of its main task: explain_<class> with models::attribute() of the slices that
// choose_examples() picks, for the class that was predicted, and mean_spectrogram of the same classes.
// Gradients are computed on the CPU in single precision, whatever the run was evaluated with, for these
// slices alone; the probabilities are those of the evaluation. Removes what an earlier evaluation drew there,
// and draws nothing unless eval.explain. Throws Interrupted (a stop signal).
void write_explanations(const OpenedRun& run, const Forward& forward);

}  // namespace chorale::eval
