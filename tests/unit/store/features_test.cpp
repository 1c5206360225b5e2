// Stores of several features, and labels of every kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pipeline/store/shard_writer.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::store {
namespace {

using config::TaskKind;
using dataset::Label;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::TemporaryFolder;

StoreHeader header() {
  return {.config_text = "[features]\n",
          .config_hash = "0123456789abcdef",
          .program_version = "0.1.0",
          .tasks = {{"genres", TaskKind::kMulti, {"rock", "punk", "polka"}},
                    {"tempo", TaskKind::kRegression, {}},
                    {"key", TaskKind::kKey, {"C:maj", "C:min"}}},
          .features = {{.name = "mfcc", .width = 2, .type = config::StoreType::kHalf, .columns = {"a", "b"}},
                       {.name = "moments", .kind = FeatureKind::kTrack, .width = 3},
                       {.name = "beats", .kind = FeatureKind::kEvents, .width = 1}}};
}

using Values = std::vector<std::vector<float>>;

void add(ShardWriter& writer, const std::string& id, std::vector<Label> labels, const Values& values) {
  StoredTrack row;
  row.track.id = row.track.path = id;
  row.track.labels = std::move(labels);
  writer.add(row, std::vector<std::span<const float>>(values.begin(), values.end()));
}

class SeveralFeatures : public testing::Test {
 protected:
  SeveralFeatures() {
    ShardWriter first(header(), 0, "a");
    add(first, "t0", {Label::of_classes({0, 2}), Label::of_value(120.5F), Label::of_class(1)},
        {{1, 2, 3, 4}, {10, 11, 12}, {3, 7, 20}});
    add(first, "t1", {Label::of_classes({}), Label{}, Label{}}, {{5, 6}, {20, 21, 22}, {}});
    first.write(folder_.path());
    ShardWriter second(header(), 1, "b");
    add(second, "t2", {Label{}, Label::of_value(0), Label::of_class(0)}, {{7, 8}, {30, 31, 32}, {9}});
    second.write(folder_.path());
    write_index(folder_.path(), header(), 2);
  }

  const TemporaryFolder folder_;
};

TEST_F(SeveralFeatures, AreReadBack) {
  const Store store = Store::open(folder_.path());
  EXPECT_EQ(store.features(), header().features);
  const auto mfcc = store.feature("mfcc", FeatureKind::kFrames);
  const auto moments = store.feature("moments", FeatureKind::kTrack);
  const auto beats = store.feature("beats", FeatureKind::kEvents);
  std::vector<float> frames(2), vector(3);
  store.read_frames(mfcc, 0, 1, 1, frames.data());
  EXPECT_THAT(frames, ElementsAre(3, 4));
  store.read_frames(mfcc, 2, 0, 1, frames.data());
  EXPECT_THAT(frames, ElementsAre(7, 8));
  for (std::size_t track = 0; track < 3; ++track) {
    store.read_vector(moments, track, vector.data());
    EXPECT_EQ(vector[1], 11 + 10 * static_cast<float>(track));
  }
  EXPECT_THAT(store.read_events(beats, 0), ElementsAre(3, 7, 20));
  EXPECT_THAT(store.read_events(beats, 1), IsEmpty());
  EXPECT_THAT(store.read_events(beats, 2), ElementsAre(9));
  EXPECT_THAT(store.verify(), IsEmpty());
}

TEST_F(SeveralFeatures, LabelsKeepKnownApartFromNone) {
  const Store store = Store::open(folder_.path());
  EXPECT_EQ(store.tracks()[0].track.labels[0], Label::of_classes({0, 2}));
  EXPECT_EQ(store.tracks()[1].track.labels[0], Label::of_classes({}));
  EXPECT_EQ(store.tracks()[2].track.labels[0], Label{});
  EXPECT_EQ(store.tracks()[0].track.labels[1], Label::of_value(120.5F));
  EXPECT_EQ(store.tracks()[1].track.labels[1], Label{});
  EXPECT_EQ(store.tracks()[2].track.labels[1], Label::of_value(0));
  EXPECT_EQ(store.tracks()[0].track.labels[2].index(), 1);
  EXPECT_EQ(store.tracks()[1].track.labels[2].index(), -1);
}

TEST_F(SeveralFeatures, AFeatureThatIsNotThereIsRefusedWithThoseThatAre) {
  const Store store = Store::open(folder_.path());
  try {
    store.feature("mel", FeatureKind::kFrames);
    FAIL() << "expected StoreMismatch";
  } catch (const StoreMismatch& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("does not hold mel; it holds mfcc. Set features.store = "
                          "[\"mfcc\", \"moments\", \"beats\", \"mel\"] and run chorale ingest"));
  }
  EXPECT_THROW(store.feature("beats", FeatureKind::kFrames), StoreMismatch);
}

std::string why_refused(const Values& values, const StoreHeader& of = header()) {
  ShardWriter writer(of, 0, "a");
  try {
    add(writer, "t", {Label{}, Label{}, Label{}}, values);
  } catch (const StoreError& error) {
    return error.what();
  }
  return "it was taken";
}

TEST(Feature, ValuesThatCannotBeStoredAreRefused) {
  EXPECT_EQ(why_refused({{1, 2}, {1, 2, 3}, {}}), "it was taken");
  EXPECT_THAT(why_refused({{}, {1, 2, 3}, {}}), HasSubstr("mfcc has 0 values"));
  EXPECT_THAT(why_refused({{1, 2, 3}, {1, 2, 3}, {}}), HasSubstr("no whole rows of 2"));
  EXPECT_THAT(why_refused({{1, 2}, {1, 2, 3, 4, 5, 6}, {}}), HasSubstr("moments has more than one row"));
  EXPECT_THAT(why_refused({{1, 70000}, {1, 2, 3}, {}}), HasSubstr("store.dtype = \"f32\""));
  EXPECT_THAT(why_refused({{1e-8F, 0}, {1, 2, 3}, {}}), HasSubstr("nowhere above 6e-5"));
  EXPECT_EQ(why_refused({{0, 0}, {1e-8F, 2, 3}, {}}), "it was taken");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(why_refused({{1, 2}, {1, nan, 3}, {}}), HasSubstr("moments holds NaN"));
  StoreHeader two = header();
  two.features[1] = {.name = "chroma", .width = 3};
  EXPECT_THAT(why_refused({{1, 2, 3, 4}, {1, 2, 3}, {}}, two),
              HasSubstr("chroma has 1 frames where mfcc has 2"));
}

}  // namespace
}  // namespace chorale::store
