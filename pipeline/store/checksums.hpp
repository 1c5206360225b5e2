// Finding damage.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chorale::store {

// Recomputes the checksum of every dataset of a shard or index; one line a damage, naming file and dataset,
// empty when all is well.
std::vector<std::string> damages(const std::filesystem::path& file);

}  // namespace chorale::store
