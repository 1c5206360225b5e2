// Structs to JSON objects and back from one list of fields, so that the two directions can't disagree.
//
//   template <class Visit>
//   void visit_fields(Visit& visit, Task& task) {  // in the namespace of Task
//     visit("name", task.name);
//     visit("classes", task.classes);
//   }
//   const std::string text = config::to_json_text(task);
//   const Task back = config::from_json_text<Task>(text, "state.json");
//
// Fields may be strings, integers, floating point numbers (exact, NaN and infinities as text), enumerations
// (by their names in TOML), structs with fields of their own, and vectors of all these.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "pipeline/config/names.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::config {

struct JsonError : runtime::Error {
  using Error::Error;
};

namespace json_fields {

using Json = nlohmann::ordered_json;

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

class Writer {
 public:
  template <class T>
  void operator()(const char* name, T& value) {
    object_[name] = encode(value);
  }
  const Json& object() const { return object_; }

 private:
  template <class T>
  static Json encode(T& value) {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(value)) return "nan";
      if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
      return value;
    } else if constexpr (std::is_enum_v<T>) {
      return name_in_toml(value);
    } else if constexpr (std::is_integral_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else if constexpr (IsVector<T>::value) {
      Json array = Json::array();
      for (auto& item : value) array.push_back(encode(item));
      return array;
    } else {
      Writer writer;
      visit_fields(writer, value);
      return writer.object();
    }
  }

  Json object_ = Json::object();
};

class Reader {
 public:
  // `where` is the place of `object` in error messages: "state.json: normaliser".
  Reader(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) fail("expected an object");
  }

  template <class T>
  void operator()(const char* name, T& value) {
    const auto found = object_.find(name);
    if (found == object_.end()) fail(std::string("field \"") + name + "\" is missing");
    decode(*found, value, where_ + ": " + name);
    known_.push_back(name);
  }

  // Every field was asked for.
  void finish() const {
    for (const auto& item : object_.items()) {
      if (std::find(known_.begin(), known_.end(), item.key()) == known_.end())
        fail("unknown field \"" + item.key() + "\"; was it written by a newer version of chorale?");
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw JsonError(where_ + ": " + what); }
  [[noreturn]] static void expected(const char* what, const Json& found, const std::string& where) {
    throw JsonError(where + ": expected " + what + ", found " + found.dump().substr(0, 40));
  }

  template <class T>
  static void decode(const Json& json, T& value, const std::string& where) {
    if constexpr (std::is_floating_point_v<T>) {
      if (json.is_number()) {
        value = json.get<T>();
      } else if (json == "nan") {
        value = std::numeric_limits<T>::quiet_NaN();
      } else if (json == "inf" || json == "-inf") {
        value = (json == "inf" ? 1 : -1) * std::numeric_limits<T>::infinity();
      } else {
        expected("a number", json, where);
      }
    } else if constexpr (std::is_enum_v<T>) {
      const auto known = json.is_string() ? value_named<T>(json.get<std::string>()) : std::nullopt;
      if (!known) expected("one of the known values", json, where);
      value = *known;
    } else if constexpr (std::is_integral_v<T>) {
      if (!json.is_number_integer()) expected("an integer", json, where);
      value = json.get<T>();
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) expected("a string", json, where);
      value = json.get<std::string>();
    } else if constexpr (IsVector<T>::value) {
      if (!json.is_array()) expected("an array", json, where);
      value.clear();
      for (const Json& item : json) decode(item, value.emplace_back(), where);
    } else {
      Reader reader(json, where);
      visit_fields(reader, value);
      reader.finish();
    }
  }

  const Json& object_;
  std::string where_;
  std::vector<std::string_view> known_;
};

}  // namespace json_fields

template <class T>
std::string to_json_text(T value) {
  json_fields::Writer writer;
  visit_fields(writer, value);
  return writer.object().dump(2) + "\n";
}

// Throws JsonError: not JSON, a field missing, unknown or of another type. `origin` names the text in
// messages.
template <class T>
T from_json_text(std::string_view text, const std::string& origin) {
  const auto json = json_fields::Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw JsonError(origin + ": not JSON, or cut off");
  T value;
  json_fields::Reader reader(json, origin);
  visit_fields(reader, value);
  reader.finish();
  return value;
}

}  // namespace chorale::config
