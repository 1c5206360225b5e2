#include "pipeline/config/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <map>

#include "pipeline/config/reader.hpp"
#include "pipeline/config/resolved_values.hpp"
#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/hash.hpp"

namespace chorale::config {
namespace {

const char* const kCommandLine = "command line";

template <class Predicate>
std::string write(const Experiment& experiment, Predicate wanted) {
  std::string text, section;
  for (const Key& key : keys()) {
    const std::string value = key.format(experiment);
    if (!wanted(key) || value.empty()) continue;
    if (section_of(key) != section) {
      section = section_of(key);
      text += (text.empty() ? "[" : "\n[") + section + "]\n";
    }
    text += key.path.substr(section.size() + 1) + " = " + value + "\n";
  }
  return text;
}

void flatten(const toml::table& table, const std::string& prefix,
             std::map<std::string, std::string>& values) {
  for (const auto& [name, node] : table) {
    const std::string path = prefix + std::string(name.str());
    if (const toml::table* inner = node.as_table()) {
      flatten(*inner, path + ".", values);
    } else {
      values[path] = format(node);
    }
  }
}

std::string value_or_absent(const std::map<std::string, std::string>& values, const std::string& path) {
  const auto found = values.find(path);
  return found == values.end() ? "absent" : found->second;
}

}  // namespace

std::map<std::string, std::string> values_of(std::string_view resolved) {
  std::map<std::string, std::string> values;
  try {
    flatten(toml::parse(resolved), "", values);
  } catch (const toml::parse_error& error) {
    throw ConfigError("a resolved configuration that is not TOML: " + std::string(error.description()));
  }
  return values;
}

Experiment load(const std::filesystem::path& file, const std::vector<std::string>& overrides, Stage stage,
                const Values& values) {
  Reader reader(file.string());
  reader.read_file(file);
  for (const std::string& text : values.texts) reader.read_override(text, values.origin);
  for (const std::string& text : overrides) reader.read_override(text, kCommandLine);
  return reader.finish(stage);
}

Experiment parse(std::string_view toml, const std::string& origin,
                 const std::vector<std::string>& overrides) {
  Reader reader(origin);
  reader.read_text(toml, origin);
  for (const std::string& text : overrides) reader.read_override(text, kCommandLine);
  return reader.finish(Stage::kAny);
}

std::string resolved(const Experiment& experiment) {
  return write(experiment, [](const Key&) { return true; });
}

std::string resolved_store(const Experiment& experiment) {
  return write(experiment, [](const Key& key) { return key.changes_store; });
}

std::string store_hash(const Experiment& experiment) { return runtime::xxh3_hex(resolved_store(experiment)); }

std::vector<std::string> differences(std::string_view here, std::string_view there) {
  const auto ours = values_of(here), theirs = values_of(there);
  auto paths = ours;
  paths.insert(theirs.begin(), theirs.end());
  std::vector<std::string> lines;
  for (const auto& [path, value] : paths) {
    const std::string a = value_or_absent(ours, path), b = value_or_absent(theirs, path);
    if (a != b) lines.push_back(fmt::format("{}: {} here, {} there", path, a, b));
  }
  return lines;
}

std::string_view name_of(Part part) { return name_in_toml(part); }
std::string_view name_of(TaskKind kind) { return name_in_toml(kind); }
std::string_view name_of(GroupKind kind) { return name_in_toml(kind); }
std::string_view name_of(SplitKind kind) { return name_in_toml(kind); }
std::string_view name_of(SplitBy by) { return name_in_toml(by); }
std::string_view name_of(Precision precision) { return name_in_toml(precision); }

}  // namespace chorale::config
