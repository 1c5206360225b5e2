// What the embeddings of a run's songs are worth in a search for songs like one.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "eval/embedding/song_search.hpp"

namespace chorale::eval {

struct EmbeddingScores {
  std::int64_t songs = 0, width = 0;
  SongSearch search = {};
};

// The section "embedding" of metrics.json, docs/evaluation.md lists its names. What can't be measured is
// null. `classes` are those of the main task; none where its songs have not one each.
nlohmann::ordered_json to_json(const EmbeddingScores& scores, const std::vector<std::string>& classes);
// All but the neighbours and the classes. Throws nlohmann's exceptions when it is not what to_json() makes.
EmbeddingScores embedding_from_json(const nlohmann::ordered_json& json);

}  // namespace chorale::eval
