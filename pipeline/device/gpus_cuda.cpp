#include <ATen/Context.h>
#include <cuda_runtime_api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <span>

#include "pipeline/device/gpus.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::device {
namespace {

std::string hexadecimal(const cudaUUID_t& uuid) {
  const std::span bytes(reinterpret_cast<const unsigned char*>(uuid.bytes), sizeof uuid.bytes);
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

VisibleGpus none(const std::string& found) {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return {
      {},
      fmt::format(
          "no GPU can be used: {} (CUDA_VISIBLE_DEVICES is {}). See what nvidia-smi shows here; under Slurm "
          "ask for GPUs (--gpus-per-task=1)",
          found, visible == nullptr ? "not set" : fmt::format("'{}'", visible))};
}

}  // namespace

VisibleGpus visible_gpus() {
  int driver = 0, count = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) return none("there is no NVIDIA driver");
  const cudaError_t counted = cudaGetDeviceCount(&count);
  if (counted != cudaSuccess) {
    cudaGetLastError();  // else torch would meet it at its next call
    return none(cudaGetErrorString(counted));
  }
  if (count == 0) return none("CUDA finds none");
  VisibleGpus visible;
  for (int index = 0; index < count; ++index) {
    cudaDeviceProp properties{};
    const cudaError_t read = cudaGetDeviceProperties(&properties, index);
    if (read != cudaSuccess) {
      cudaGetLastError();
      return none(fmt::format("GPU {}: {}", index, cudaGetErrorString(read)));
    }
    visible.gpus.push_back({properties.name, hexadecimal(properties.uuid)});
  }
  return visible;
}

std::int64_t free_memory(int index) {
  int before = 0;
  std::size_t free = 0, total = 0;
  cudaError_t status = cudaGetDevice(&before);
  if (status == cudaSuccess) status = cudaSetDevice(index);
  if (status == cudaSuccess) status = cudaMemGetInfo(&free, &total);
  if (status == cudaSuccess) status = cudaSetDevice(before);
  if (status != cudaSuccess) {
    throw runtime::Error(fmt::format("memory of GPU {}: {}", index, cudaGetErrorString(status)));
  }
  return static_cast<std::int64_t>(free);
}

void repeat_exactly() {
  // Read by cuBLAS when its first handle is made: with fixed workspaces its sums have one order.
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  context.setDeterministicFillUninitializedMemory(
      false);  // it costs time, and nothing here reads such memory
  context.setDeterministicCuDNN(true);
  context.setBenchmarkCuDNN(false);
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

}  // namespace chorale::device
