#include "pipeline/device/choice.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "pipeline/runtime/host.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::device {
namespace {

using Json = nlohmann::json;

// Collective: what every rank says, in rank order, on every rank.
std::vector<Json> told_by_all(const comm::MpiSession& session, const Json& mine) {
  auto all = Json::array();
  for (const auto& text : session.gather(mine.dump())) all.push_back(Json::parse(text));
  return Json::parse(session.broadcast(all.dump())).get<std::vector<Json>>();
}

int index_of(const comm::MpiSession& session, const VisibleGpus& visible) {
  return visible.gpus.empty() ? 0 : session.local_rank() % static_cast<int>(visible.gpus.size());
}

Json to_json(const comm::MpiSession& session, const VisibleGpus& visible) {
  const int index = index_of(session, visible);
  const Gpu gpu = visible.gpus.empty() ? Gpu{} : visible.gpus[static_cast<std::size_t>(index)];
  return {{"host", runtime::host_name()},
          {"index", index},
          {"name", gpu.name},
          {"uuid", gpu.uuid},
          {"why_none", visible.why_none}};
}

}  // namespace

std::string shared_gpu(std::span<const Place> places) {
  std::map<std::string, std::size_t> owner;
  for (std::size_t rank = 0; rank < places.size(); ++rank) {
    const auto& [host, index, gpu] = places[rank];
    const auto [first, alone] = owner.emplace(host + " " + gpu.uuid, rank);
    if (alone) continue;
    return fmt::format(
        "ranks {} and {} would share one GPU: {} on {} (GPU-{}). Start one rank a GPU: srun "
        "--gpus-per-task=1, or as "
        "many ranks on a node as CUDA_VISIBLE_DEVICES names GPUs; or train on the CPU with train.device=cpu",
        first->second, rank, gpu.name, host, gpu.uuid);
  }
  return "";
}

c10::Device choose_device(const comm::MpiSession& session, config::Device wanted,
                          const VisibleGpus& visible) {
  if (wanted == config::Device::kCpu) return c10::kCPU;
  const auto all = told_by_all(session, to_json(session, visible));
  std::vector<Place> places;
  for (std::size_t rank = 0; rank < all.size(); ++rank) {
    const auto& entry = all[rank];
    if (const std::string why = entry.at("why_none"); !why.empty()) {
      if (wanted == config::Device::kCuda) {
        throw runtime::UsageError(fmt::format("train.device is cuda, but on rank {} ({}) {}", rank,
                                              entry.at("host").get<std::string>(), why));
      }
      if (session.rank() == 0 && visible.cuda_compiled_in) {
        spdlog::info("training on the CPU: on rank {} ({}) {}", rank, entry.at("host").get<std::string>(),
                     why);
      }
      return c10::kCPU;
    }
    places.push_back({entry.at("host"), entry.at("index"), {entry.at("name"), entry.at("uuid")}});
  }
  if (const auto conflict = shared_gpu(places); !conflict.empty()) throw runtime::UsageError(conflict);
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index_of(session, visible))};
}

c10::Device gpu_or_cpu(config::Device wanted, const VisibleGpus& visible) {
  if (wanted == config::Device::kCpu) return c10::kCPU;
  if (!visible.gpus.empty()) return {c10::kCUDA, 0};
  if (wanted == config::Device::kCuda) spdlog::info("on the CPU, as {}", visible.why_none);
  return c10::kCPU;
}

std::string describe(c10::Device device, const VisibleGpus& visible) {
  if (!device.is_cuda()) return "cpu";
  return fmt::format("cuda:{} ({})", device.index(),
                     visible.gpus.at(static_cast<std::size_t>(device.index())).name);
}

}  // namespace chorale::device
