// Every key with type, default, unit and meaning, from the schema.
#include <algorithm>
#include <sstream>

#include "pipeline/config/schema.hpp"

namespace chorale::config {
namespace {

std::vector<const Key*> keys_of(const std::string& section) {
  std::vector<const Key*> found;
  for (const Key& key : keys()) {
    if (section_of(key) == section) found.push_back(&key);
  }
  return found;
}

std::string needed_by(const Key& key) {
  std::string text;
  for (const Stage stage : key.required_by) {
    text += std::string(text.empty() ? "" : ", ") + (stage == Stage::kIngest ? "ingest" : "train");
  }
  return text;
}

// Folds `text` at spaces to lines of `width`, each after `indent`.
std::string folded(const std::string& text, const std::string& indent, std::size_t width) {
  std::istringstream words(text);
  std::string out, line;
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out += indent + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + indent + line + "\n";
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string facts(const Key& key) {
  std::string text = key.type;
  if (!key.unit.empty()) text += ", in " + key.unit;
  if (const std::string allowed = describe(key.allowed); !allowed.empty()) text += ": " + allowed;
  if (!key.required_by.empty()) text += "; needed by " + needed_by(key);
  if (key.changes_store) text += "; changes the store";
  return text;
}

std::string default_of(const Key& key) {
  const std::string value = key.format(Experiment{});
  return value.empty() ? "unset" : value;
}

constexpr const char* kMarkdownHead = R"(# Configuration

This page is written by `chorale config reference --markdown`; do not edit it.

One TOML file describes one experiment. `extends = "base.toml"`, at the top of a file, takes the keys of another file,
named relative to this one, before its own. On the command line `key=value` has the last word
(`chorale train configs/cnn.toml train.lr=3e-4`). `chorale config check FILE` validates a file and prints every key with
its value. Paths are relative to the folder a command is started in.

Keys marked **store** change the bytes of a store and make up its hash: two experiments that agree in them share a
store. Options of `[model]` that are unset have a default of their own in each
model that takes them, in [models.md](models.md).
)";

}  // namespace

std::string reference_text() {
  std::string text;
  for (const auto& [section, about] : sections()) {
    text += (text.empty() ? "[" : "\n[") + section + "]  " + about + "\n";
    for (const Key* key : keys_of(section)) {
      text += "\n  " + key->path + " = " + default_of(*key) + "\n";
      text += folded(facts(*key), "      ", 90) + folded(key->meaning, "      ", 90);
    }
  }
  return text;
}

std::string reference_markdown() {
  std::string text = kMarkdownHead;
  for (const auto& [section, about] : sections()) {
    text +=
        "\n## [" + section + "]\n\n" + about + "\n\n| Key | Type | Default | Unit | Allowed | Meaning |\n";
    text += "|---|---|---|---|---|---|\n";
    for (const Key* key : keys_of(section)) {
      std::string meaning = key->meaning;
      if (!key->required_by.empty()) meaning += " Needed by " + needed_by(*key) + ".";
      if (key->changes_store) meaning += " **store**";
      text += "| `" + key->path + "` | " + key->type + " | `" + default_of(*key) + "` | " + key->unit +
              " | " + escaped(describe(key->allowed)) + " | " + escaped(meaning) + " |\n";
    }
  }
  return text;
}

}  // namespace chorale::config
