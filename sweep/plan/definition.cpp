#include "sweep/plan/definition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/nearest.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;
using config::ConfigError;

const std::vector<std::string> kNames = {"dir", "ranks", "grid", "variant", "random", "folds", "seeds"};

Value value_of(const toml::node& node) {
  const std::string toml = config::format(node);
  return {toml, node.value_exact<std::string>().value_or(toml)};
}

// Where each row of a table and of the tables in it is written in a file, by its path: "grid.train.lr".
using Places = std::map<std::string, std::pair<toml::source_index, toml::source_index>>;

void note_places(const toml::table& table, const std::string& prefix, Places& places) {
  for (const auto& [name, node] : table) {
    const std::string path = prefix + std::string(name.str());
    places[path] = {node.source().begin.line, node.source().begin.column};
    if (node.is_table()) note_places(*node.as_table(), path + ".", places);
  }
}

class DefinitionReader {
 public:
  // `places`: of what the file says, before overrides.
  DefinitionReader(std::string origin, Places places)
      : origin_(std::move(origin)), places_(std::move(places)) {}

  Definition read(const toml::table& sweep) {
    for (const auto& [name, node] : in_order(sweep, "")) {
      if (std::ranges::find(kNames, name) != kNames.end()) continue;
      const auto guess = runtime::nearest(name, kNames);
      report(*node, fmt::format("sweep.{}: unknown key; {}", name,
                                guess ? "did you mean sweep." + *guess + "?"
                                      : fmt::format("known are {}", fmt::join(kNames, ", "))));
    }
    if (const auto* dir = sweep.get("dir")) definition_.dir = dir->value_or(std::string());
    if (definition_.dir.empty()) {
      errors_.push_back(origin_ + ": sweep.dir: not set, but chorale sweep needs it: the study folder");
    }
    if (const auto* ranks = sweep.get("ranks")) definition_.ranks = integer(*ranks, "sweep.ranks", 1);
    if (const auto* grid = sweep.get("grid")) read_grid(*grid);
    if (const auto* variants = sweep.get("variant")) read_variants(*variants);
    if (const auto* random = sweep.get("random")) read_random(*random);
    if (const auto* folds = sweep.get("folds")) read_axis("sweep.folds", "split.fold", *folds);
    if (const auto* seeds = sweep.get("seeds")) read_axis("sweep.seeds", "train.seed", *seeds);
    refuse_keys_that_stand_twice();
    if (!errors_.empty()) throw ConfigError(fmt::format("{}", fmt::join(errors_, "\n  ")));
    return definition_;
  }

 private:
  // Rows of a table in the order in which they are written, with overridden values where the former ones
  // were, and others behind them; toml++ sorts them by name.
  std::vector<std::pair<std::string, const toml::node*>> in_order(const toml::table& table,
                                                                  const std::string& prefix) const {
    std::vector<std::pair<std::string, const toml::node*>> rows;
    for (const auto& [name, node] : table) rows.emplace_back(std::string(name.str()), &node);
    const auto place = [&](const auto& row) {
      if (const auto found = places_.find(prefix + row.first); found != places_.end()) return found->second;
      constexpr toml::source_index kLast = std::numeric_limits<toml::source_index>::max();
      const auto& begin = row.second->source().begin;
      return begin.line > 0 ? std::pair(begin.line, begin.column) : std::pair(kLast, kLast);
    };
    std::ranges::stable_sort(rows, [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return rows;
  }

  void report(const toml::node& node, const std::string& message) {
    const auto line = node.source().begin.line;
    errors_.push_back(line > 0 ? fmt::format("{}:{}: {}", origin_, line, message)
                               : fmt::format("{}: {}", origin_, message));
  }

  void refuse_keys_that_stand_twice() {
    std::set<std::string> seen;
    const auto add = [&](const std::string& key) {
      if (!seen.insert(key).second)
        errors_.push_back(fmt::format("{}: {}: two parts of the sweep vary it", origin_, key));
    };
    for (const Axis& axis : definition_.axes) add(axis.key);
    for (const Draw& draw : definition_.random) add(draw.key);
  }

  std::int64_t integer(const toml::node& node, const std::string& name, std::int64_t least) {
    const auto value = node.value_exact<std::int64_t>();
    if (value && *value >= least) return *value;
    report(node,
           fmt::format("{}: found {}, expected an integer, {} or more", name, config::describe(node), least));
    return least;
  }

  const toml::table* table(const toml::node& node, const std::string& name) {
    if (const auto* found = node.as_table()) return found;
    report(node, fmt::format("{}: found {}, expected a table", name, config::describe(node)));
    return nullptr;
  }

  bool is_key(const toml::node& node, const std::string& path) {
    if (path == "run.dir") {
      report(node, "run.dir: each cell has a run folder of its own, in sweep.dir");
      return false;
    }
    if (config::find_key(path) != nullptr) return true;
    std::vector<std::string> known;
    for (const auto& key : config::keys()) known.push_back(key.path);
    const auto guess = runtime::nearest(path, known);
    report(node, fmt::format("{}: no key of a configuration{}", path,
                             guess ? "; did you mean " + *guess + "?" : ""));
    return false;
  }

  // Calls `use` with the path and the value of every key but some; they may be written "train.lr" or in
  // nested tables. `part` of the sweep: "grid."
  template <class Use>
  void each_key(const toml::table& keys, const std::string& part, const std::string& prefix,
                const std::vector<std::string>& but, const Use& use) {
    for (const auto& [name, node] : in_order(keys, part + prefix)) {
      const std::string path = prefix + name;
      if (std::ranges::find(but, path) != but.end()) continue;
      const toml::table* inner = node->as_table();
      if (inner != nullptr && config::find_key(path) == nullptr) {
        each_key(*inner, part, path + ".", but, use);
      } else if (is_key(*node, path)) {
        use(path, *node);
      }
    }
  }

  void read_axis(const std::string& name, const std::string& key, const toml::node& node) {
    const toml::array* values = node.as_array();
    if (values == nullptr || values->empty()) {
      report(node, fmt::format("{}: found {}, expected a list of values, one or more", name,
                               values == nullptr ? config::describe(node) : "no values"));
      return;
    }
    Axis axis{key, {}};
    for (const toml::node& value : *values) axis.values.push_back(value_of(value));
    definition_.axes.push_back(std::move(axis));
  }

  void read_grid(const toml::node& node) {
    const auto* grid = table(node, "sweep.grid");
    if (grid == nullptr) return;
    each_key(*grid, "grid.", "", {}, [&](const std::string& key, const toml::node& values) {
      read_axis("sweep.grid: " + key, key, values);
    });
  }

  void read_variants(const toml::node& node) {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty() || !list->is_homogeneous<toml::table>()) {
      report(node, fmt::format("sweep.variant: found {}, expected tables [[sweep.variant]]",
                               config::describe(node)));
      return;
    }
    for (const toml::node& entry : *list) {
      const toml::table& settings = *entry.as_table();
      Variant variant{settings["name"].value_or(std::string()), {}};
      if (variant.name.empty()) report(entry, "sweep.variant: found no name, expected name = \"...\"");
      each_key(settings, "variant.", "", {"name"}, [&](const std::string& key, const toml::node& value) {
        variant.settings.push_back({key, value_of(value)});
      });
      definition_.variants.push_back(std::move(variant));
    }
  }

  void read_random(const toml::node& node) {
    const auto* keys = table(node, "sweep.random");
    if (keys == nullptr) return;
    if (const auto* cells = keys->get("cells")) {
      definition_.random_cells = integer(*cells, "sweep.random.cells", 1);
    } else {
      report(node, "sweep.random: found no cells, expected cells = 20 or another number of draws");
    }
    if (const auto* seed = keys->get("seed"))
      definition_.random_seed = integer(*seed, "sweep.random.seed", 0);
    each_key(*keys, "random.", "", {"cells", "seed"},
             [&](const std::string& key, const toml::node& draw) { read_draw(key, draw); });
    if (definition_.random.empty()) report(node, "sweep.random: found no key to draw values of");
  }

  void read_draw(const std::string& key, const toml::node& node) {
    const toml::table* table = node.as_table();
    const std::string expected = fmt::format(
        "sweep.random: {}: found {}, expected {{ uniform = [low, high] }}, {{ log_uniform = [low, high] }} "
        "with low "
        "above 0, or {{ choice = [...] }}",
        key, config::describe(node));
    if (table == nullptr || table->size() != 1 || table->begin()->second.as_array() == nullptr)
      return report(node, expected);
    const std::string kind(table->begin()->first.str());
    const toml::array& values = *table->begin()->second.as_array();
    Draw draw{.key = key, .whole = config::find_key(key)->type == "integer"};
    if (kind == "choice" && !values.empty()) {
      for (const toml::node& value : values) draw.choices.push_back(value_of(value));
    } else if ((kind == "uniform" || kind == "log_uniform") && values.size() == 2) {
      draw.kind = kind == "uniform" ? Draw::Kind::kUniform : Draw::Kind::kLogUniform;
      const auto low = values[0].value<double>(), high = values[1].value<double>();
      if (!low || !high || *low >= *high || (kind == "log_uniform" && *low <= 0))
        return report(node, expected);
      draw.low = *low;
      draw.high = *high;
    } else {
      return report(node, expected);
    }
    definition_.random.push_back(std::move(draw));
  }

  std::string origin_;
  Places places_;
  Definition definition_;
  std::vector<std::string> errors_;
};

toml::table parse_file(const fs::path& file) try {
  return toml::parse(runtime::read_file(file), file.string());
} catch (const toml::parse_error& error) {
  throw ConfigError(
      fmt::format("{}:{}: not TOML: {}", file.string(), error.source().begin.line, error.description()));
} catch (const runtime::FileError& error) {
  throw ConfigError(error.what());
}

// The file or the first of its bases that has a [sweep]. (Not the table alone: a copy forgets the lines.)
// Cycles are found when the cells are read, so a chain that is too long just ends here.
std::pair<toml::table, fs::path> find_sweep(fs::path file) {
  constexpr int kLongestChain = 100;
  const fs::path first = file;
  for (int i = 0; i < kLongestChain; ++i) {
    toml::table whole = parse_file(file);
    if (const auto* sweep = whole.get("sweep")) {
      if (sweep->is_table()) return {std::move(whole), file};
      throw ConfigError(
          fmt::format("{}: sweep: found {}, expected a table", file.string(), config::describe(*sweep)));
    }
    const auto base = whole["extends"].value<std::string>();
    if (!base) break;
    file = (file.parent_path() / *base).lexically_normal();
  }
  throw ConfigError(first.string() + ": has no [sweep] that says which cells to train (docs/sweeps.md)");
}

void merge(const toml::table& from, toml::table& into) {
  for (const auto& [name, node] : from) {
    auto* both = into.get_as<toml::table>(name.str());
    if (both != nullptr && node.is_table()) {
      merge(*node.as_table(), *both);
    } else {
      into.insert_or_assign(name.str(), node);
    }
  }
}

// "sweep.seeds=[1, 2]" as a table; what is no TOML value is a string.
toml::table parse_override(const std::string& text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error&) {
  }
  const auto equals = text.find('=');
  try {
    return toml::parse(text.substr(0, equals) + " = " + config::format(text.substr(equals + 1)));
  } catch (const toml::parse_error& error) {
    throw ConfigError(fmt::format("command line: {}: {}", text, error.description()));
  }
}

}  // namespace

bool is_of_sweep(const std::string& override_text) { return override_text.starts_with("sweep."); }

Definition read_definition(const fs::path& file, const std::vector<std::string>& overrides) {
  auto [whole, origin] = find_sweep(file);
  toml::table& table = *whole["sweep"].as_table();
  Places places;
  note_places(table, "", places);
  for (const auto& text : overrides) {
    if (!is_of_sweep(text)) continue;
    const toml::table given = parse_override(text);
    merge(*given["sweep"].as_table(), table);
  }
  return DefinitionReader(origin.string(), std::move(places)).read(table);
}

}  // namespace chorale::sweep
