// Loss and accuracy over the epochs, training beside validation, the best epoch marked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eval/figures/history.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

// Data columns: epoch, train_loss, validation_loss, train_accuracy, validation_accuracy; without
// accuracies in the history only the first three, and the loss alone is drawn. `best` is the epoch whose
// weights were evaluated. Precondition: `history` is not empty.
figures::Figure learning_curves(const std::string& name, const std::string& title,
                                const std::vector<Epoch>& history, std::int64_t best);

}  // namespace chorale::eval
