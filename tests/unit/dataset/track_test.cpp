#include "pipeline/dataset/track.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chorale::dataset {
namespace {

TEST(Labels, HaveTextsOfTheirOwn) {
  const std::vector<std::vector<Label>> all = {{},
                                               {Label{}},
                                               {Label::of_class(0)},
                                               {Label::of_class(12)},
                                               {Label::of_classes({})},
                                               {Label::of_classes({1, 2})},
                                               {Label::of_class(1), Label::of_class(2)},
                                               {Label::of_value(12)}};
  std::set<std::string> texts;
  for (const auto& labels : all) texts.insert(to_text(labels));
  EXPECT_EQ(texts.size(), all.size());
}

}  // namespace
}  // namespace chorale::dataset
