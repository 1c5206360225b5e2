#include "pipeline/device/copies.hpp"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <stdexcept>

namespace chorale::device {
namespace {

c10::Stream current_stream(torch::Device device) {
  return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

c10::Stream pool_stream(torch::Device device) {
  return c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device);
}

comm::DataType data_type(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat32:
      return comm::DataType::kFloat32;
    case torch::kFloat64:
      return comm::DataType::kFloat64;
    case torch::kInt64:
      return comm::DataType::kInt64;
    case torch::kUInt8:
      return comm::DataType::kByte;
    default:
      throw std::logic_error("a collective takes floats, doubles, int64 or bytes");
  }
}

}  // namespace

torch::Tensor upload(const torch::Tensor& host, torch::Device device) {
  if (!host.defined() || host.device() == device) return host;
  if (host.numel() == 0) return host.to(device);
  static const c10::Stream copies = pool_stream(device);  // a process works on one GPU
  const auto current = current_stream(device);
  const auto pinned = host.pin_memory();
  torch::Tensor copy;
  c10::Event copied(device.type());
  {
    const c10::StreamGuard guard(copies);
    copy = pinned.to(device, /*non_blocking=*/true);
    copied.record(copies);
  }
  copied.block(current);
  copy.record_stream(current);
  return copy;
}

Download::Download(const torch::Tensor& tensor) {
  const torch::NoGradGuard no_grad;
  if (!tensor.is_cuda()) {
    host_ = tensor.detach().clone(at::MemoryFormat::Contiguous);
    return;
  }
  host_ = torch::empty(tensor.sizes(), tensor.options().device(torch::kCPU).pinned_memory(true));
  host_.copy_(tensor, /*non_blocking=*/true);
  arrived_.emplace(tensor.device().type());
  arrived_->record(current_stream(tensor.device()));
}

const torch::Tensor& Download::wait() {
  if (arrived_) arrived_->synchronize();
  return host_;
}

comm::Buffer buffer_of(const torch::Tensor& tensor) {
  if (!tensor.is_contiguous()) throw std::logic_error("a collective takes contiguous tensors");
  return {tensor.data_ptr(), static_cast<std::size_t>(tensor.numel()), data_type(tensor.scalar_type()),
          tensor.is_cuda() ? comm::Memory::kGpu : comm::Memory::kHost};
}

Stream::Stream(torch::Device device) {
  if (device.is_cuda()) guard_.emplace(pool_stream(device));
}

Stream::~Stream() = default;

}  // namespace chorale::device
