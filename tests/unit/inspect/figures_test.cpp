#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "pipeline/inspect/classes.hpp"
#include "pipeline/inspect/distribution_figures.hpp"
#include "pipeline/inspect/feature_figure.hpp"
#include "pipeline/inspect/gallery_figure.hpp"
#include "pipeline/inspect/store_figures.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::inspect {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing_support::TemporaryFolder;

constexpr std::size_t kBands = 3;

// Nine recordings and a variant of the first: three of "a & b", five of "long", one without label, none of
// "none". Mel of track t has 2 + t frames; frame f, band b is -10 b - f dB. The vector is (t, 5).
store::Store make_store(const fs::path& folder) {
  const store::StoreHeader header{
      .config_text = "[features]\nhop_length = 512\n",
      .config_hash = "0123456789abcdef",
      .program_version = "0.1.0",
      .tasks = {{"tempo", config::TaskKind::kRegression, {}},
                {"genre", config::TaskKind::kSingle, {"a & b", "long", "none"}}},
      .features = {
          {.name = "mel",
           .kind = store::FeatureKind::kFrames,
           .width = kBands,
           .scale = store::FeatureScale::kDecibel},
          {.name = "numbers", .kind = store::FeatureKind::kTrack, .width = 2, .columns = {"t", "five"}}}};
  store::ShardWriter writer(header, 0, "catalogue");
  for (std::size_t track = 0; track < 10; ++track) {
    std::vector<float> mel;
    for (std::size_t i = 0; i < (2 + track) * kBands; ++i) {
      mel.push_back(-10.0F * static_cast<float>(i % kBands) - static_cast<float>(i / kBands));
    }
    const std::array<float, 2> numbers = {static_cast<float>(track), 5.0F};
    store::StoredTrack row;
    row.track.id = row.track.path = "track " + std::to_string(track);
    row.track.group = track < 2 ? "same" : std::to_string(track);
    row.track.labels = {{}, dataset::Label::of_class(track < 3 ? 0 : 1)};
    if (track == 8) row.track.labels[1] = {};
    if (track == 9) {
      row.track.variant = "louder";
      row.track.labels[1] = dataset::Label::of_class(0);
    }
    row.duration = track < 8 ? 12.0 : 5.9;
    writer.add(row, std::array<std::span<const float>, 2>{mel, numbers});
  }
  writer.write(folder);
  store::write_index(folder, header, 1);
  return store::Store::open(folder);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Classes, AreTheRecordingsOfEachWithoutVariants) {
  const TemporaryFolder folder;
  const auto store = make_store(folder.path());
  EXPECT_THAT(tracks_by_class(store, 0), IsEmpty());
  const auto classes = tracks_by_class(store, 1);
  ASSERT_EQ(classes.size(), 3U);
  EXPECT_THAT(classes[0].tracks, ElementsAre(0, 1, 2));
  EXPECT_THAT(classes[1].tracks, ElementsAre(3, 4, 5, 6, 7));
  EXPECT_THAT(classes[2].tracks, IsEmpty());
}

TEST(Classes, LargestKeepTheirOrder) {
  const std::vector<ClassTracks> classes = {
      {"a", {1}}, {"b", {1, 2, 3}}, {"c", {}}, {"d", {1, 2}}, {"e", {1}}};
  const auto names = [&](std::size_t count) {
    std::string text;
    for (const auto& each : largest(classes, count)) text += each.name;
    return text;
  };
  EXPECT_EQ(names(1), "b");
  EXPECT_EQ(names(2), "bd");
  EXPECT_EQ(names(3), "abd");
  EXPECT_EQ(names(9), "abde");
}

TEST(ClassFigure, CountsTracksAndHours) {
  const TemporaryFolder folder;
  const auto store = make_store(folder.path());
  EXPECT_THAT(lines_of(class_figure("classes", "Title", store, tracks_by_class(store, 1)).data),
              ElementsAre("# row\ttracks\thours\tclass", "1\t3\t0.0100\ta & b", "2\t5\t0.0167\tlong",
                          "3\t0\t0.0000\tnone"));
}

TEST(ClassFigure, DrawsTheLargestOfMany) {
  const TemporaryFolder folder;
  const auto store = make_store(folder.path());
  std::vector<ClassTracks> classes;
  for (std::size_t i = 0; i < 50; ++i) {
    classes.push_back({std::to_string(i), std::vector<std::size_t>(i < 10 ? 1 : 2, 0)});
  }
  const auto lines = lines_of(class_figure("classes", "Title", store, classes).data);
  ASSERT_EQ(lines.size(), 51U);
  EXPECT_THAT(lines[1], StartsWith("0\t1\t"));
  EXPECT_THAT(lines[11], StartsWith("1\t2\t"));
  EXPECT_THAT(lines[50], StartsWith("40\t2\t"));
}

TEST(DurationFigure, CountsInBinsOfARoundWidth) {
  const std::vector<double> seconds = {5.9, 12.0, 12.0, 12.1, 12.2};
  const auto lines = lines_of(duration_figure("durations", "Title", seconds).data);
  EXPECT_EQ(lines[0], "# from\tto\ttracks");
  EXPECT_EQ(lines[1], "5.8\t6\t1");
  EXPECT_EQ(lines[2], "6\t6.2\t0");
  EXPECT_EQ(lines[lines.size() - 2], "12\t12.2\t3");
  EXPECT_EQ(lines.back(), "12.2\t12.4\t1");
  const std::vector<double> all_alike = {30, 30};
  EXPECT_EQ(lines_of(duration_figure("durations", "Title", all_alike).data).back(), "30\t30.1\t2");
}

// Track 0 and 1 are of one group, so 2 comes before 1. The longest of those shown, 6, has 8 frames.
TEST(GalleryFigure, HoldsDecibelsBelowTheMaximumOfTracksOfDifferentGroups) {
  const TemporaryFolder folder;
  const auto store = make_store(folder.path());
  const auto figure = gallery_figure("gallery", "Title", store, tracks_by_class(store, 1));
  ASSERT_TRUE(figure);
  const auto lines = lines_of(figure->data);
  EXPECT_EQ(lines[0], "# Blocks of 3 bands by 8 columns of time, 0.18576 s together; dB below the maximum.");
  EXPECT_EQ(lines[1], "# a & b\ttrack 0");
  EXPECT_EQ(lines[2], "0\t-1\tnan\tnan\tnan\tnan\tnan\tnan");
  EXPECT_EQ(lines[3], "-10\t-11\tnan\tnan\tnan\tnan\tnan\tnan");
  EXPECT_EQ(lines[4], "-20\t-21\tnan\tnan\tnan\tnan\tnan\tnan");
  std::vector<std::string> heads;
  std::ranges::copy_if(lines, std::back_inserter(heads),
                       [](const auto& line) { return line.starts_with("# "); });
  EXPECT_THAT(heads,
              ElementsAre(StartsWith("# Blocks"), "# a & b\ttrack 0", "# a & b\ttrack 2", "# a & b\ttrack 1",
                          "# long\ttrack 3", "# long\ttrack 4", "# long\ttrack 5", "# long\ttrack 6"));
  EXPECT_EQ(lines.back(), "-20\t-21\t-22\t-23\t-24\t-25\t-26\t-27");
}

TEST(GalleryFigure, NeedsTracksOfAClass) {
  const TemporaryFolder folder;
  EXPECT_FALSE(gallery_figure("gallery", "Title", make_store(folder.path()), {}));
}

// Classes {0, 1, 2} and {3, ..., 7}: means 1 and 5 of 3.5, so between 3 * 6.25 + 5 * 2.25 = 30 with one
// degree of freedom, within 2 + 10 = 12 with six: F = 15. Percentiles as numpy.percentile gives them.
TEST(FeatureFigure, HoldsPercentilesAndTheRatioOfVariances) {
  const TemporaryFolder folder;
  const auto store = make_store(folder.path());
  EXPECT_THAT(lines_of(feature_figure("numbers", store, 1, tracks_by_class(store, 1)).data),
              ElementsAre("# panel\trow\tp5\tp25\tmedian\tp75\tp95\tF\tcolumn\tclass",
                          "1\t1\t0.1\t0.5\t1\t1.5\t1.9\t15\tt\ta & b", "1\t2\t3.2\t4\t5\t6\t6.8\t15\tt\tlong",
                          "2\t1\t5\t5\t5\t5\t5\t0\tfive\ta & b", "2\t2\t5\t5\t5\t5\t5\t0\tfive\tlong"));
}

TEST(FeatureFigure, WithoutClassesIsOverAllTracks) {
  const TemporaryFolder folder;
  const auto store = make_store(folder.path());
  EXPECT_THAT(feature_figure("numbers", store, 1, {}).data,
              HasSubstr("\t4.5\t6.75\t8.55\t0\tt\tall tracks\n"));
}

TEST(InspectProgram, DrawsEveryFigureOfAStore) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "store");
  make_store(folder.path() / "store");
  const fs::path figures = folder.path() / "figures";
  const auto finished = testing_support::run(
      {testing_support::built("chorale-inspect"), folder.path() / "store", "--figures", figures});
  ASSERT_EQ(finished.exit_status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  std::vector<std::string> pictures;
  for (const auto& entry : fs::directory_iterator(figures)) {
    if (entry.path().extension() != ".svg") continue;
    pictures.push_back(entry.path().stem());
    EXPECT_THAT(runtime::read_file(entry.path()), HasSubstr("</svg>"));
    fs::path picture = entry.path();
    EXPECT_THAT(runtime::read_file(picture.replace_extension(".png")), StartsWith("\x89PNG"));
    EXPECT_TRUE(fs::exists(picture.replace_extension(".tsv")));
    EXPECT_TRUE(fs::exists(picture.replace_extension(".gp")));
  }
  std::ranges::sort(pictures);
  EXPECT_THAT(pictures, ElementsAre("classes_genre", "distribution_numbers", "durations", "gallery"));
  EXPECT_THAT(runtime::read_file(figures / "gallery.svg"), HasSubstr(">a &amp; b<"));
}

TEST(InspectProgram, HasNoFiguresOfWhatIsNoStore) {
  const TemporaryFolder folder;
  const auto finished = testing_support::run(
      {testing_support::built("chorale-inspect"), folder.path(), "--figures", folder.path() / "figures"});
  EXPECT_EQ(finished.exit_status, 2);
  EXPECT_FALSE(fs::exists(folder.path() / "figures"));
}

}  // namespace
}  // namespace chorale::inspect
