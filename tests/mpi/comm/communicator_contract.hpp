// What every Communicator must do, whatever moves the bytes. A backend's test program defines its fixture,
// which makes the communicator and moves values to and from the memory that the backend works on.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "pipeline/comm/communicator.hpp"

namespace chorale::comm::contract {

// One block of the backend's memory.
class Block {
 public:
  virtual ~Block() = default;
  virtual void* data() = 0;
  virtual void upload(const void* host, std::size_t bytes) = 0;
  virtual void download(void* host, std::size_t bytes) = 0;
};

struct Backend {
  std::unique_ptr<Communicator> communicator;
  Memory memory = Memory::kHost;
  std::function<std::unique_ptr<Block>(std::size_t bytes)> allocate;
};

// Defined once by each backend's test program; the same backend for all tests.
Backend& backend();

}  // namespace chorale::comm::contract
