// The fault-filtered split that ships with the project.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "collection.hpp"

namespace chorale::dataset {
namespace {

using config::Part;

Collection gtzan() {
  Collection collection;
  for (const char* genre :
       {"blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"}) {
    collection.tasks[0].classes.emplace_back(genre);
    for (int i = 0; i < 100; ++i) {
      const std::string number = std::to_string(100000 + i).substr(1);
      Track track;
      track.id = track.group = std::string(genre) + "." + number;
      track.path = std::string(genre) + "/" + track.id + ".wav";
      track.labels = {Label::of_class(static_cast<std::int32_t>(collection.tasks[0].classes.size() - 1))};
      collection.tracks.push_back(track);
    }
  }
  return collection;
}

config::Split fault_filtered() {
  config::Split options;
  options.kind = config::SplitKind::kFile;
  const char* const source = std::getenv("CHORALE_SOURCE");  // set by ctest
  options.file = std::string(source == nullptr ? "." : source) + "/configs/splits/gtzan_fault_filtered.csv";
  return options;
}

// Sizes and test songs of each class as published (docs/datasets.md).
TEST(GtzanFaultFiltered, HasThePublishedSizes) {
  const Collection collection = gtzan();
  const auto parts = collection.split(fault_filtered());
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kTrain), 443);
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kValidation), 197);
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kTest), 290);
  auto count = counts(collection, parts);
  const std::size_t test[] = {31, 31, 30, 29, 27, 27, 27, 30, 26, 32};
  for (std::int32_t genre = 0; genre < 10; ++genre)
    EXPECT_EQ(count[genre][Part::kTest], test[genre]) << genre;
}

// The WAV edition's jazz.00054 cannot be read; it is a song of the training part.
TEST(GtzanFaultFiltered, TrainsOn442OfTheWavEdition) {
  Collection collection = gtzan();
  std::erase_if(collection.tracks, [](const Track& track) { return track.id == "jazz.00054"; });
  const auto parts = collection.split(fault_filtered());
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kTrain), 442);
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kTest), 290);
}

}  // namespace
}  // namespace chorale::dataset
