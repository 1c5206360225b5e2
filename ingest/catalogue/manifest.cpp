#include "ingest/catalogue/manifest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "ingest/catalogue/field.hpp"
#include "ingest/catalogue/file_finder.hpp"
#include "ingest/catalogue/label_column.hpp"
#include "ingest/catalogue/order.hpp"
#include "ingest/catalogue/precomputed.hpp"
#include "ingest/catalogue/records.hpp"
#include "ingest/catalogue/table_file.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::catalogue {
namespace fs = std::filesystem;
namespace {

std::optional<RecordFormat> format_of(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".csv") return RecordFormat::kCsv;
  if (extension == ".json" || extension == ".jsonl") return RecordFormat::kJson;
  return std::nullopt;
}

struct Source {
  std::shared_ptr<const tree::ByteStream> stream;
  RecordFormat format = RecordFormat::kCsv;
  std::string origin;
};

Source open_manifest(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing) {
  const fs::path file = manifest_place(options).file;
  if (!file.empty()) {
    const auto format = format_of(file);
    if (!format) throw CatalogueError(file.string() + ": a manifest is a .csv, .json or .jsonl file");
    const auto folder =
        tree::Tree::open_root(file.parent_path().empty() ? "." : file.parent_path(), kLargestTable);
    return {open_table(*folder, {file.filename().string(), 0, 0}, file.string()), *format, file.string()};
  }
  for (const auto& entry : listing.files) {
    if (entry.path != "manifest.csv" && entry.path != "manifest.json" && entry.path != "manifest.jsonl")
      continue;
    const std::string origin = options.root + "/" + entry.path;
    return {open_table(tree, entry, origin), *format_of(entry.path), origin};
  }
  throw CatalogueError(
      options.root +
      ": holds no manifest.csv, manifest.json or manifest.jsonl. Set dataset.metadata to the "
      "manifest, or dataset.root to the manifest itself.");
}

// Where each column stands.
struct Columns {
  std::optional<std::size_t> id, path, split, group;
  std::vector<std::size_t> labels;  // one a task

  Columns(const std::vector<std::string>& names, const config::Dataset& options, Problems& problems) {
    const auto place_of = [&](std::string_view name) -> std::optional<std::size_t> {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) return std::nullopt;
      if (std::find(found + 1, names.end(), name) != names.end())
        problems.add(fmt::format("two columns are named {}", name));
      return static_cast<std::size_t>(found - names.begin());
    };
    id = place_of("id");
    path = place_of("path");
    split = place_of("split");
    group = place_of("group");
    if (!group) group = place_of("artist");
    for (const auto& [task, kind] : options.tasks) {
      const auto place = place_of(task);
      if (!place)
        problems.add(fmt::format("there is no column {}, which dataset.tasks names; it has {}", task,
                                 fmt::join(names, ", ")));
      labels.push_back(place.value_or(0));
    }
  }
};

class Reading {
 public:
  Reading(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing)
      : options_(options),
        source_(open_manifest(options, tree, listing)),
        problems_(source_.origin),
        records_(open_records(source_.stream, source_.format, source_.origin, problems_)),
        columns_(records_->columns(), options, problems_),
        files_(listing),
        precomputed_(records_->columns(), tree, problems_) {
    for (const auto& [task, kind] : options.tasks) labels_.emplace_back(task, kind);
    catalogue_.entries.reserve(listing.files.size());
    if (!columns_.path && !precomputed_.any()) problems_.add("there is no column path");
    if (!columns_.path && !columns_.id) problems_.add("there is no column id, and no path to take its place");
    problems_.check();
  }

  Catalogue run() {
    while (records_->next()) read();
    sort_by_id();
    problems_.check();
    for (std::size_t t = 0; t < labels_.size(); ++t) {
      const auto indices = labels_[t].final_indices();
      for (Entry& entry : catalogue_.entries) renumber(entry.track.labels[t], indices);
      catalogue_.tasks.push_back(labels_[t].task());
    }
    catalogue_.precomputed = precomputed_.describe(catalogue_.entries);
    report();
    return std::move(catalogue_);
  }

 private:
  std::string_view field(std::optional<std::size_t> column) const {
    return column ? records_->fields()[*column] : std::string_view();
  }
  void problem(const std::string& what) { problems_.add(records_->line(), what); }

  void read() {
    Entry entry;
    const bool good_paths = read_paths(entry), good_labels = read_labels(entry);
    if (!good_paths || !good_labels) return;
    entry.track.split = field(columns_.split);
    if (options_.group == config::GroupKind::kArtist && columns_.group) {
      const std::string_view group = field(columns_.group);
      entry.track.group = group.empty() ? entry.track.id : std::string(group);
    }
    if (precomputed_.any()) {
      if (!precomputed_.read(*records_, files_, entry, catalogue_.refused)) return;
      if (entry.track.path.empty()) entry.track.path = entry.track.id;
    } else if (const auto* file = files_.find(entry.track.path)) {
      entry.bytes = file->bytes;
      entry.place = file->place;
    } else {
      catalogue_.refused.push_back(
          {entry.track.path, kStage, "the manifest names this file, but it is not there"});
      return;
    }
    catalogue_.entries.push_back(std::move(entry));
    lines_.push_back(static_cast<std::uint32_t>(records_->line()));
  }

  // Path and id.
  bool read_paths(Entry& entry) {
    const std::string_view path = field(columns_.path);
    if (!precomputed_.any() || !path.empty()) {
      if (const char* const fault = fault_of(path))
        return problem(fmt::format("{}: \"{}\"", fault, path)), false;
    }
    entry.track.path = path.substr(path.starts_with("./") ? 2 : 0);
    entry.track.id = columns_.id ? field(columns_.id) : without_extension(entry.track.path);
    if (!entry.track.id.empty()) return true;
    return problem("the id is empty"), false;
  }

  bool read_labels(Entry& entry) {
    bool good = true;
    for (std::size_t t = 0; t < labels_.size(); ++t) {
      try {
        entry.track.labels.push_back(labels_[t].read(field(columns_.labels[t])));
      } catch (const std::invalid_argument& error) {
        problem(fmt::format("{}: {}", options_.tasks[t].first, error.what()));
        good = false;
      }
    }
    return good;
  }

  void sort_by_id() {
    auto& entries = catalogue_.entries;
    const auto order = order_by_id(entries);
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (entries[order[i]].track.id != entries[order[i - 1]].track.id) continue;
      problems_.add(lines_[order[i]], fmt::format("the id \"{}\" stands in line {}, too",
                                                  entries[order[i]].track.id, lines_[order[i - 1]]));
    }
    apply_order(entries, order);
  }

  void report() const {
    const std::size_t missing = catalogue_.refused.size();
    if (missing > 0)
      spdlog::warn("{}: {} of its files are not there; they are in the quarantine", problems_.origin(),
                   missing);
    if (columns_.group && options_.group == config::GroupKind::kTrack) {
      spdlog::warn(
          "{}: its column group or artist is not used; dataset.group = \"artist\" keeps together what it "
          "names",
          problems_.origin());
    }
    if (precomputed_.any()) return;
    const auto [count, first] = files_.unseen_audio();
    if (count > 0)
      spdlog::warn("{}: names {} audio files of {} not, such as {}; they are left out", problems_.origin(),
                   count, options_.root, printable(first));
  }

  const config::Dataset& options_;
  Source source_;
  Problems problems_;
  std::unique_ptr<Records> records_;
  Columns columns_;
  FileFinder files_;
  PrecomputedColumns precomputed_;
  std::vector<LabelColumn> labels_;
  Catalogue catalogue_;
  std::vector<std::uint32_t> lines_;  // of the entries, while they are in the manifest's order
};

}  // namespace

ManifestPlace manifest_place(const config::Dataset& options) {
  const fs::path root = options.root;
  std::error_code error;
  if (options.metadata.empty() && format_of(root) && !fs::is_directory(root, error)) {
    return {root.has_parent_path() ? root.parent_path() : ".", root};
  }
  return {root, options.metadata};
}

Catalogue read_manifest(const config::Dataset& options, const tree::Tree& tree,
                        const tree::Listing& listing) {
  return Reading(options, tree, listing).run();
}

}  // namespace chorale::catalogue
