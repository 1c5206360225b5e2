#include "ingest/synth/fma_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <map>

#include "ingest/synth/audio_file.hpp"
#include "ingest/synth/fma_genres.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::synth {
namespace {

struct Column {
  const char* group;
  const char* field;
  std::string (*value)(const FmaRow&);
};

std::string nothing(const FmaRow&) { return ""; }
std::string empty_list(const FmaRow&) { return "[]"; }

std::uint64_t drawn(int id, const char* what, std::uint64_t bound) {
  return runtime::RandomStream(static_cast<std::uint64_t>(id), {runtime::key_of(what)}).below(bound);
}

std::string date(int id, const char* what) {
  return fmt::format("20{:02}-{:02}-{:02} {:02}:{:02}:{:02}", 8 + drawn(id, what, 9),
                     1 + drawn(id, "month", 12), 1 + drawn(id, "day", 28), drawn(id, "hour", 24),
                     drawn(id, "minute", 60), drawn(id, "second", 60));
}

int album_id(const FmaRow& row) { return 100 * row.artist_id + row.album; }

// Line ends of both kinds, quotes and commas, as in the texts that people typed into FMA.
std::string information(const FmaRow& row) {
  if (row.album % 2 == 0) return "";
  return fmt::format("<p>\"Album no. {}\", recorded in one take,\r\nwith the windows open.</p>", row.album);
}

std::string biography(const FmaRow& row) {
  if (row.artist_id % 3 == 0) return "";
  return fmt::format("<p>{} play {}.</p>\n\n<p>\"We never rehearse\", they say; \"never, ever\".</p>",
                     row.artist, row.style);
}

std::string members(const FmaRow& row) {
  return row.artist_id % 2 == 0 ? "Zoë, bass\nJürgen \"Kit\" Ø., drums" : "";
}

std::string tags(const FmaRow& row) { return row.number % 4 == 1 ? fmt::format("['{}']", row.style) : "[]"; }

const std::array<Column, 52> kColumns = {{
    {"album", "comments",
     [](const FmaRow& row) { return fmt::to_string(drawn(album_id(row), "comments", 4)); }},
    {"album", "date_created", [](const FmaRow& row) { return date(album_id(row), "created"); }},
    {"album", "date_released", [](const FmaRow& row) { return date(album_id(row), "released"); }},
    {"album", "engineer", nothing},
    {"album", "favorites",
     [](const FmaRow& row) { return fmt::to_string(drawn(album_id(row), "liked", 40)); }},
    {"album", "id", [](const FmaRow& row) { return fmt::to_string(album_id(row)); }},
    {"album", "information", information},
    {"album", "listens",
     [](const FmaRow& row) { return fmt::to_string(drawn(album_id(row), "heard", 90000)); }},
    {"album", "producer", nothing},
    {"album", "tags", empty_list},
    {"album", "title", [](const FmaRow& row) { return fmt::format("{}, vol. {}", row.style, row.album); }},
    {"album", "tracks", [](const FmaRow&) { return std::string("10"); }},
    {"album", "type", [](const FmaRow& row) { return std::string(row.album % 5 == 4 ? "" : "Album"); }},
    {"artist", "active_year_begin", [](const FmaRow&) { return std::string("2006-01-01 00:00:00"); }},
    {"artist", "active_year_end", nothing},
    {"artist", "associated_labels", nothing},
    {"artist", "bio", biography},
    {"artist", "comments",
     [](const FmaRow& row) { return fmt::to_string(drawn(row.artist_id, "comments", 4)); }},
    {"artist", "date_created", [](const FmaRow& row) { return date(row.artist_id, "joined"); }},
    {"artist", "favorites",
     [](const FmaRow& row) { return fmt::to_string(drawn(row.artist_id, "liked", 40)); }},
    {"artist", "id", [](const FmaRow& row) { return fmt::to_string(row.artist_id); }},
    {"artist", "latitude", nothing},
    {"artist", "location", nothing},
    {"artist", "longitude", nothing},
    {"artist", "members", members},
    {"artist", "name", [](const FmaRow& row) { return row.artist; }},
    {"artist", "related_projects", nothing},
    {"artist", "tags", empty_list},
    {"artist", "website", nothing},
    {"artist", "wikipedia_page", nothing},
    {"set", "split", [](const FmaRow& row) { return row.split; }},
    {"set", "subset", [](const FmaRow& row) { return row.subset; }},
    {"track", "bit_rate", [](const FmaRow&) { return fmt::to_string(kMp3BitRate); }},
    {"track", "comments", [](const FmaRow& row) { return fmt::to_string(drawn(row.id, "comments", 4)); }},
    {"track", "composer", nothing},
    {"track", "date_created", [](const FmaRow& row) { return date(row.id, "uploaded"); }},
    {"track", "date_recorded", nothing},
    {"track", "duration",
     [](const FmaRow& row) { return fmt::to_string(2 + drawn(row.id, "duration", 600)); }},
    {"track", "favorites", [](const FmaRow& row) { return fmt::to_string(drawn(row.id, "liked", 40)); }},
    {"track", "genre_top", [](const FmaRow& row) { return common_root(row.genres); }},
    {"track", "genres", [](const FmaRow& row) { return fmt::format("{}", row.genres); }},
    {"track", "genres_all", [](const FmaRow& row) { return fmt::format("{}", with_ancestors(row.genres)); }},
    {"track", "information", nothing},
    {"track", "interest", [](const FmaRow& row) { return fmt::to_string(drawn(row.id, "interest", 90000)); }},
    {"track", "language_code", [](const FmaRow& row) { return std::string(row.id % 7 == 0 ? "" : "en"); }},
    {"track", "license", [](const FmaRow&) { return std::string("CC0 1.0 Universal"); }},
    {"track", "listens", [](const FmaRow& row) { return fmt::to_string(drawn(row.id, "heard", 90000)); }},
    {"track", "lyricist", nothing},
    {"track", "number", [](const FmaRow& row) { return fmt::to_string(row.number); }},
    {"track", "publisher", nothing},
    {"track", "tags", tags},
    {"track", "title", [](const FmaRow& row) { return row.title; }},
}};

}  // namespace

std::string fma_tracks_csv(std::span<const FmaRow> rows) {
  std::string groups, fields, index = "track_id";
  for (const Column& column : kColumns) {
    groups += fmt::format(",{}", column.group);
    fields += fmt::format(",{}", column.field);
    index += ',';
  }
  std::string table = groups + '\n' + fields + '\n' + index + '\n';
  for (const FmaRow& row : rows) {
    table += fmt::to_string(row.id);
    for (const Column& column : kColumns) table += ',' + dataset::csv_field(column.value(row));
    table += '\n';
  }
  return table;
}

std::string fma_genres_csv(std::span<const FmaRow> rows) {
  std::map<int, std::size_t> count;
  for (const FmaRow& row : rows) {
    for (const int id : with_ancestors(row.genres)) ++count[id];
  }
  std::string table = "genre_id,#tracks,parent,title,top_level\n";
  for (const FmaGenre& genre : fma_genres()) {
    table += fmt::format("{},{},{},{},{}\n", genre.id, count[genre.id], genre.parent,
                         dataset::csv_field(genre.title), genre.root);
  }
  return table;
}

}  // namespace chorale::synth
