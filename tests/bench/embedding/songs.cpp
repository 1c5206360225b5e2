// A map of songs from their embeddings, and all pairs of songs compared: seconds. Songs lie about 16 centres.
// bench_embedding SONGS WIDTH THREADS
#include <chrono>
#include <cstdio>
#include <string>

#include "eval/embedding/pca.hpp"
#include "eval/embedding/retrieval.hpp"
#include "eval/embedding/similarity.hpp"
#include "eval/embedding/tsne.hpp"
#include "pipeline/runtime/random.hpp"

namespace {

using namespace chorale;
constexpr std::size_t kCentres = 16;

eval::Matrix<float> songs_about_centres(std::size_t songs, std::size_t width) {
  eval::Matrix<float> result(songs, width);
  for (std::size_t i = 0; i < songs; ++i) {
    runtime::RandomStream centre(1, {i % kCentres}), song(2, {i});
    for (float& value : result.row(i)) value = static_cast<float>(centre.normal() + 2 * song.normal());
  }
  return result;
}

class Clock {
 public:
  explicit Clock(const char* what) : what_(what) {}
  ~Clock() {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start_;
    std::printf("%-28s %7.2f s\n", what_, took.count());
  }

 private:
  const char* what_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto songs = static_cast<std::size_t>(std::stoull(argv[1]));
  const int threads = std::stoi(argv[3]);
  const auto embeddings = songs_about_centres(songs, static_cast<std::size_t>(std::stoull(argv[2])));
  {
    const Clock all("PCA and t-SNE");
    eval::Pca components;
    {
      const Clock clock("  PCA, 50 components");
      components = eval::pca(embeddings, 50, threads);
    }
    const Clock clock("  t-SNE");
    eval::tsne(components.scores, {.threads = threads});
  }
  std::vector<eval::SongMark> marks;
  for (std::size_t i = 0; i < songs; ++i)
    marks.push_back({static_cast<std::int32_t>(i % kCentres), static_cast<std::int32_t>(i / 10)});
  std::vector<std::optional<eval::QueryScores>> found(songs);
  {
    const Clock clock("neighbours and retrieval");
    eval::for_each_song(embeddings, threads, [&](std::size_t song, std::span<const float> similarities) {
      eval::nearest(similarities, song, 10);
      for (const auto relevance : {eval::Relevance::kSameClass, eval::Relevance::kSameClassOtherArtist,
                                   eval::Relevance::kSameArtist})
        found[song] = eval::score_query(similarities, song, marks, relevance);
    });
  }
  std::printf("mean average precision of artists %.3f\n",
              eval::mean_of(found).mean_average_precision.value_or(0));
  return 0;
}
