// Which slices are shown to explain a model: of each class one that it got right and one that it did not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "eval/results/predictions.hpp"

namespace chorale::eval {

struct Example {
  std::size_t slice = 0;      // of the predictions
  std::size_t predicted = 0;  // the class that was predicted, which is what is explained
  float probability = 0;      // of it
};

struct ExplainedClass {
  std::size_t index = 0;  // of the task's classes
  std::optional<Example> right, wrong;
};

constexpr std::size_t kMostExplained = 16;

// The kMostExplained classes with the most songs, in stored order, each with the slices with the highest
// probability, the first of equal ones. Kinds single and key: of slices of the class's songs, the one most
// surely taken for it and the one most surely taken for another class. Kind multi: the most probable ones
// from the class's threshold on, of songs that have it and of songs that lack it. Precondition: the task has
// classes.
std::vector<ExplainedClass> choose_examples(const Predictions& predictions);

// The class that a slice is taken for; of kind multi the classes.
std::vector<std::size_t> predicted_classes(const Predictions& predictions, std::size_t slice);

// Parts of file names: letters, digits, '-' and '.' as they are, all else "_", at most 60; different for
// each.
std::vector<std::string> safe_names(const std::vector<std::string>& names);

}  // namespace chorale::eval
