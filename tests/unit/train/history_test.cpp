#include "train/loop/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::train {
namespace {

class HistoryTest : public testing::Test {
 protected:
  std::vector<std::string> column(const std::string& name) const {
    const auto csv = dataset::Csv::read(path_);
    std::vector<std::string> values;
    for (std::size_t row = 0; row < csv.rows(); ++row) values.push_back(csv.at(row, name));
    return values;
  }

  testing_support::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "history.csv";
};

TEST_F(HistoryTest, HasARowAnEpoch) {
  History history(path_, 0);
  history.add({.epoch = 1, .train_loss = 2.5, .validation_song_accuracy = 0.75, .lr = 1e-4, .seconds = 1.5});
  history.add({.epoch = 2, .train_loss = 1.25, .seconds = 2});
  EXPECT_THAT(column("epoch"), testing::ElementsAre("1", "2"));
  EXPECT_THAT(column("train_loss"), testing::ElementsAre("2.5", "1.25"));
  EXPECT_EQ(column("validation_song_accuracy").front(), "0.750000");
  EXPECT_EQ(column("lr").front(), "0.0001");
  EXPECT_DOUBLE_EQ(history.seconds(), 3.5);
}

TEST_F(HistoryTest, DropsRowsAfterTheCheckpoint) {
  {
    History history(path_, 0);
    for (int epoch = 1; epoch <= 4; ++epoch) history.add({.epoch = epoch, .seconds = 1});
  }
  History resumed(path_, 2);
  EXPECT_DOUBLE_EQ(resumed.seconds(), 2);
  resumed.add({.epoch = 3, .seconds = 5});
  EXPECT_THAT(column("epoch"), testing::ElementsAre("1", "2", "3"));
  EXPECT_THAT(column("seconds"), testing::ElementsAre("1.000", "1.000", "5.000"));
}

TEST_F(HistoryTest, RefusesAFileThatIsNoHistory) {
  runtime::write_file(path_, "a,b\n1,2\n");
  EXPECT_THROW(History(path_, 1), dataset::CsvError);
}

}  // namespace
}  // namespace chorale::train
