// A result that is computed when first asked for and kept until the next track, its memory longer.
#pragma once

namespace chorale::features {

template <class T>
class Lazy {
 public:
  void forget() { known_ = false; }

  // `compute(T&)` where it is not known yet.
  template <class Compute>
  const T& get(Compute compute) {
    if (!known_) compute(value_);
    known_ = true;
    return value_;
  }

 private:
  T value_{};
  bool known_ = false;
};

}  // namespace chorale::features
