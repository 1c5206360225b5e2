// Which device each rank trains on.
#pragma once

#include <c10/core/Device.h>

#include <span>
#include <string>

#include "pipeline/comm/mpi.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/device/gpus.hpp"

namespace chorale::device {

// Where a rank works: "node07, GPU 2: NVIDIA H200".
struct Place {
  std::string host;
  int index = 0;  // CUDA's number, in this process
  Gpu gpu;
};

// The first two ranks that share a GPU, and how to change that; empty when each has its own. One place a
// rank.
std::string shared_gpu(std::span<const Place> places);

// Collective; the same kind of device on every rank.
// auto: GPUs when every rank sees one, else the CPU; rank 0 logs which, and why not a GPU where the build has
// CUDA. cuda: throws UsageError on all ranks, naming the first rank without a GPU and the reason. GPUs are
// dealt out by the rank's number on its node. Throws UsageError when two ranks would share one.
c10::Device choose_device(const comm::MpiSession& session, config::Device wanted, const VisibleGpus& visible);

// For a process that works alone and can do so anywhere: the first GPU if one may and can be used, else the
// CPU. Logs why not, where cuda was wanted.
c10::Device gpu_or_cpu(config::Device wanted, const VisibleGpus& visible);

// "cpu", or "cuda:0 (NVIDIA H200)".
std::string describe(c10::Device device, const VisibleGpus& visible);

}  // namespace chorale::device
