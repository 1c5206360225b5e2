// The tables of one evaluation.
#pragma once

#include <string>
#include <vector>

#include "eval/results/run_metrics.hpp"
#include "eval/tables/table.hpp"
#include "pipeline/metrics/multi_label.hpp"

namespace chorale::eval {

// The table with the warning of the run's split, if it has one. Every table of results goes through this.
Table with_warning(Table table, const RunMetrics& metrics);
// The same for a table of several runs: the warning with the name of the row that it is of.
void add_warning(Table& table, const std::string& row, const RunMetrics& metrics);

// Song level by mean probability, song level by vote, slice level: a row each.
Table summary_table(const RunMetrics& metrics);

// Precision, recall, F1 and support of each class, songs by mean probability, then the macro mean; with
// `ranking`, AUC and average precision of each class against the others, too. A class without songs has no
// scores.
Table class_table(const metrics::Confusion& songs, const std::vector<std::string>& classes,
                  const std::string& name, const std::string& caption,
                  const metrics::MultiLabelScores* ranking = nullptr);

// Rows are true classes, columns predicted ones, then the recall.
Table confusion_table(const metrics::Confusion& songs, const std::vector<std::string>& classes,
                      const std::string& name, const std::string& caption);

// "no songs of jazz, rock, which no mean over classes has"; empty when every class has songs.
std::string absent_classes(const metrics::Confusion& songs, const std::vector<std::string>& classes);

// "120 songs of 40 groups (group: artist), test part of a stratified split, seed 0"
std::string describe(const RunMetrics& metrics);

}  // namespace chorale::eval
