// The seam of data parallel training: collectives on flat buffers, behind one interface for MPI (CPU) and
// NCCL (GPU). Every call is collective: all ranks, same order, same sizes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace chorale::comm {

enum class DataType { kFloat32, kFloat64, kInt64, kByte };
enum class Memory { kHost, kGpu };

struct Buffer {
  void* data = nullptr;
  std::size_t count = 0;
  DataType type = DataType::kFloat32;
  Memory memory = Memory::kHost;
};

inline Buffer buffer(std::span<float> values) { return {values.data(), values.size(), DataType::kFloat32}; }
inline Buffer buffer(std::span<double> values) { return {values.data(), values.size(), DataType::kFloat64}; }
inline Buffer buffer(std::span<std::int64_t> values) {
  return {values.data(), values.size(), DataType::kInt64};
}
inline Buffer buffer(std::span<std::byte> values) { return {values.data(), values.size(), DataType::kByte}; }

// A collective under way. The buffer belongs to it until wait() returns. Both calls throw an error of the
// backend (MpiError, NcclError), also when the deadline passes: CHORALE_COLLECTIVE_TIMEOUT_S seconds, counted
// from the first call that found it not done.
class Work {
 public:
  virtual ~Work() = default;
  virtual bool test() = 0;  // drives progress; true when done
  // Host memory: returns when done. GPU memory: returns at once; whatever the current stream of this thread
  // is given from here on runs after the collective. A host that needs to know calls test() until it is true.
  virtual void wait() = 0;
};

// The blocking calls return when the collective is done, for the host and for the current stream. NCCL's
// communicator takes buffers in either memory, the others those in host memory alone.
class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;

  // Sum over ranks, in place; the result is the same, bit for bit, on every rank and every time for one size.
  virtual std::unique_ptr<Work> start_allreduce(Buffer buffer) = 0;
  virtual void allreduce(Buffer buffer) = 0;
  virtual void broadcast(Buffer buffer, int root) = 0;
  // `gathered` has size() * part.count elements, rank after rank.
  virtual void allgather(Buffer part, Buffer gathered) = 0;
  virtual void barrier() = 0;
};

}  // namespace chorale::comm
