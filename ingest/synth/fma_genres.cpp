#include "ingest/synth/fma_genres.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace chorale::synth {
namespace {

constexpr std::array kModes = {"Major", "Minor"};
constexpr std::array kMoods = {"Tender", "Happy", "Sad", "Tense"};  // mode, then energy

int root_id(std::size_t style) { return 10 * (static_cast<int>(style) + 1); }
int mode_id(std::size_t style, std::size_t mode) { return root_id(style) + 1 + static_cast<int>(mode); }
int leaf_id(std::size_t style, std::size_t mood) { return 1000 + root_id(style) + static_cast<int>(mood); }

std::vector<FmaGenre> make_genres() {
  std::vector<FmaGenre> genres;
  for (std::size_t style = 0; style < styles().size(); ++style) {
    std::string name(styles()[style].name);
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    const int root = root_id(style);
    genres.push_back({root, 0, root, name});
    for (std::size_t mode = 0; mode < kModes.size(); ++mode) {
      genres.push_back({mode_id(style, mode), root, root, std::string(kModes[mode]) + " " + name});
    }
    for (std::size_t mood = 0; mood < kMoods.size(); ++mood) {
      genres.push_back(
          {leaf_id(style, mood), mode_id(style, mood / 2), root, std::string(kMoods[mood]) + " " + name});
    }
  }
  std::ranges::sort(genres, {}, &FmaGenre::id);
  return genres;
}

const FmaGenre* find(int id) {
  const auto& genres = fma_genres();
  const auto found = std::ranges::lower_bound(genres, id, {}, &FmaGenre::id);
  return found != genres.end() && found->id == id ? &*found : nullptr;
}

}  // namespace

const std::vector<FmaGenre>& fma_genres() {
  static const std::vector<FmaGenre> kGenres = make_genres();
  return kGenres;
}

std::vector<int> fma_genres_of(const Score& score, std::size_t style) {
  const std::size_t mood = (score.key.minor ? 2U : 0U) + (score.energy == Energy::kHigh ? 1U : 0U);
  std::set<std::size_t> borrowed;
  for (std::size_t part = 0; part < kParts; ++part) {
    if (!score.silent[part]) borrowed.insert(static_cast<std::size_t>(score.follows[part] - styles().data()));
  }
  borrowed.erase(style);
  std::vector<int> genres = {leaf_id(style, mood)};
  for (const std::size_t other : borrowed) genres.push_back(leaf_id(other, mood));
  return genres;
}

std::vector<int> with_ancestors(const std::vector<int>& genres) {
  std::set<int> all;
  for (int id : genres) {
    while (id != 0) {
      all.insert(id);
      const FmaGenre* genre = find(id);
      id = genre == nullptr ? 0 : genre->parent;
    }
  }
  return {all.begin(), all.end()};
}

std::string common_root(const std::vector<int>& genres) {
  std::set<int> roots;
  for (const int id : genres) {
    if (const FmaGenre* genre = find(id)) roots.insert(genre->root);
  }
  return roots.size() == 1 ? find(*roots.begin())->title : "";
}

}  // namespace chorale::synth
