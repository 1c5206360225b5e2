// The types a key can have: from a TOML node into the experiment and back to TOML text. A new type is one
// more overload of read, format and type_name.
#pragma once

#include <toml++/toml.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/config/names.hpp"

namespace chorale::config {

using Tasks = std::vector<std::pair<std::string, TaskKind>>;

// The numbers a key accepts. Always finite.
struct Limits {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false, high_excluded = false;
};
Limits at_least(double low);
Limits above(double low);
Limits between(double low, double high);  // both included
Limits fraction();                        // 0 <= x < 1

// What a key accepts beyond its type.
struct Allowed {
  Limits limits;
  std::vector<std::string> choices;  // of a string or of a list's elements; empty: any
};

// What is wrong with a value: "found ..., expected ...".
struct ValueError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Read a node into `value`, or throw ValueError and leave it as it was. A number will do for a list of one.
void read(const toml::node& node, const Allowed& allowed, bool& value);
void read(const toml::node& node, const Allowed& allowed, std::int64_t& value);
void read(const toml::node& node, const Allowed& allowed, double& value);  // integers are numbers too
void read(const toml::node& node, const Allowed& allowed, std::string& value);
void read(const toml::node& node, const Allowed& allowed, std::vector<std::int64_t>& value);
// May be empty.
void read(const toml::node& node, const Allowed& allowed, std::vector<double>& value);
void read(const toml::node& node, const Allowed& allowed, std::vector<std::string>& value);
void read(const toml::node& node, const Allowed& allowed, Tasks& value);
void read(const toml::node& node, const Allowed& allowed, Factors& value);
template <NamedEnum E>
void read(const toml::node& node, const Allowed& allowed, E& value) {
  std::string name;
  read(node, allowed, name);
  value = value_named<E>(name).value();
}
template <class T>
void read(const toml::node& node, const Allowed& allowed, std::optional<T>& value) {
  T read_value{};
  read(node, allowed, read_value);
  value = std::move(read_value);
}

// TOML text that reads back to the same value; the same text for the same value, always (it is hashed).
// Empty for a value that is not set.
template <std::same_as<bool> B>  // not of a text, which is a pointer and so would be true
std::string format(B value) {
  return value ? "true" : "false";
}
std::string format(std::int64_t value);
std::string format(double value);
std::string format(const std::string& value);
std::string format(const std::vector<std::int64_t>& value);
std::string format(const std::vector<double>& value);
std::string format(const std::vector<std::string>& value);
std::string format(const Tasks& value);
std::string format(const Factors& value);
template <NamedEnum E>
std::string format(E value) {
  return format(std::string(name_in_toml(value)));
}
template <class T>
std::string format(const std::optional<T>& value) {
  return value ? format(*value) : "";
}

std::string format(const toml::node& node);  // of any value, its numbers and texts as above

// "integer", "list of strings", ...
std::string type_name(const bool&);
std::string type_name(const std::int64_t&);
std::string type_name(const double&);
std::string type_name(const std::string&);
std::string type_name(const std::vector<std::int64_t>&);
std::string type_name(const std::vector<double>&);
std::string type_name(const std::vector<std::string>&);
std::string type_name(const Tasks&);
std::string type_name(const Factors&);
template <NamedEnum E>
std::string type_name(const E&) {
  return "choice";
}
template <class T>
std::string type_name(const std::optional<T>&) {
  return type_name(T{});
}

// "1 or more", "folder, gtzan"; empty when anything of the type will do.
std::string describe(const Allowed& allowed);

// "the string \"ten\"", "the integer 3", "a table"
std::string describe(const toml::node& node);

}  // namespace chorale::config
