#include "pipeline/device/gpus.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::device {
namespace {

constexpr const char* kNotCompiledIn =
    "this program was built without CUDA; build it with ./run build cuda and use build/cuda/bin/chorale";

}  // namespace

VisibleGpus visible_gpus() { return {{}, kNotCompiledIn, false}; }
std::int64_t free_memory(int) { throw runtime::UsageError(kNotCompiledIn); }
void repeat_exactly() {}

}  // namespace chorale::device
