#include "ingest/shard_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace chorale::ingest {
namespace {

// A lost mount, say: the shard may not be written without the track, since no later job would look for it
// again.
TEST(ShardBuilder, AFileThatIsGoneEndsTheJob) {
  const testing_support::TemporaryFolder folder;
  config::Experiment experiment;
  experiment.dataset.root = folder.path();
  experiment.store.path = folder.path();
  const Part part{{{.track = {.id = "a/1",
                              .path = "a/1.wav",
                              .group = "1",
                              .split = {},
                              .labels = {dataset::Label::of_class(0)}},
                    .bytes = 1000}},
                  {}};
  ShardBuilder builder(experiment, {}, std::make_unique<features::Extractor>(experiment));
  try {
    builder.build({}, part, [](double) { return true; });
    FAIL() << "expected an error";
  } catch (const runtime::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("a/1.wav"));
    EXPECT_THAT(error.what(), testing::HasSubstr("the same command continues"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace chorale::ingest
