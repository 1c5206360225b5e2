#include "ingest/catalogue/fma_tracks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/catalogue/field.hpp"

namespace chorale::catalogue {
namespace {

constexpr std::array<std::pair<std::string_view, FmaSubset>, 4> kSubsets = {{{"small", FmaSubset::kSmall},
                                                                             {"medium", FmaSubset::kMedium},
                                                                             {"large", FmaSubset::kLarge},
                                                                             {"full", FmaSubset::kFull}}};

std::optional<FmaSubset> subset_named(std::string_view name) {
  for (const auto& [known, subset] : kSubsets) {
    if (known == name) return subset;
  }
  return std::nullopt;
}

bool is_part(std::string_view name) {
  return name == "training" || name == "validation" || name == "test" || name.empty();
}

}  // namespace

FmaSubset fma_subset(std::string_view name) {
  if (const auto subset = subset_named(name)) return *subset;
  throw CatalogueError(fmt::format(
      "dataset.subset: found \"{}\", expected small, medium, large or full: which part of FMA is to be used",
      name));
}

FmaTracks::FmaTracks(dataset::CsvReader reader, std::size_t expected)
    : reader_(std::move(reader)), problems_(reader_.origin()) {
  const auto header_line = [&] {
    std::vector<std::string> line;
    if (reader_.next()) line.assign(reader_.fields().begin(), reader_.fields().end());
    return line;
  };
  const auto groups = header_line(), fields = header_line(), index = header_line();
  width_ = groups.size();
  if (index.empty() || index.front() != "track_id" || fields.size() != width_ || index.size() != width_) {
    problems_.add("its first three lines are not the header of FMA's tracks.csv: groups, fields, track_id");
    problems_.check();
  }
  constexpr std::array<std::pair<const char*, const char*>, kColumns> kNames = {{{"set", "split"},
                                                                                 {"set", "subset"},
                                                                                 {"artist", "id"},
                                                                                 {"track", "genre_top"},
                                                                                 {"track", "genres"},
                                                                                 {"track", "genres_all"}}};
  for (std::size_t column = 0; column < kColumns; ++column) {
    const auto& [group, field] = kNames[column];
    std::size_t& place = place_[column];
    while (place < width_ && (groups[place] != group || fields[place] != field)) ++place;
    if (place == width_) problems_.add(fmt::format("there is no column {} of group {}", field, group));
  }
  problems_.check();
  ids_.reserve(expected);
}

bool FmaTracks::next(FmaRow& row) {
  while (reader_.next()) {
    if (read(row)) return true;
  }
  return false;
}

bool FmaTracks::read(FmaRow& row) {
  const auto fields = reader_.fields();
  const auto refuse = [&](const std::string& what) {
    problems_.add(line(), what);
    return false;
  };
  if (fields.size() != width_)
    return refuse(fmt::format("the row has {} fields, the header {}", fields.size(), width_));
  const auto id = number_in<std::uint32_t>(fields[0]);
  if (!id) return refuse(fmt::format("the track_id \"{}\" is no number", fields[0]));
  if (!ids_.insert(*id).second) return refuse(fmt::format("track {} stands there twice", *id));
  const auto subset = subset_named(fields[place_[kSubset]]);
  if (!subset)
    return refuse(fmt::format("track {}: unknown set.subset \"{}\"", *id, fields[place_[kSubset]]));
  if (!is_part(fields[place_[kSplit]]))
    return refuse(fmt::format("track {}: unknown set.split \"{}\"", *id, fields[place_[kSplit]]));
  if (!is_utf8(fields[place_[kGenreTop]]))
    return refuse(fmt::format("track {}: its genre_top is not UTF-8", *id));
  row = {*id,
         *subset,
         fields[place_[kSplit]],
         fields[place_[kArtist]],
         fields[place_[kGenreTop]],
         fields[place_[kGenres]],
         fields[place_[kGenresAll]]};
  return true;
}

}  // namespace chorale::catalogue
