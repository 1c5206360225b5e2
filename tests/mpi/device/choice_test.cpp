// Which device each rank gets. The GPUs are made up: what a rank sees of them decides, and no one is used.
#include "pipeline/device/choice.hpp"

#include <gmock/gmock.h>

#include "mpi/mpi_main.hpp"

namespace chorale::device {
namespace {

using config::Device;
using testing::HasSubstr;
using testing_support::mpi_session;

VisibleGpus gpus(std::vector<std::string> uuids) {
  VisibleGpus visible;
  for (auto& uuid : uuids) visible.gpus.push_back({"Test GPU", uuid});
  return visible;
}

VisibleGpus no_gpu() { return {{}, "the driver is missing"}; }

std::string error_of(Device wanted, const VisibleGpus& visible) {
  try {
    choose_device(mpi_session(), wanted, visible);
  } catch (const runtime::UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(ChooseDevice, RanksOfANodeTakeItsGpusInTurn) {
  for (const auto wanted : {Device::kCuda, Device::kAuto}) {
    const auto device = choose_device(mpi_session(), wanted, gpus({"a", "b", "c"}));
    EXPECT_EQ(device, c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(mpi_session().rank())));
  }
}

// As under srun --gpus-per-task=1.
TEST(ChooseDevice, RanksThatSeeOneGpuEachTakeIt) {
  const auto device =
      choose_device(mpi_session(), Device::kCuda, gpus({std::to_string(mpi_session().rank())}));
  EXPECT_EQ(device, c10::Device(c10::kCUDA, 0));
}

TEST(ChooseDevice, TwoRanksOnOneGpuAreRefusedByName) {
  for (const auto wanted : {Device::kCuda, Device::kAuto}) {
    const std::string error = error_of(wanted, gpus({"0123"}));
    if (mpi_session().size() == 1) {
      EXPECT_EQ(error, "");
      continue;
    }
    EXPECT_THAT(error, HasSubstr("ranks 0 and 1 would share one GPU: Test GPU on "));
    EXPECT_THAT(error, HasSubstr("0123"));
    EXPECT_THAT(error, HasSubstr("--gpus-per-task=1"));
    EXPECT_THAT(error, HasSubstr("CUDA_VISIBLE_DEVICES"));
  }
}

TEST(ChooseDevice, ARankWithoutGpuDecidesForAll) {
  const int last = mpi_session().size() - 1;
  const auto visible = mpi_session().rank() == last ? no_gpu() : gpus({"a", "b", "c"});
  EXPECT_EQ(choose_device(mpi_session(), Device::kAuto, visible), c10::Device(c10::kCPU));
  const std::string error = error_of(Device::kCuda, visible);
  EXPECT_THAT(error, HasSubstr("train.device is cuda, but on rank " + std::to_string(last)));
  EXPECT_THAT(error, HasSubstr("the driver is missing"));
}

TEST(ChooseDevice, TheCpuNeedsNoGpu) {
  EXPECT_EQ(choose_device(mpi_session(), Device::kCpu, gpus({"a"})), c10::Device(c10::kCPU));
}

TEST(GpuOrCpu, FallsBack) {
  EXPECT_EQ(gpu_or_cpu(Device::kCuda, no_gpu()), c10::Device(c10::kCPU));
  EXPECT_EQ(gpu_or_cpu(Device::kAuto, no_gpu()), c10::Device(c10::kCPU));
  EXPECT_EQ(gpu_or_cpu(Device::kAuto, gpus({"a", "b"})), c10::Device(c10::kCUDA, 0));
  EXPECT_EQ(gpu_or_cpu(Device::kCpu, gpus({"a"})), c10::Device(c10::kCPU));
}

TEST(SharedGpu, IsFoundByHostAndIdentity) {
  const Gpu a{"Test GPU", "a"}, b{"Test GPU", "b"};
  EXPECT_EQ(shared_gpu(std::vector<Place>{{"n1", 0, a}, {"n1", 1, b}, {"n2", 0, a}}), "");
  EXPECT_THAT(shared_gpu(std::vector<Place>{{"n1", 0, a}, {"n1", 1, b}, {"n2", 0, b}, {"n1", 0, b}}),
              HasSubstr("ranks 1 and 3"));
}

}  // namespace
}  // namespace chorale::device
