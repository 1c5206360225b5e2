// Work for a GPU that is recorded once and then given to it as a whole (a CUDA graph), without the host's
// part of every operation. Two files implement it, recording_cuda.cpp and recording_none.cpp.
#pragma once

#include <functional>
#include <memory>

namespace chorale::device {

class Recording {
 public:
  // Runs `work` on the host, which records what it gives to the GPU instead of computing it. It must not read
  // a result, and all tensors that it shares with its surroundings must stay where they are, since replay()
  // works on the same addresses. The device's default generator belongs to the recording: a replay draws from
  // its state at that time. Needs a device::Stream. Throws runtime::Error when the work cannot be recorded,
  // after which the process can no longer use the GPU.
  explicit Recording(const std::function<void()>& work);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // Gives the recorded work to the current stream.
  void replay();

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace chorale::device
