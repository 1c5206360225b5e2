// sample.safetensors was written by the reference implementation (make_goldens.py). Since our writer produces
// the same bytes, whatever reads files of the one reads files of the other.
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <numbers>
#include <string_view>

#include "pipeline/checkpoint/safetensors.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::checkpoint {
namespace {

std::filesystem::path golden() {
  return std::filesystem::path(std::getenv("CHORALE_SOURCE")) / "tests/golden/checkpoint/sample.safetensors";
}

template <class T>
TensorView view(const char* dtype, std::vector<std::int64_t> shape, const std::vector<T>& values) {
  return {dtype, std::move(shape), values.data(), values.size() * sizeof(T)};
}

std::string_view bytes_of(const TensorView& tensor) {
  return {static_cast<const char*>(tensor.data), tensor.bytes};
}

// The tensors of make_goldens.py.
struct Sample {
  std::vector<float> weight = {-0.25F, -0.125F, 0.0F, 0.125F, 0.25F, 0.375F};
  std::vector<float> bias = {1e-30F, -2.5F, std::numeric_limits<float>::infinity()};
  std::vector<std::int64_t> batches = {123456789012};
  std::vector<std::uint8_t> mask = {1, 0, 1};
  std::vector<std::uint16_t> half = {0x3800, 0xbc00};
  std::vector<double> precise = {std::numbers::pi};
  std::vector<float> nothing;
  std::vector<std::uint8_t> byte = {7};

  std::map<std::string, TensorView> tensors() const {
    return {{"conv.weight", view("F32", {1, 2, 3}, weight)},
            {"conv.bias", view("F32", {3}, bias)},
            {"norm.batches", view("I64", {}, batches)},
            {"mask", view("BOOL", {3}, mask)},
            {"half", view("F16", {2, 1}, half)},
            {"precise", view("F64", {1}, precise)},
            {"nothing", view("F32", {0, 4}, nothing)},
            {"na\u00efve \"name\"", view("U8", {1}, byte)}};
  }
};

TEST(SafetensorsGolden, ReadsWhatTheReferenceImplementationWrote) {
  const Sample sample;
  const SafetensorsFile file(golden());
  const auto expected = sample.tensors();
  EXPECT_EQ(file.metadata(), (std::map<std::string, std::string>{{"format", "pt"}}));
  ASSERT_EQ(file.tensors().size(), expected.size());
  for (const auto& [name, want] : expected) {
    ASSERT_TRUE(file.tensors().contains(name)) << name;
    const TensorView& have = file.tensors().at(name);
    EXPECT_EQ(have.dtype, want.dtype) << name;
    EXPECT_EQ(have.shape, want.shape) << name;
    EXPECT_EQ(bytes_of(have), bytes_of(want)) << name;
  }
}

TEST(SafetensorsGolden, WritesTheBytesOfTheReferenceImplementation) {
  const testing_support::TemporaryFolder folder;
  const Sample sample;
  write_safetensors(folder.path() / "ours", sample.tensors(), {{"format", "pt"}});
  EXPECT_EQ(runtime::read_file(folder.path() / "ours"), runtime::read_file(golden()));
}

}  // namespace
}  // namespace chorale::checkpoint
