#include <gtest/gtest.h>

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {
namespace {

// The configuration is free of LibTorch, so it names the models itself.
TEST(ModelNames, EveryModelOfTheConfigurationCanBeMade) {
  for (const auto& name : config::model_names()) {
    EXPECT_NO_THROW(make_model(config::model_defaults(name), {.vector = 103}, 10)) << name;
  }
}

}  // namespace
}  // namespace chorale::models
