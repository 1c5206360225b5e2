// Files from elsewhere are not trusted: each kind of damage is refused with a message, never read out of
// bounds.
#include "pipeline/checkpoint/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/random.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::checkpoint {
namespace {

std::string file_of(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t size = header.size();
  return std::string(reinterpret_cast<const char*>(&size), sizeof size) + header +
         std::string(data_bytes, '\1');
}

// The message with which `content` is refused; empty when it is read.
std::string refusal(const std::string& content) {
  const testing_support::TemporaryFolder folder;
  std::ofstream(folder.path() / "f.safetensors", std::ios::binary) << content;
  try {
    SafetensorsFile file(folder.path() / "f.safetensors");
    return "";
  } catch (const CheckpointError& error) {
    return error.what();
  }
}

TEST(Safetensors, AcceptsAPlainFile) {
  EXPECT_EQ(refusal(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  )", 8)), "");
  EXPECT_EQ(refusal(file_of("{}", 0)), "");
}

struct Damage {
  const char* header;
  std::size_t data_bytes;
  const char* complaint;
};

class SafetensorsDamage : public ::testing::TestWithParam<Damage> {};

TEST_P(SafetensorsDamage, IsRefused) {
  const std::string message = refusal(file_of(GetParam().header, GetParam().data_bytes));
  EXPECT_THAT(message, ::testing::HasSubstr(GetParam().complaint));
  EXPECT_THAT(message, ::testing::HasSubstr("f.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(
    All, SafetensorsDamage,
    ::testing::Values(
        Damage{"", 0, "not a JSON object"}, Damage{"[1]", 0, "not a JSON object"},
        Damage{"{\"a\":", 0, "not a JSON object"}, Damage{" {}", 0, "not a JSON object"},
        Damage{R"({"a":7})", 0, "entry a is malformed"},
        Damage{R"({"a":{"dtype":"F32","shape":[2]}})", 8, "entry a is malformed"},
        Damage{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})", 8, "entry a is malformed"},
        Damage{R"({"a":{"dtype":3,"shape":[2],"data_offsets":[0,8]}})", 8, "entry a is malformed"},
        Damage{R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8, "entry a is malformed"},
        Damage{R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", 8, "entry a is malformed"},
        Damage{R"({"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})", 8, "entry a is malformed"},
        Damage{R"({"__metadata__":{"a":1}})", 0, "entry __metadata__ is malformed"},
        Damage{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", 8, "outside of the file"},
        Damage{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8, "outside of the file"},
        Damage{R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 7, "outside of the file"},
        Damage{
            R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[18446744073709551608,18446744073709551615]}})",
            8, "outside of the file"},
        Damage{R"({"a":{"dtype":"Q32","shape":[2],"data_offsets":[0,8]}})", 8, "type Q32"},
        Damage{R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8, "as many bytes as its shape"},
        Damage{R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0,
               "as many bytes as its shape"},
        Damage{R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]}})", 8,
               "impossible shape"},
        Damage{R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
               R"("b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}})",
               12, "overlap"},
        Damage{R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
               R"("b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}})",
               5, "belong to no tensor"},
        Damage{R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 3, "belong to no tensor"},
        Damage{R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
               R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
               1, "names a twice"}));

TEST(Safetensors, RefusesAFileShorterThanItsHeaderSays) {
  const std::string whole = file_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 4);
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    EXPECT_NE(refusal(whole.substr(0, bytes)), "") << bytes;
  EXPECT_THAT(refusal(std::string(8, '\xff') + "{}"), ::testing::HasSubstr("not a safetensors file"));
}

// Any byte of the header changed: refused or read, but nothing else (the sanitizers watch).
TEST(Safetensors, SurvivesRandomChanges) {
  const std::string whole = file_of(R"({"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})", 8);
  runtime::RandomStream random(5);
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    std::string changed = whole;
    changed[random.below(changed.size() - 8)] = static_cast<char>(random.below(256));
    refused += refusal(changed).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 200);
}

TEST(Safetensors, BytesDependOnTheContentAlone) {
  const testing_support::TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3};
  const TensorView view{"F32", {3}, values.data(), 12};
  const std::vector<float> elsewhere = values;
  const TensorView same{"F32", {3}, elsewhere.data(), 12};
  write_safetensors(folder.path() / "1", {{"b", view}, {"a", same}});
  write_safetensors(folder.path() / "2", {{"a", view}, {"b", same}});
  EXPECT_EQ(runtime::read_file(folder.path() / "1"), runtime::read_file(folder.path() / "2"));
}

TEST(Safetensors, DiskFullIsReportedWithTheFile) {
  const std::vector<float> values(100'000);
  const TensorView view{"F32", {100'000}, values.data(), values.size() * sizeof(float)};
  try {
    write_safetensors("/dev/full", {{"a", view}});
    FAIL() << "expected CheckpointError";
  } catch (const CheckpointError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("/dev/full: cannot write: No space left on device"));
  }
}

TEST(Safetensors, RefusesToWriteATensorWhoseBytesDoNotFitItsShape) {
  const std::vector<float> values = {1, 2, 3};
  const testing_support::TemporaryFolder folder;
  EXPECT_THROW(write_safetensors(folder.path() / "1", {{"a", {"F32", {2}, values.data(), 12}}}),
               CheckpointError);
}

}  // namespace
}  // namespace chorale::checkpoint
