#include "train/loop/metric.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

using Better = Metric::Better;

TEST(Metric, SaysWhatIsBetter) {
  EXPECT_TRUE(is_better(0.5, 0.6, Better::kLower));
  EXPECT_FALSE(is_better(0.5, 0.6, Better::kHigher));
  EXPECT_TRUE(is_better(0.7, 0.6, Better::kHigher));
  for (const auto better : {Better::kLower, Better::kHigher}) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(is_better(0.6, 0.6, better));
    EXPECT_FALSE(is_better(nan, 0.6, better));
    EXPECT_FALSE(is_better(nan, nan, better));
    EXPECT_TRUE(is_better(0.6, nan, better));
  }
}

TEST(Monitored, IsTheMetricOfThatName) {
  const std::vector<Metric> metrics = {{"loss", 0.4, Better::kLower}, {"mood.macro_auc", 0.8}};
  EXPECT_EQ(monitored(metrics, "mood.macro_auc").value, 0.8);
  try {
    monitored(metrics, "macro_auc");
    FAIL() << "accepted";
  } catch (const runtime::UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("\"macro_auc\""));
    EXPECT_THAT(error.what(), testing::HasSubstr("loss, mood.macro_auc"));
  }
}

}  // namespace
}  // namespace chorale::train
