#include "pipeline/config/reader.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "pipeline/config/checks.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/nearest.hpp"

namespace chorale::config {
namespace {

std::string location(const std::string& origin, const toml::source_region& region) {
  return region.begin ? origin + ":" + std::to_string(region.begin.line) : origin;
}

std::string leaf(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::vector<std::string> known_keys() {
  std::vector<std::string> known;
  for (const Key& key : keys()) known.push_back(key.path);
  return known;
}

std::vector<std::string> known_sections() {
  std::vector<std::string> known;
  for (const auto& [section, about] : sections()) known.push_back(section);
  return known;
}

// The known path that ends in the same name, in the section most alike (the first where no section is given);
// otherwise the nearest of all.
std::optional<std::string> nearest_path(const std::string& path, std::vector<std::string> known) {
  const auto distance = [&](const std::string& other) { return runtime::edit_distance(path, other); };
  auto guess = runtime::nearest(path, known);
  std::erase_if(known, [&](const std::string& other) { return leaf(other) != leaf(path); });
  if (known.empty()) return guess;
  if (leaf(path) == path) return known.front();
  return *std::min_element(known.begin(), known.end(),
                           [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
}

std::string unknown(const std::string& path, bool is_table) {
  const auto guess = nearest_path(path, is_table ? known_sections() : known_keys());
  const std::string what = path + ": unknown " + (is_table ? "section" : "key");
  if (!guess) return what + "; chorale config reference lists all";
  return what + "; did you mean " + (is_table ? "[" + *guess + "]" : *guess) + "?";
}

std::string chain_text(const std::vector<std::filesystem::path>& chain, const std::filesystem::path& last) {
  std::string text;
  for (const auto& file : chain) text += file.string() + " -> ";
  return text + last.string();
}

// The value of an override: what TOML makes of it where that is what the key wants, otherwise the bare text.
toml::table override_value(const Key& key, const std::string& text) {
  const bool wants_text = key.type == "string" || key.type == "choice";
  try {
    toml::table table = toml::parse("value = " + text);
    const toml::node* value = table.get("value");
    if (table.size() == 1 && (!wants_text || value->is_string())) return table;
  } catch (const toml::parse_error&) {
  }
  return toml::parse("value = " + format(text));  // refuses what is not UTF-8
}

}  // namespace

void Reader::report(const std::string& where, const std::string& message) {
  errors_.push_back(where + ": " + message);
}

void Reader::report_syntax(const toml::parse_error& error, const std::string& origin) {
  report(location(origin, error.source()), "not TOML: " + std::string(error.description()));
}

void Reader::read_file(const std::filesystem::path& file) {
  const std::string origin = file.string();
  try {
    toml::table table = toml::parse(runtime::read_file(file), origin);
    chain_.push_back(file);
    read_base(table, file);
    chain_.pop_back();
    table.erase("sweep");  // how several experiments are made of this one: for chorale sweep alone
    read_table(table, "", origin);
  } catch (const toml::parse_error& error) {
    report_syntax(error, origin);
  } catch (const runtime::FileError& error) {
    errors_.emplace_back(error.what());
  }
}

void Reader::read_base(toml::table& table, const std::filesystem::path& file) {
  const toml::node* extends = table.get("extends");
  if (extends == nullptr) return;
  const std::string where = location(file.string(), extends->source()) + ": extends";
  const auto name = extends->value_exact<std::string>();
  if (!name || name->empty()) {
    report(where, "found " + describe(*extends) + ", expected the path of a file, relative to this one");
  } else {
    const std::filesystem::path base = (file.parent_path() / *name).lexically_normal();
    const auto is_base = [&](const auto& other) {
      std::error_code ignored;
      return std::filesystem::equivalent(other, base, ignored);
    };
    std::error_code ignored;
    if (std::any_of(chain_.begin(), chain_.end(), is_base)) {
      report(where, "a cycle: " + chain_text(chain_, base));
    } else if (!std::filesystem::is_regular_file(base, ignored)) {
      report(where, "found " + describe(*extends) + ", but there is no file " + base.string());
    } else {
      read_file(base);
    }
  }
  table.erase("extends");
}

void Reader::read_text(std::string_view toml, const std::string& origin) {
  try {
    read_table(toml::parse(toml, origin), "", origin);
  } catch (const toml::parse_error& error) {
    report_syntax(error, origin);
  }
}

void Reader::read_table(const toml::table& table, const std::string& prefix, const std::string& origin) {
  std::vector<std::pair<std::string, const toml::node*>> rows;
  for (const auto& [name, node] : table) rows.emplace_back(prefix + std::string(name.str()), &node);
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second->source().begin.line < b.second->source().begin.line;  // errors in the order of the file
  });
  for (const auto& [path, node] : rows) read_node(path, *node, origin);
}

void Reader::read_node(const std::string& path, const toml::node& node, const std::string& origin) {
  const std::string where = location(origin, node.source());
  if (const Key* key = find_key(path)) {
    read_key(*key, node, where);
  } else if (!is_section(path)) {
    report(where, unknown(path, node.is_table()));
  } else if (const toml::table* section = node.as_table()) {
    read_table(*section, path + ".", origin);
  } else {
    report(where, path + ": found " + describe(node) + ", expected a section: [" + path + "]");
  }
}

void Reader::read_key(const Key& key, const toml::node& node, const std::string& where) {
  set_at_[key.path] = where;
  try {
    key.read(node, experiment_);
  } catch (const ValueError& error) {
    wrong_.insert(key.path);
    report(where, key.path + ": " + error.what());
  }
}

void Reader::read_override(const std::string& text, const std::string& where) {
  const auto equals = text.find('=');
  const std::string path = text.substr(0, equals);
  if (equals == std::string::npos) {
    report(where, "\"" + text + "\": expected key=value");
  } else if (const Key* key = find_key(path)) {
    try {
      read_key(*key, *override_value(*key, text.substr(equals + 1)).get("value"), where);
    } catch (const toml::parse_error& error) {
      report(where, path + ": " + std::string(error.description()));
    }
  } else {
    report(where, unknown(path, false));
  }
}

Experiment Reader::finish(Stage stage) {
  const auto is_wrong = [&](const std::string& key) { return wrong_.contains(key); };
  auto findings = check(experiment_, stage);
  std::ranges::move(complete(experiment_.model), std::back_inserter(findings));
  for (const auto& [involved, message] : findings) {
    if (std::any_of(involved.begin(), involved.end(), is_wrong))
      continue;  // its value is not the one written
    const auto set = set_at_.find(involved.front());
    report(set == set_at_.end() ? name_ : set->second, involved.front() + ": " + message);
  }
  if (errors_.empty()) return experiment_;
  std::string text =
      errors_.size() == 1 ? "" : std::to_string(errors_.size()) + " errors in the configuration:";
  for (const std::string& error : errors_) text += (text.empty() ? "" : "\n  ") + error;
  throw ConfigError(text);
}

}  // namespace chorale::config
