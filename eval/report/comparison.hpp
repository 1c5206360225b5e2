// Experiments beside each other: what can be compared in one table, and what chance alone would explain.
#pragma once

#include <string>
#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// Experiments that were tested on the same kind of songs: the same task and classes, collection and split.
struct Comparable {
  std::vector<const Group*> groups;
  std::string reason;  // why they are apart from the first; empty for that
};

// In order of first appearance. Keeps pointers into `groups`.
std::vector<Comparable> comparable(const std::vector<Group>& groups);

// Moves the experiment that `name` stands for (its label, or the name or folder of one of its runs) to the
// front: the others are compared with it. Throws UsageError, with the names there are, when there is none.
void put_first(std::vector<Group>& groups, const std::string& name);

// A row an experiment: n, mean ± standard deviation and best over its runs, and an interval of the accuracy
// of all songs; with several experiments, also each one's difference to the first with its interval and
// McNemar's test, where both were tested on the same songs. Where their configurations differ in few keys, a
// column for each of these.
Table comparison_table(const Comparable& experiments, const std::string& name);

// 95 %, of the accuracy of the songs of all runs: bootstrap over groups of songs (artists, where they are
// known). No value without songs.
Cell accuracy_interval(const Group& group);

// "***" for p < 0.001, "**" < 0.01, "*" < 0.05, else empty.
std::string significance_mark(double p);

}  // namespace chorale::eval
