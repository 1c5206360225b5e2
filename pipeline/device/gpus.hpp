// The GPUs that this process can use. Two files implement it: gpus_cuda.cpp in a build with CUDA,
// gpus_none.cpp in any other, so that no caller asks which build it is in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chorale::device {

struct Gpu {
  std::string name;  // "NVIDIA H200"
  std::string uuid;  // of the GPU, or of the MIG instance: two ranks with the same one share it
};

struct VisibleGpus {
  std::vector<Gpu> gpus;  // in the order of their CUDA numbers
  std::string why_none;   // and what to do about it, when there are none
  bool cuda_compiled_in = true;
};

// Never throws: a machine without driver or GPU is one with no GPU.
VisibleGpus visible_gpus();

// Bytes that can still be allocated on GPU `index`. Throws runtime::Error.
std::int64_t free_memory(int index);

// Makes the arithmetic of GPUs the same in every run and as exact as its type says: deterministic algorithms
// where there are any, no benchmarking of algorithms, no TF32. To be called before the first operation on a
// GPU.
void repeat_exactly();

}  // namespace chorale::device
