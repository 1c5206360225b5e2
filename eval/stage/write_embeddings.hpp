// From the embeddings of songs to the files of a run folder.
#pragma once

#include <optional>
#include <vector>

#include "eval/results/predictions.hpp"
#include "eval/results/run_metrics.hpp"
#include "eval/stage/forward.hpp"
#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

// song_embeddings.npy, neighbours.csv, the tables `retrieval`, `retrieval_per_class` and `neighbours`, the
// figures `embedding_*`, and their scores. `songs` are those of the main task, in the order of their
// embeddings; `metrics` says what run they are of. Without embeddings, removes what a former evaluation left
// of these. Throws FileError, Interrupted.
std::optional<EmbeddingScores> write_embeddings(const OpenedRun& run, const Forward& forward,
                                                const std::vector<SongInfo>& songs,
                                                const RunMetrics& metrics);

}  // namespace chorale::eval
