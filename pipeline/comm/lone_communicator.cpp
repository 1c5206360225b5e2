#include "pipeline/comm/lone_communicator.hpp"

#include <cstring>

namespace chorale::comm {
namespace {

std::size_t bytes_of(DataType type) {
  switch (type) {
    case DataType::kFloat32:
      return sizeof(float);
    case DataType::kFloat64:
      return sizeof(double);
    case DataType::kInt64:
      return sizeof(std::int64_t);
    case DataType::kByte:
      return 1;
  }
  return 0;
}

class DoneWork : public Work {
 public:
  bool test() override { return true; }
  void wait() override {}
};

class LoneCommunicator : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::unique_ptr<Work> start_allreduce(Buffer) override { return std::make_unique<DoneWork>(); }
  void allreduce(Buffer) override {}
  void broadcast(Buffer, int) override {}
  void allgather(Buffer part, Buffer gathered) override {
    if (part.count > 0) std::memcpy(gathered.data, part.data, part.count * bytes_of(part.type));
  }
  void barrier() override {}
};

}  // namespace

std::unique_ptr<Communicator> make_lone_communicator() { return std::make_unique<LoneCommunicator>(); }

}  // namespace chorale::comm
