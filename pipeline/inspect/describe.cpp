#include "pipeline/inspect/describe.hpp"

#include <nlohmann/json.hpp>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/store/folder.hpp"

namespace chorale::inspect {
namespace fs = std::filesystem;

nlohmann::ordered_json describe(const fs::path& path, Checksums checksums) {
  const checkpoint::RunFolder run(path);
  if (!fs::exists(path)) throw runtime::UsageError(path.string() + ": no such file or folder");
  if (path.extension() == ".safetensors") return describe_tensors(path);
  if (fs::exists(path / checkpoint::kStateFile)) return describe_checkpoint(path);
  if (store::has_index(path) || !store::shard_files(path).empty()) return describe_store(path, checksums);
  if (fs::exists(run.config()) || fs::exists(run.checkpoints())) return describe_run(path);
  throw runtime::UsageError(path.string() +
                            ": neither a store, a run folder, a checkpoint folder nor a .safetensors file");
}

}  // namespace chorale::inspect
