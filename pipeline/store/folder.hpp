// The files in a store's folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chorale::store {

inline constexpr const char* kIndexName = "index.h5";

// "shard-00012.h5"
std::string shard_name(std::size_t shard);

// Whether the store is complete. A shard that is written anew takes the index away.
bool has_index(const std::filesystem::path& store);

// The finished shards in the folder, by name; none when there is no such folder.
std::vector<std::filesystem::path> shard_files(const std::filesystem::path& store);

// The configuration text a store's files carry, empty when it has none yet (or none that can be read). Throws
// StoreMismatch for another format version.
std::string existing_config(const std::filesystem::path& store);

}  // namespace chorale::store
