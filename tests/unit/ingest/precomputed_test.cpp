// Manifests that point at arrays, from their catalogue into a store.
#include "ingest/precomputed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ingest/plan.hpp"
#include "ingest/shard_builder.hpp"
#include "pipeline/store/store.hpp"
#include "support/npy_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::npy_bytes;
using testing_support::npy_header;

class PrecomputedTest : public testing::Test {
 protected:
  PrecomputedTest() {
    experiment.dataset.kind = config::DatasetKind::kManifest;
    experiment.dataset.root = (folder.path() / "data").string();
    experiment.store.path = (folder.path() / "store").string();
    experiment.store.dtype = config::StoreType::kFloat;
    std::filesystem::create_directories(experiment.store.path);
  }

  void file(const std::string& name, const std::string& bytes) const {
    const auto path = std::filesystem::path(experiment.dataset.root) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  void array(const std::string& name, const std::string& shape, const std::vector<float>& values,
             const std::string& fortran_order = "False") const {
    file(name, npy_bytes(npy_header("<f4", fortran_order, shape), values));
  }

  store::Store ingest() const {
    const auto catalogue = catalogue::make_catalogue(experiment.dataset);
    store::StoreHeader header{
        .config_text = "",
        .config_hash = "hash",
        .program_version = "0",
        .tasks = catalogue.tasks,
        .features = describe_precomputed(catalogue.precomputed.value(), experiment.store.dtype)};
    ShardBuilder builder(experiment, header, nullptr, catalogue.precomputed);
    builder.build({}, {catalogue.entries, catalogue.refused}, [](double) { return true; });
    store::write_index(experiment.store.path, header, 1);
    return store::Store::open(experiment.store.path);
  }

  std::vector<float> frames(const store::Store& store, std::size_t track) const {
    const auto feature = store.feature("spectrogram", store::FeatureKind::kFrames);
    std::vector<float> values(store.tracks()[track].frame_count * store.features()[feature].width);
    store.read_frames(feature, track, 0, store.tracks()[track].frame_count, values.data());
    return values;
  }
  std::vector<float> numbers(const store::Store& store, std::size_t track) const {
    const auto feature = store.feature("table", store::FeatureKind::kTrack);
    std::vector<float> values(store.features()[feature].width);
    store.read_vector(feature, track, values.data());
    return values;
  }
  std::string error() const {
    try {
      ingest();
    } catch (const runtime::Error& caught) {
      return caught.what();
    }
    return "no error";
  }

  const testing_support::TemporaryFolder folder;
  config::Experiment experiment;
};

TEST_F(PrecomputedTest, SpectrogramsAndTheirFeaturesBecomeAStore) {
  array("s/a.npy", "(2, 3)", {1, 2, 3, 4, 5, 6});
  array("s/b.npy", "(1, 3)", {7, 8, 9}, "True");
  file("features.csv", "id,tempo,rms\nb,90,0.25\na,120,0.5\n");
  file("manifest.csv",
       "id,spectrogram,features,genre\na,s/a.npy,features.csv,rock\nb,./s/b.npy,features.csv,jazz\n");
  const store::Store store = ingest();
  ASSERT_EQ(store.tracks().size(), 2U);
  EXPECT_THAT(frames(store, 0), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(frames(store, 1), ElementsAre(7, 8, 9));
  EXPECT_THAT(numbers(store, 0), ElementsAre(120, 0.5));
  EXPECT_THAT(numbers(store, 1), ElementsAre(90, 0.25));
  EXPECT_THAT(store.features()[1].columns, ElementsAre("tempo", "rms"));
  EXPECT_EQ(store.tracks()[0].track.path, "s/a.npy");
  EXPECT_DOUBLE_EQ(store.tracks()[0].duration, 2 * 512 / 22050.0);
  EXPECT_NE(store.tracks()[0].source_hash, store.tracks()[1].source_hash);
}

TEST_F(PrecomputedTest, NumbersMayStandInTheManifestItself) {
  file("manifest.csv", "id,feature.tempo,feature.rms,genre\na,120,0.5,rock\nb,90,0.25,jazz\n");
  const store::Store store = ingest();
  EXPECT_THAT(numbers(store, 1), ElementsAre(90, 0.25));
  EXPECT_THAT(store.features()[0].columns, ElementsAre("tempo", "rms"));
  EXPECT_EQ(store.tracks()[0].source_hash, 0U) << "equal numbers do not make tracks copies";
}

TEST_F(PrecomputedTest, VectorsOfEachTrackMayBeFiles) {
  array("a.npy", "(2,)", {1, 2});
  array("b.npy", "(1, 2)", {3, 4});
  file("manifest.jsonl",
       "{\"id\": \"a\", \"features\": \"a.npy\", \"genre\": \"x\"}\n{\"id\": \"b\", \"features\": \"b.npy\", "
       "\"genre\": \"y\"}\n");
  const store::Store store = ingest();
  EXPECT_THAT(numbers(store, 0), ElementsAre(1, 2));
  EXPECT_THAT(numbers(store, 1), ElementsAre(3, 4));
}

TEST_F(PrecomputedTest, ArraysThatDoNotFitAreQuarantined) {
  file("0.npy", "damaged");
  array("a.npy", "(2, 3)", {1, 2, 3, 4, 5, 6});
  array("b.npy", "(3, 2)", {1, 2, 3, 4, 5, 6});
  array("c.npy", "(1, 3)", {1, 2, std::numeric_limits<float>::quiet_NaN()});
  file("manifest.csv", "id,spectrogram,genre\n0,0.npy,x\na,a.npy,x\nb,b.npy,x\nc,c.npy,x\nd,d.npy,x\n");
  const store::Store store = ingest();
  ASSERT_EQ(store.tracks().size(), 1U);
  EXPECT_EQ(store.tracks()[0].track.id, "a");
  std::vector<std::string> reasons;
  for (const auto& row : store.quarantine()) reasons.push_back(row.path + " " + row.stage + " " + row.reason);
  EXPECT_THAT(reasons,
              ElementsAre("d.npy catalogue the manifest names this file, but it is not there",
                          HasSubstr("0.npy array is not an .npy file"),
                          HasSubstr("b.npy array b.npy: has 2 bins, expected 3, as most of the collection's "
                                    "first arrays have"),
                          HasSubstr("c.npy array the value at [0, 2] is not a number")));
}

TEST_F(PrecomputedTest, OneOddArrayComesFirstAndDoesNotDecide) {
  array("a.npy", "(3, 2)", {1, 2, 3, 4, 5, 6});
  for (const char* name : {"b.npy", "c.npy"}) array(name, "(2, 3)", {1, 2, 3, 4, 5, 6});
  file("manifest.csv", "id,spectrogram,genre\na,a.npy,x\nb,b.npy,x\nc,c.npy,x\n");
  const store::Store store = ingest();
  EXPECT_EQ(store.tracks().size(), 2U);
  ASSERT_EQ(store.quarantine().size(), 1U);
  EXPECT_EQ(store.quarantine()[0].path, "a.npy");
  EXPECT_THAT(store.quarantine()[0].reason, HasSubstr("has 2 bins, expected 3"));
}

TEST_F(PrecomputedTest, OtherValuesInFilesOfTheSameSizeMakeAShardAnew) {
  const auto hash = [&] {
    return make_plan(catalogue::make_catalogue(experiment.dataset), 64).plan.shards.at(0).catalogue_hash;
  };
  array("s.npy", "(1, 2)", {1, 2});
  array("v.npy", "(2,)", {1, 2});
  file("t.csv", "id,x\na,1\n");
  const auto expect_change = [&](const std::string& manifest, const auto& change) {
    file("manifest.csv", manifest);
    const std::string before = hash();
    EXPECT_EQ(hash(), before);
    change();
    EXPECT_NE(hash(), before) << manifest;
  };
  expect_change("id,spectrogram,genre\na,s.npy,x\n", [&] { array("s.npy", "(1, 2)", {1, 3}); });
  expect_change("id,features,genre\na,v.npy,x\n", [&] { array("v.npy", "(2,)", {1, 3}); });
  expect_change("id,spectrogram,features,genre\na,s.npy,v.npy,x\n", [&] { array("v.npy", "(2,)", {1, 4}); });
  expect_change("id,spectrogram,features,genre\na,s.npy,v.npy,x\n", [&] {
    array("s.npy", "(1, 2)", {1, 4});
  });
  expect_change("id,features,genre\na,t.csv,x\n", [&] { file("t.csv", "id,x\na,2\n"); });
}

TEST_F(PrecomputedTest, WhatCannotBeIsNamed) {
  file("0.npy", "damaged");
  file("manifest.csv", "id,spectrogram,genre\n0,0.npy,x\n");
  EXPECT_THAT(error(),
              HasSubstr("none of the .npy files that the manifest names can be read; the last: 0.npy"));
  file("manifest.csv", "id,spectrogram,genre\n0,../0.npy,x\n");
  EXPECT_THAT(error(), HasSubstr("manifest.csv:2: the path leads out of the tree"));
  file("manifest.csv", "id,feature.x,genre\na,fast,x\nb,,x\n");
  EXPECT_THAT(error(), HasSubstr("manifest.csv:3: feature.x: found \"\", expected a number"));
  file("manifest.csv", "id,feature.x,features,genre\na,1,f.csv,x\n");
  EXPECT_THAT(error(), HasSubstr("use one kind"));
  file("f.csv", "id,x\nb,1\n");
  file("manifest.csv", "id,features,genre\na,f.csv,x\n");
  EXPECT_THAT(error(), HasSubstr("a: f.csv has no row for this id"));
}

}  // namespace
}  // namespace chorale::ingest
