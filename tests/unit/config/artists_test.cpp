// Random splits of collections that hold many songs an artist.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/config/checks.hpp"
#include "unit/config/support.hpp"

namespace chorale::config {
namespace {

using testing::HasSubstr;

TEST(ArtistsOfASplit, AreNotIgnoredUnlessAskedFor) {
  for (const std::string kind : {"gtzan", "fma"}) {
    const std::string dataset = "dataset.kind = '" + kind + "'\n";
    for (const std::string split : {"", "split.kind = 'folds'\n"}) {
      EXPECT_THAT(refusal_of_text(dataset + split), HasSubstr("split.artists = \"ignore\"")) << kind << split;
    }
    for (const std::string split :
         {"split.artists = 'ignore'", "split.kind = 'official'", "split.kind = 'file'\nsplit.file = 'x.csv'",
          "split.kind = 'folds'\nsplit.fold_pattern = '/(.)'", "dataset.group = 'artist'",
          "dataset.group = 'pattern'\ndataset.group_pattern = '/(.)'"}) {
      EXPECT_NO_THROW(parse(dataset + split, "text")) << kind << split;
    }
  }
  EXPECT_NO_THROW(parse("dataset.kind = 'folder'", "text"));
}

}  // namespace
}  // namespace chorale::config
