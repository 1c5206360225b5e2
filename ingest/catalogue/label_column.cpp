#include "ingest/catalogue/label_column.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "ingest/catalogue/field.hpp"
#include "pipeline/dataset/keys.hpp"

namespace chorale::catalogue {
namespace {

[[noreturn]] void refuse(std::string_view field, const char* expected) {
  throw std::invalid_argument(fmt::format("found \"{:.80}\", expected {}", field, expected));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string> names_in(std::string_view field) {
  std::vector<std::string> names;
  if (field.starts_with('[')) {
    const auto list = nlohmann::json::parse(field, nullptr, false);
    if (!list.is_array()) refuse(field, "a JSON list of names");
    for (const auto& name : list) {
      if (!name.is_string()) refuse(field, "a JSON list of names");
      names.push_back(name.get<std::string>());
    }
    return names;
  }
  while (true) {
    const std::size_t bar = std::min(field.find('|'), field.size());
    names.emplace_back(trimmed(field.substr(0, bar)));
    if (bar == field.size()) return names;
    field.remove_prefix(bar + 1);
  }
}

}  // namespace

std::int32_t LabelColumn::index_of(std::string_view name) {
  if (const auto known = index_.find(name); known != index_.end()) return known->second;
  if (name.empty()) throw std::invalid_argument("a class without a name");
  if (!is_utf8(name)) throw std::invalid_argument("the name of a class is not UTF-8");
  if (name.find('\0') != std::string_view::npos)
    throw std::invalid_argument("the name of a class holds a null character");
  met_.emplace_back(name);
  return index_.emplace(name, static_cast<std::int32_t>(met_.size()) - 1).first->second;
}

dataset::Label LabelColumn::read(std::string_view field) {
  field = trimmed(field);
  if (field.empty()) return {};
  switch (kind_) {
    case config::TaskKind::kSingle:
      return dataset::Label::of_class(index_of(field));
    case config::TaskKind::kMulti:
      return read_list(field);
    case config::TaskKind::kRegression:
      if (const auto value = number_in<float>(field)) return dataset::Label::of_value(*value);
      refuse(field, "a number");
    case config::TaskKind::kKey:
      break;
  }
  if (const auto key = dataset::key_named(field)) return dataset::Label::of_class(*key);
  refuse(field, "a key, such as C:maj, A minor or F#m");
}

dataset::Label LabelColumn::read_list(std::string_view field) {
  std::vector<std::int32_t> classes;
  for (const auto& name : names_in(field)) classes.push_back(index_of(name));
  return dataset::Label::of_classes(std::move(classes));
}

dataset::Task LabelColumn::task() const {
  dataset::Task task{name_, kind_, kind_ == config::TaskKind::kKey ? dataset::key_names() : met_};
  if (kind_ != config::TaskKind::kKey) std::sort(task.classes.begin(), task.classes.end());
  return task;
}

std::vector<std::int32_t> LabelColumn::final_indices() const {
  const auto classes = task().classes;
  std::vector<std::int32_t> indices(classes.size());
  std::iota(indices.begin(), indices.end(), 0);
  for (std::size_t i = 0; i < met_.size(); ++i) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), met_[i]);
    indices[i] = static_cast<std::int32_t>(place - classes.begin());
  }
  return indices;
}

void renumber(dataset::Label& label, std::span<const std::int32_t> final_indices) {
  for (std::int32_t& index : label.classes) index = final_indices[static_cast<std::size_t>(index)];
  std::sort(label.classes.begin(), label.classes.end());
  label.classes.erase(std::unique(label.classes.begin(), label.classes.end()), label.classes.end());
}

}  // namespace chorale::catalogue
