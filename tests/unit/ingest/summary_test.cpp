#include "ingest/summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

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

store::StoredTrack variant_of(store::StoredTrack row, const std::string& variant) {
  row.track.id += "~" + variant;
  row.track.variant = variant;
  return row;
}

config::Experiment fma_small() {
  config::Experiment experiment;
  experiment.dataset.kind = config::DatasetKind::kFma;
  experiment.dataset.subset = "small";
  return experiment;
}

class Summary : public testing::Test {
 protected:
  store::Store make_store(const std::vector<store::StoredTrack>& tracks,
                          const std::vector<store::QuarantineRow>& quarantine = {}) const {
    const store::StoreHeader header{.config_text = "",
                                    .config_hash = "hash",
                                    .program_version = "0",
                                    .tasks = {{"genre", config::TaskKind::kSingle, {}}},
                                    .features = {testing_support::mel_feature(1)}};
    store::ShardWriter writer(header, 0, "catalogue");
    for (const auto& track : tracks) testing_support::add_mel(writer, track, std::vector<float>{-10});
    for (const auto& row : quarantine) writer.quarantine(row);
    writer.write(folder.path());
    store::write_index(folder.path(), header, 1);
    return store::Store::open(folder.path());
  }

  const testing_support::TemporaryFolder folder;
};

// Of the six published as bad in fma_small: 98565 and 98567 are short, 99134 and 133297 cannot be decoded,
// 98569 is a sound clip here, and 108925 is not there at all.
TEST_F(Summary, ComparesBadClipsWithThePublishedOnes) {
  const auto store = make_store(
      {clip("000002", 30), clip("000005", 2), clip("098565", 1.6), clip("098567", 0.5), clip("098569", 30)},
      {{"fma_small/099/099134.mp3", "decode", "no"},
       {"fma_small/133/133297.mp3", "decode", "no"},
       {"fma_small/000/000010.mp3", "decode", "no"},
       {"fma_small/000/000011.mp3", "catalogue", "no metadata"}});
  EXPECT_EQ(compare_with_published(store, fma_small()),
            "of the 6 clips published as bad in FMA small, 4 are: 2 in quarantine, 2 shorter than 5 s; 1 are "
            "not: 098569; "
            "1 are not in this collection; others in quarantine: 000010; others shorter than 5 s: 000005");
}

// 98565 is short, but one of its variants is not, and another one failed.
TEST_F(Summary, VariantsAreNoClips) {
  const auto store = make_store({clip("098565", 3), variant_of(clip("098565", 6), "time_stretch_0.5"),
                                 clip("000002", 30), variant_of(clip("000002", 4), "time_stretch_8")},
                                {{"fma_small/098/098565.mp3", "pitch_shift_2", "too short"}});
  EXPECT_EQ(compare_with_published(store, fma_small()),
            "of the 6 clips published as bad in FMA small, 1 are: 0 in quarantine, 1 shorter than 5 s; 5 are "
            "not in this collection");
}

TEST_F(Summary, ClipsThatTheConfigurationCutsAreNotCalledShort) {
  const auto store = make_store({clip("000002", 3), clip("098565", 1.6)});
  auto experiment = fma_small();
  experiment.audio.duration = 3;
  EXPECT_EQ(compare_with_published(store, experiment),
            "of the 6 clips published as bad in FMA small, 0 are: 0 in quarantine; 1 can be decoded, "
            "audio.duration hides whether they are short: 098565; 5 are not in this collection");
}

// What is logged of a store in which one of two recordings has no artist.
class UnknownArtists : public Summary {
 protected:
  std::string logged(config::DatasetKind kind, const std::string& metadata) const {
    auto known = clip("000002", 30);
    known.track.group = "Ella";
    const auto store = make_store({known, variant_of(known, "gain_3"), clip("000005", 30)});
    config::Experiment experiment = fma_small();
    experiment.dataset.kind = kind;
    experiment.dataset.group = config::GroupKind::kArtist;
    experiment.dataset.metadata = metadata;
    std::ostringstream text;
    const auto before = spdlog::default_logger();
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text)));
    log_findings(store, experiment);
    spdlog::set_default_logger(before);
    return text.str();
  }
};

TEST_F(UnknownArtists, AreCountedUnlessTheCatalogueHasDoneSo) {
  using testing::HasSubstr;
  using testing::Not;
  const auto warning = HasSubstr("1 of 2 tracks have no known artist; each is a group of its own");
  EXPECT_THAT(logged(config::DatasetKind::kManifest, "songs.csv"), warning);
  EXPECT_THAT(logged(config::DatasetKind::kFma, "fma_metadata"), warning);
  EXPECT_THAT(logged(config::DatasetKind::kFolder, ""), warning);
  EXPECT_THAT(logged(config::DatasetKind::kFolder, "artists.csv"), Not(warning));
  EXPECT_THAT(logged(config::DatasetKind::kGtzan, "artists.csv"), Not(warning));
}

}  // namespace
}  // namespace chorale::ingest
