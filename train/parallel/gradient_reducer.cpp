#include "train/parallel/gradient_reducer.hpp"

#include <utility>

#include "pipeline/device/copies.hpp"

namespace chorale::train {

// Called by autograd each time it has accumulated a gradient of its parameter.
class GradientReducer::Hook : public torch::autograd::PostAccumulateGradHook {
 public:
  Hook(GradientReducer& reducer, std::size_t bucket) : reducer_(reducer), bucket_(bucket) {}
  void operator()(const torch::autograd::Variable&) override { reducer_.on_gradient(bucket_); }

 private:
  GradientReducer& reducer_;
  std::size_t bucket_;
};

GradientReducer::GradientReducer(const FlatParameters& parameters, comm::Communicator& communicator,
                                 double bucket_mib)
    : parameters_(parameters), communicator_(communicator) {
  if (communicator_.size() == 1) return;
  make_buckets(bucket_mib);
  for (std::size_t b = 0; b < buckets_.size(); ++b) {
    for (std::size_t p = buckets_[b].first; p < buckets_[b].last; ++p) {
      torch::autograd::impl::set_post_acc_grad_hooks(parameters_.parameters()[p],
                                                     std::make_unique<Hook>(*this, b));
    }
  }
}

GradientReducer::~GradientReducer() {
  if (buckets_.empty()) return;
  for (const auto& parameter : parameters_.parameters()) {
    torch::autograd::impl::set_post_acc_grad_hooks(parameter, nullptr);
  }
}

void GradientReducer::make_buckets(double bucket_mib) {
  const auto& offsets = parameters_.offsets();
  const double limit = bucket_mib * 1024 * 1024 / sizeof(float);
  std::size_t last = parameters_.parameters().size();
  for (std::size_t first = last; first-- > 0;) {
    const bool full = first > 0 && static_cast<double>(offsets[last] - offsets[first - 1]) > limit;
    if (!full && first > 0) continue;
    buckets_.push_back({first, last, last - first, nullptr});
    last = first;
  }
}

void GradientReducer::on_gradient(std::size_t bucket) {
  if (held_) return;
  --buckets_[bucket].missing;
  while (started_ < buckets_.size() && buckets_[started_].missing == 0) start_next();
  for (std::size_t b = 0; b < started_; ++b) buckets_[b].work->test();
}

void GradientReducer::start_next() {
  Bucket& bucket = buckets_[started_++];
  const auto begin = parameters_.offsets()[bucket.first], end = parameters_.offsets()[bucket.last];
  bucket.work =
      communicator_.start_allreduce(device::buffer_of(parameters_.gradients().narrow(0, begin, end - begin)));
}

void GradientReducer::finalize() {
  while (started_ < buckets_.size()) start_next();
  for (Bucket& bucket : buckets_) {
    bucket.work->wait();
    bucket.work.reset();
    bucket.missing = bucket.last - bucket.first;
  }
  started_ = 0;
}

}  // namespace chorale::train
