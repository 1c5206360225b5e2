// Tensors of golden files, and their comparison.
#pragma once

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include "pipeline/checkpoint/safetensors.hpp"

namespace chorale::testing_support {

using Tensors = std::map<std::string, torch::Tensor>;

inline std::filesystem::path golden_file(const std::string& path) {
  return std::filesystem::path(std::getenv("CHORALE_SOURCE")) / "tests/golden" / path;
}

// F32 and I64 tensors.
inline Tensors read_tensors(const std::filesystem::path& path) {
  const checkpoint::SafetensorsFile file(path);
  Tensors tensors;
  for (const auto& [name, view] : file.tensors()) {
    const auto tensor = torch::empty(view.shape, view.dtype == "I64" ? torch::kInt64 : torch::kFloat32);
    std::memcpy(tensor.mutable_data_ptr(), view.data, view.bytes);
    tensors.emplace(name, tensor);
  }
  return tensors;
}

// Copies the golden tensors called `prefix` + name into the tensors called name.
inline void assign(const Tensors& targets, const Tensors& golden, const std::string& prefix) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : targets) torch::Tensor(tensor).copy_(golden.at(prefix + name));
}

// Every element within `absolute` + `relative` * |expected|.
inline void expect_close(const torch::Tensor& actual, const torch::Tensor& expected, double relative,
                         double absolute, const std::string& what) {
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  const auto difference = (actual - expected).abs().max().item<double>();
  EXPECT_TRUE(torch::allclose(actual, expected, relative, absolute))
      << what << ": differs by up to " << difference;
}

}  // namespace chorale::testing_support
