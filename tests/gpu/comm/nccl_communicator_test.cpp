// The contract of tests/mpi/comm/communicator_contract.cpp for NCCL in GPU memory, one rank a GPU, and what
// NCCL's communicator does beyond it.
#include "pipeline/comm/nccl_communicator.hpp"

#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cstdlib>

#include "mpi/comm/communicator_contract.hpp"
#include "mpi/mpi_main.hpp"
#include "pipeline/device/choice.hpp"

namespace chorale::comm::contract {
namespace {

using testing_support::mpi_session;

torch::Device own_gpu() {
  static const torch::Device gpu =
      device::choose_device(mpi_session(), config::Device::kCuda, device::visible_gpus());
  return gpu;
}

torch::Tensor host_view(const void* data, std::size_t bytes) {
  return torch::from_blob(const_cast<void*>(data), {static_cast<std::int64_t>(bytes)}, torch::kUInt8);
}

// Copies are given to the current stream, as training's are.
class GpuBlock : public Block {
 public:
  explicit GpuBlock(std::size_t bytes)
      : bytes_(torch::empty({static_cast<std::int64_t>(bytes)},
                            torch::dtype(torch::kUInt8).device(own_gpu()))) {}
  void* data() override { return bytes_.mutable_data_ptr(); }
  void upload(const void* host, std::size_t bytes) override {
    if (bytes > 0) bytes_.copy_(host_view(host, bytes));
  }
  void download(void* host, std::size_t bytes) override {
    if (bytes > 0) host_view(host, bytes).copy_(bytes_);
  }

 private:
  torch::Tensor bytes_;
};

Backend& nccl_backend() {
  static Backend instance;
  return instance;
}

// Its communicator must be gone before MPI_Finalize, and a static would outlive that.
class NcclBackend : public testing::Environment {
  void SetUp() override {
    nccl_backend() = {make_nccl_communicator(mpi_session(), own_gpu().index()), Memory::kGpu,
                      [](std::size_t bytes) { return std::make_unique<GpuBlock>(bytes); }};
  }
  void TearDown() override { nccl_backend() = {}; }
};

const auto* const kRegistered = testing::AddGlobalTestEnvironment(new NcclBackend);

Buffer buffer_of(const torch::Tensor& tensor) {
  return {tensor.data_ptr(), static_cast<std::size_t>(tensor.numel()), DataType::kFloat32, Memory::kGpu};
}

TEST(NcclCommunicator, TakesHostMemoryToo) {
  auto& comm = *backend().communicator;
  std::vector<std::int64_t> votes = {1, comm.rank()};
  comm.allreduce(buffer(std::span(votes)));
  EXPECT_THAT(votes, testing::ElementsAre(comm.size(), comm.size() * (comm.size() - 1) / 2));
}

// The collective waits for what its buffer is computed from, and what follows waits for the collective,
// without the host waiting for either: only the last line reads a result.
TEST(NcclCommunicator, StaysInOrderWithTheCurrentStream) {
  auto& comm = *backend().communicator;
  const auto options = torch::device(own_gpu());
  const auto factor = torch::full({2048, 2048}, 1.0F / 2048, options);
  auto values = torch::full({2048, 2048}, 1.0F, options);
  for (int i = 0; i < 50; ++i)
    values = values.matmul(factor);  // of ones, it stays 1; the GPU has work for a while
  const auto work = comm.start_allreduce(buffer_of(values));
  work->wait();
  const auto after = values * 2;
  EXPECT_EQ(after.min().item<float>(), 2.0F * static_cast<float>(comm.size()));
  EXPECT_EQ(after.max().item<float>(), 2.0F * static_cast<float>(comm.size()));
}

TEST(NcclCommunicator, EndsAtItsDeadlineAndNamesTheRank) {
  if (mpi_session().size() == 1) return;  // nobody can be late
  ::setenv("CHORALE_COLLECTIVE_TIMEOUT_S", "2", 1);
  const auto comm = make_nccl_communicator(mpi_session(), own_gpu().index());
  ::unsetenv("CHORALE_COLLECTIVE_TIMEOUT_S");
  const auto values = torch::ones({12}, torch::device(own_gpu()));
  if (mpi_session().rank() == 1) {
    try {
      comm->allreduce(buffer_of(values));
      ADD_FAILURE() << "rank 0 never takes part";
    } catch (const NcclError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("rank 1 of "));
      EXPECT_THAT(error.what(), testing::HasSubstr("all-reduce, collective number 1 (12 elements)"));
      EXPECT_THAT(error.what(), testing::HasSubstr("CHORALE_COLLECTIVE_TIMEOUT_S"));
    }
    EXPECT_THROW(comm->start_allreduce(buffer_of(values)), NcclError) << "the communicator has ended";
  }
  mpi_session().barrier();
}

}  // namespace

Backend& backend() { return nccl_backend(); }

}  // namespace chorale::comm::contract
