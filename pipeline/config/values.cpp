#include "pipeline/config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

#include "pipeline/runtime/nearest.hpp"

namespace chorale::config {
namespace {

const Allowed kAnything;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

[[noreturn]] void fail(const std::string& found, const std::string& type, const Allowed& allowed) {
  const std::string what = describe(allowed);
  throw ValueError("found " + found + ", expected " + type + (what.empty() ? "" : ": " + what));
}

bool within(const Limits& limits, double value) {
  return std::isfinite(value) && (limits.low_excluded ? value > limits.low : value >= limits.low) &&
         (limits.high_excluded ? value < limits.high : value <= limits.high);
}

std::string plain(double value) {
  std::string text = format(value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string limits_text(const Limits& limits) {
  std::string text;
  if (std::isfinite(limits.low)) {
    text = limits.low_excluded ? "more than " + plain(limits.low) : plain(limits.low) + " or more";
  }
  if (std::isfinite(limits.high)) {
    if (!text.empty()) text += ", ";
    text += limits.high_excluded ? "less than " + plain(limits.high) : "at most " + plain(limits.high);
  }
  return text;
}

template <class T>
void read_list(const toml::node& node, const Allowed& allowed, std::vector<T>& value) {
  const toml::array* array = node.as_array();
  if (array == nullptr && node.is_number() && !std::is_same_v<T, std::string>) {
    T single{};
    read(node, allowed, single);
    value = {single};
    return;
  }
  if (array == nullptr) fail(describe(node), "a " + type_name(value), allowed);
  std::vector<T> elements;
  for (const toml::node& element : *array) {
    T item{};
    read(element, allowed, item);
    if (std::find(elements.begin(), elements.end(), item) != elements.end() && !allowed.choices.empty()) {
      throw ValueError("found " + describe(element) + " twice");
    }
    elements.push_back(item);
  }
  value = std::move(elements);
}

template <class T>
void read_filled_list(const toml::node& node, const Allowed& allowed, std::vector<T>& value) {
  const toml::array* array = node.as_array();
  if (array != nullptr && array->empty()) fail("an empty list", "a " + type_name(value), allowed);
  read_list(node, allowed, value);
}

template <class T>
std::string format_list(const std::vector<T>& value) {
  std::string text;
  for (const T& element : value) text += (text.empty() ? "" : ", ") + format(element);
  return "[" + text + "]";
}

bool is_bare_key(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::vector<std::pair<const toml::key*, const toml::node*>> as_written(const toml::table& table) {
  std::vector<std::pair<const toml::key*, const toml::node*>> rows;
  for (const auto& [name, node] : table) rows.emplace_back(&name, &node);
  const auto begin = [](const auto& row) { return row.first->source().begin; };
  std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return begin(a) < begin(b); });
  return rows;
}

}  // namespace

Limits at_least(double low) { return {.low = low}; }
Limits above(double low) { return {.low = low, .low_excluded = true}; }
Limits between(double low, double high) { return {.low = low, .high = high}; }
Limits fraction() { return {.low = 0, .high = 1, .high_excluded = true}; }

void read(const toml::node& node, const Allowed& allowed, bool& value) {
  const auto flag = node.value_exact<bool>();
  if (!flag) fail(describe(node), "true or false", allowed);
  value = *flag;
}

void read(const toml::node& node, const Allowed& allowed, std::int64_t& value) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number || !within(allowed.limits, static_cast<double>(*number))) {
    fail(describe(node), "an integer", allowed);
  }
  value = *number;
}

void read(const toml::node& node, const Allowed& allowed, double& value) {
  const auto number = node.is_number() ? node.value<double>() : std::nullopt;
  if (!number || !within(allowed.limits, *number)) fail(describe(node), "a number", allowed);
  value = *number;
}

void read(const toml::node& node, const Allowed& allowed, std::string& value) {
  const auto text = node.value_exact<std::string>();
  if (!text) fail(describe(node), "a string", allowed);
  if (!allowed.choices.empty() && !contains(allowed.choices, *text)) {
    const auto guess = runtime::nearest(*text, allowed.choices);
    throw ValueError("found " + describe(node) + ", expected one of: " + describe(allowed) +
                     (guess ? "; did you mean \"" + *guess + "\"?" : ""));
  }
  value = *text;
}

void read(const toml::node& node, const Allowed& allowed, std::vector<std::int64_t>& value) {
  read_filled_list(node, allowed, value);
}

void read(const toml::node& node, const Allowed& allowed, std::vector<double>& value) {
  read_list(node, allowed, value);
}

void read(const toml::node& node, const Allowed& allowed, std::vector<std::string>& value) {
  read_filled_list(node, allowed, value);
}

void read(const toml::node& node, const Allowed& allowed, Tasks& value) {
  const toml::table* table = node.as_table();
  if (table == nullptr || table->empty()) {
    fail(table == nullptr ? describe(node) : "an empty table", "a " + type_name(value), kAnything);
  }
  Tasks tasks;
  for (const auto& [key, kind] : as_written(*table)) {
    const std::string name(key->str());
    if (!is_bare_key(name)) {
      throw ValueError("found the task name " + format(name) +
                       ", expected letters, digits and underscores (it names a column of the store)");
    }
    tasks.emplace_back(name, TaskKind::kSingle);
    try {
      read(*kind, allowed, tasks.back().second);
    } catch (const ValueError& error) {
      throw ValueError("task " + name + ": " + error.what());
    }
  }
  value = std::move(tasks);
}

void read(const toml::node& node, const Allowed& allowed, Factors& value) {
  const toml::table* table = node.as_table();
  if (table == nullptr) fail(describe(node), "a " + type_name(value), kAnything);
  Factors factors;
  for (const auto& [key, number] : as_written(*table)) {
    factors.emplace_back(key->str(), 0.0);
    try {
      read(*number, allowed, factors.back().second);
    } catch (const ValueError& error) {
      throw ValueError(factors.back().first + ": " + error.what());
    }
  }
  value = std::move(factors);
}

std::string format(std::int64_t value) { return std::to_string(value); }

std::string format(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : (value < 0 ? "-inf" : "inf");
  const double size = std::abs(value);
  const bool readable = size == 0 || (size >= 1e-5 && size < 1e15);
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 readable ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(digits.data(), end.ptr);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string format(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text += {'\\', c};
    } else if (code < 0x20 || code == 0x7f) {
      text += {'\\', 'u', '0', '0', "0123456789ABCDEF"[code >> 4], "0123456789ABCDEF"[code & 15]};
    } else {
      text += c;
    }
  }
  return text + "\"";
}

std::string format(const std::vector<std::int64_t>& value) { return format_list(value); }
std::string format(const std::vector<double>& value) { return format_list(value); }
std::string format(const std::vector<std::string>& value) { return format_list(value); }

std::string format(const Tasks& value) {
  std::string text;
  for (const auto& [name, kind] : value) text += (text.empty() ? "" : ", ") + name + " = " + format(kind);
  return "{ " + text + " }";
}

std::string format(const Factors& value) {
  std::string text;
  for (const auto& [name, factor] : value) {
    text += (text.empty() ? " " : ", ") + (is_bare_key(name) ? name : format(name)) + " = " + format(factor);
  }
  return text.empty() ? "{}" : "{" + text + " }";
}

std::string type_name(const bool&) { return "boolean"; }
std::string type_name(const std::int64_t&) { return "integer"; }
std::string type_name(const double&) { return "number"; }
std::string type_name(const std::string&) { return "string"; }
std::string type_name(const std::vector<std::int64_t>&) { return "list of integers"; }
std::string type_name(const std::vector<double>&) { return "list of numbers"; }
std::string type_name(const std::vector<std::string>&) { return "list of strings"; }
std::string type_name(const Tasks&) { return "table of name = kind"; }
std::string type_name(const Factors&) { return "table of name = number"; }

std::string describe(const Allowed& allowed) {
  return allowed.choices.empty() ? limits_text(allowed.limits) : joined(allowed.choices);
}

std::string format(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return format(*text);
  if (const auto number = node.value_exact<double>()) return format(*number);
  std::ostringstream text;
  if (const toml::array* list = node.as_array()) {
    for (const toml::node& element : *list) text << (text.tellp() > 0 ? ", " : "") << format(element);
    return "[" + text.str() + "]";
  }
  text << toml::node_view<const toml::node>(node);
  return text.str();
}

std::string describe(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return "the string " + format(*text);
  if (const auto number = node.value_exact<std::int64_t>()) return "the integer " + format(*number);
  if (const auto number = node.value_exact<double>()) return "the number " + format(*number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "the boolean true" : "the boolean false";
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  return "a date or time";
}

}  // namespace chorale::config
