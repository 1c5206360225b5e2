// What lies in a folder, as JSON: the names and numbers `chorale inspect` prints.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "pipeline/runtime/error.hpp"

namespace chorale::inspect {

enum class Checksums { kTrust, kVerify };

// A store, a run folder, a checkpoint folder or a .safetensors file; its member "kind" says which. Throws
// UsageError when it is none of them, and the errors of store and checkpoint when it cannot be read.
nlohmann::ordered_json describe(const std::filesystem::path& path, Checksums checksums);

// A complete store, or the shards of one that has no index yet ("complete": false). With kVerify "damages"
// lists what is damaged, one line a dataset.
nlohmann::ordered_json describe_store(const std::filesystem::path& store, Checksums checksums);

nlohmann::ordered_json describe_run(const std::filesystem::path& run);
nlohmann::ordered_json describe_checkpoint(const std::filesystem::path& checkpoint);
nlohmann::ordered_json describe_tensors(const std::filesystem::path& safetensors);

}  // namespace chorale::inspect
