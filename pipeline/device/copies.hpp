// Tensors between the host and a device, without making the host wait for what the device is computing.
#pragma once

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <torch/torch.h>

#include <optional>

#include "pipeline/comm/communicator.hpp"

namespace chorale::device {

// `host` on `device`: the tensor itself if it is there already, on a GPU a copy by way of pinned memory, on a
// stream of its own, for which the current stream waits. The caller may change `host` at once. Undefined
// tensors stay so.
torch::Tensor upload(const torch::Tensor& host, torch::Device device);

// What a tensor held when this was made, on its way to the host.
class Download {
 public:
  explicit Download(const torch::Tensor& tensor);

  // On the CPU, contiguous. Returns when the device has come this far.
  const torch::Tensor& wait();

 private:
  torch::Tensor host_;
  std::optional<c10::Event> arrived_;
};

// A contiguous tensor of floats, doubles, int64 or bytes, wherever it is, as a collective takes it.
comm::Buffer buffer_of(const torch::Tensor& tensor);

// While it lives, the GPU is the current one of this thread, and work goes to a stream of its own, as the
// capture of graphs needs. Nothing on the CPU.
class Stream {
 public:
  explicit Stream(torch::Device device);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

 private:
  std::optional<c10::StreamGuard> guard_;
};

}  // namespace chorale::device
