// The contract of communicator_contract.cpp for MPI in host memory.
#include "pipeline/comm/mpi_communicator.hpp"

#include "mpi/comm/communicator_contract.hpp"
#include "mpi/mpi_main.hpp"

namespace chorale::comm::contract {
namespace {

class HostBlock : public Block {
 public:
  explicit HostBlock(std::size_t bytes) : bytes_(bytes) {}
  void* data() override { return bytes_.data(); }
  void upload(const void* host, std::size_t bytes) override {
    if (bytes > 0) std::memcpy(data(), host, bytes);
  }
  void download(void* host, std::size_t bytes) override {
    if (bytes > 0) std::memcpy(host, data(), bytes);
  }

 private:
  std::vector<std::byte> bytes_;
};

Backend& mpi_backend() {
  static Backend instance;
  return instance;
}

// Its communicator must be gone before MPI_Finalize, and a static would outlive that.
class MpiBackend : public testing::Environment {
  void SetUp() override {
    mpi_backend() = {make_mpi_communicator(testing_support::mpi_session()), Memory::kHost,
                     [](std::size_t bytes) { return std::make_unique<HostBlock>(bytes); }};
  }
  void TearDown() override { mpi_backend() = {}; }
};

const auto* const kRegistered = testing::AddGlobalTestEnvironment(new MpiBackend);

}  // namespace

Backend& backend() { return mpi_backend(); }

}  // namespace chorale::comm::contract
