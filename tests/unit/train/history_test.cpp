#include "train/loop/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"
#include "train/loop/task_metrics.hpp"

namespace chorale::train {
namespace {

using testing::ElementsAre;

const std::vector<models::Output> kGenre = {{{"genre", config::TaskKind::kSingle, {"blues", "rock"}}, 0, 2}};
const std::vector<models::Output> kMixture = {kGenre.front(),
                                              {{"tempo", config::TaskKind::kRegression, {}}, 2, 1}};

class HistoryTest : public testing::Test {
 protected:
  static std::vector<std::string> column(const std::filesystem::path& path, const std::string& name) {
    const auto csv = dataset::Csv::read(path);
    std::vector<std::string> values;
    for (std::size_t row = 0; row < csv.rows(); ++row) values.push_back(csv.at(row, name));
    return values;
  }
  std::string header() const {
    const auto text = runtime::read_file(run_.history());
    return text.substr(0, text.find('\n'));
  }
  static std::vector<Metric> measured(const std::vector<models::Output>& outputs, double value) {
    auto metrics = metrics_of(outputs);
    for (Metric& metric : metrics) metric.value = value;
    return metrics;
  }

  testing_support::TemporaryFolder folder_;
  checkpoint::RunFolder run_{folder_.path()};
};

TEST_F(HistoryTest, HasARowAnEpoch) {
  History history(run_, kGenre, 0);
  history.add(
      {.epoch = 1, .train_loss = 2.5, .validation = measured(kGenre, 0.75), .lr = 1e-4, .seconds = 1.5});
  history.add({.epoch = 2, .train_loss = 1.25, .validation = measured(kGenre, 0.5), .seconds = 2});
  EXPECT_EQ(
      header(),
      "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_song_accuracy,lr");
  EXPECT_THAT(column(run_.history(), "epoch"), ElementsAre("1", "2"));
  EXPECT_THAT(column(run_.history(), "train_loss"), ElementsAre("2.5", "1.25"));
  EXPECT_THAT(column(run_.history(), "validation_song_accuracy"), ElementsAre("0.75", "0.5"));
  EXPECT_EQ(column(run_.history(), "lr").front(), "0.0001");
  EXPECT_THAT(column(run_.timing(), "seconds"), ElementsAre("1.500", "2.000"));
  EXPECT_DOUBLE_EQ(history.seconds(2).value(), 3.5);
  EXPECT_FALSE(history.seconds(3)) << "one is missing";
}

TEST_F(HistoryTest, TakesManyRowsAtOnceAndHasNoRateWhereThereIsNone) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<EpochRow> rows = {
      {.epoch = 1, .validation = measured(kGenre, 0.75), .lr = none, .seconds = 1},
      {.epoch = 2, .validation = measured(kGenre, 0.5), .lr = 0.3, .seconds = 2}};
  History(run_, kGenre, 0).add(rows);
  EXPECT_THAT(column(run_.history(), "lr"), ElementsAre("", "0.3"));
  EXPECT_THAT(column(run_.timing(), "seconds"), ElementsAre("1.000", "2.000"));
}

TEST_F(HistoryTest, OfSeveralTasksHasAColumnAMetric) {
  History history(run_, kMixture, 0);
  auto metrics = measured(kMixture, 0.25);
  metrics.back().value = std::numeric_limits<double>::quiet_NaN();
  history.add({.epoch = 1, .validation = metrics});
  EXPECT_EQ(header(),
            "epoch,train_loss,validation_loss,accuracy,genre.loss,genre.slice_accuracy,genre.song_accuracy,"
            "tempo.loss,"
            "tempo.mean_absolute_error,tempo.accuracy1,tempo.accuracy2,lr");
  EXPECT_THAT(column(run_.history(), "tempo.accuracy1"), ElementsAre("0.25"));
  EXPECT_THAT(column(run_.history(), "tempo.accuracy2"), ElementsAre(""));
}

TEST_F(HistoryTest, DropsRowsAfterTheCheckpoint) {
  const auto row = [](std::int64_t epoch, double seconds) {
    return EpochRow{.epoch = epoch, .validation = measured(kGenre, 0), .seconds = seconds};
  };
  {
    History history(run_, kGenre, 0);
    for (std::int64_t epoch = 1; epoch <= 4; ++epoch) history.add(row(epoch, 1));
  }
  History resumed(run_, kGenre, 2);
  resumed.add(row(3, 5));
  EXPECT_THAT(column(run_.history(), "epoch"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(column(run_.timing(), "seconds"), ElementsAre("1.000", "1.000", "5.000"));
}

TEST_F(HistoryTest, AnEpochThatIsNoNumberIsDamage) {
  runtime::write_file(run_.timing(), "epoch,seconds,samples_per_second,data_wait,memory_mib\n,2.5,1,0,1\n");
  const History history(run_, kGenre, 1);
  EXPECT_TRUE(std::filesystem::exists(run_.timing().string() + ".damaged-1"));
}

TEST_F(HistoryTest, ATaskMayHaveAnyName) {
  const std::vector<models::Output> odd = {{{"a,\"b\"", config::TaskKind::kRegression, {}}, 0, 1}};
  for (std::int64_t epoch = 1; epoch <= 2; ++epoch)
    History(run_, odd, epoch - 1).add({.epoch = epoch, .validation = measured(odd, 0.5)});
  EXPECT_THAT(column(run_.history(), "a,\"b\".accuracy1"), ElementsAre("0.5", "0.5"));
  EXPECT_FALSE(std::filesystem::exists(run_.history().string() + ".damaged-1"));
}

TEST_F(HistoryTest, KeepsADamagedFileAsideAndGoesOn) {
  const auto timing = "epoch,seconds,samples_per_second,data_wait,memory_mib\n1,2.5,soon,0,1\n";
  runtime::write_file(run_.timing(), timing);
  runtime::write_file(run_.history(), "a,b\n1,2\n");
  History history(run_, kGenre, 1);
  history.add({.epoch = 2, .validation = measured(kGenre, 0), .seconds = 3});
  EXPECT_FALSE(history.seconds(2));
  EXPECT_THAT(column(run_.timing(), "epoch"), ElementsAre("2"));
  EXPECT_THAT(column(run_.timing(), "seconds"), ElementsAre("3.000"));
  EXPECT_THAT(column(run_.history(), "epoch"), ElementsAre("2"));
  EXPECT_EQ(runtime::read_file(run_.timing().string() + ".damaged-1"), timing);
  EXPECT_EQ(runtime::read_file(run_.history().string() + ".damaged-1"), "a,b\n1,2\n");
}

}  // namespace
}  // namespace chorale::train
