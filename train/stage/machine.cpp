#include "train/stage/machine.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <sched.h>
#include <torch/version.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "pipeline/baselines/booster.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/host.hpp"
#include "train/stage/commit.hpp"

namespace chorale::train {
namespace {

cpu_set_t allowed_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  ::sched_getaffinity(0, sizeof cores, &cores);
  return cores;
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  }
  return "unknown";
}

}  // namespace

int threads_of_rank(const comm::MpiSession& session, const config::Train& options) {
  const cpu_set_t cores = allowed_cores();
  const std::string mine =
      runtime::host_name() + ":" + std::string(reinterpret_cast<const char*>(&cores), sizeof cores);
  std::string all;
  for (const auto& place : session.gather(mine)) all += place + "\n";
  all = session.broadcast(all);
  int sharers = 0;
  for (auto at = all.find(mine); at != std::string::npos; at = all.find(mine, at + mine.size())) ++sharers;

  if (options.threads > 0) return static_cast<int>(options.threads);
  if (const char* wanted = std::getenv("OMP_NUM_THREADS")) return std::max(1, std::atoi(wanted));
  return std::max(1, CPU_COUNT(&cores) / std::max(1, sharers));
}

void set_threads(int threads) {
  static std::once_flag once;
  std::call_once(once, [] { at::set_num_interop_threads(1); });
  at::set_num_threads(threads);
}

void write_environment(const std::filesystem::path& path, const comm::MpiSession& session,
                       const config::Experiment& experiment, const std::string& device) {
  const nlohmann::ordered_json environment = {{"chorale", cli::kVersion},
                                              {"commit", kCommit},
                                              {"torch", TORCH_VERSION},
                                              {"xgboost", baselines::xgboost_version()},
                                              {"device", device},
                                              {"processor", processor()},
                                              {"vector_instructions", at::get_cpu_capability()},
                                              {"host_of_rank_0", runtime::host_name()},
                                              {"ranks", session.size()},
                                              {"ranks_on_its_node", session.local_size()},
                                              {"threads_a_rank", at::get_num_threads()},
                                              {"seeds",
                                               {{"train", experiment.train.seed},
                                                {"split", experiment.split.seed},
                                                {"augment", experiment.augment.seed}}}};
  runtime::write_file(path, environment.dump(2) + "\n");
}

}  // namespace chorale::train
