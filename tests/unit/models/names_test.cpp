#include <gtest/gtest.h>

#include "pipeline/config/schema.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {
namespace {

// The schema is free of LibTorch, so it names the models itself.
TEST(ModelNames, AreTheChoicesOfTheSchema) {
  EXPECT_EQ(config::find_key("model.name")->allowed.choices, model_names());
}

}  // namespace
}  // namespace chorale::models
