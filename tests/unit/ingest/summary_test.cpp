#include "ingest/summary.hpp"

#include <gtest/gtest.h>

#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::ingest {
namespace {

store::StoredTrack clip(const std::string& id, double seconds) {
  store::StoredTrack row;
  row.track = {.id = id,
               .path = "fma_small/" + id.substr(0, 3) + "/" + id + ".mp3",
               .group = id,
               .split = {},
               .labels = {{}}};
  row.duration = seconds;
  return row;
}

// Of the six published as bad in fma_small: 98565 and 98567 are short, 99134 and 133297 cannot be decoded,
// 98569 is a sound clip here, and 108925 is not there at all.
TEST(Summary, ComparesBadClipsWithThePublishedOnes) {
  const testing_support::TemporaryFolder folder;
  const store::StoreHeader header{.config_text = "",
                                  .config_hash = "hash",
                                  .program_version = "0",
                                  .tasks = {{"genre", config::TaskKind::kSingle, {}}},
                                  .features = {testing_support::mel_feature(1)}};
  store::ShardWriter writer(header, 0, "catalogue");
  for (const auto& track :
       {clip("000002", 30), clip("000005", 2), clip("098565", 1.6), clip("098567", 0.5), clip("098569", 30)})
    testing_support::add_mel(writer, track, std::vector<float>{-10});
  for (const char* path :
       {"fma_small/099/099134.mp3", "fma_small/133/133297.mp3", "fma_small/000/000010.mp3"})
    writer.quarantine({path, "decode", "no"});
  writer.quarantine({"fma_small/000/000011.mp3", "catalogue", "no metadata"});
  writer.write(folder.path());
  store::write_index(folder.path(), header, 1);
  config::Dataset dataset;
  dataset.kind = config::DatasetKind::kFma;
  dataset.subset = "small";
  EXPECT_EQ(compare_with_published(store::Store::open(folder.path()), dataset),
            "of the 6 clips published as bad in FMA small, 4 are: 2 in quarantine, 2 shorter than 5 s; 1 are "
            "not: 098569; "
            "1 are not in this collection; others in quarantine: 000010; others shorter than 5 s: 000005");
}

}  // namespace
}  // namespace chorale::ingest
