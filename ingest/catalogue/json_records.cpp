#include "ingest/catalogue/json_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace chorale::catalogue {
namespace {

using Json = nlohmann::ordered_json;

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Cuts a text into its objects, without a look at what is in them, so that each has its line.
class ObjectScanner {
 public:
  ObjectScanner(std::string_view text, const std::string& origin) : rest_(text), origin_(origin) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    in_array_ = take('[');
  }

  // The text of the next object; empty at the end.
  std::string_view next() {
    skip_spaces();
    if (in_array_ && take(']')) in_array_ = false, closed_ = true;
    skip_spaces();
    if (rest_.empty() && !in_array_) return {};
    if (closed_) fail("there is text after the list");
    if (in_array_ && !first_ && !take(',')) fail("expected a comma or ] after an object");
    first_ = false;
    skip_spaces();
    if (!rest_.starts_with('{')) fail("expected an object, {...}");
    object_line_ = line_;
    const std::string_view object = rest_.substr(0, length_of_object());
    advance(object.size());
    return object;
  }

  std::size_t line() const { return object_line_; }

 private:
  std::size_t length_of_object() const {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quoted) {
        if (c == '\\') ++i;
        if (c == '"') quoted = false;
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return i + 1;
      }
    }
    fail("the object that begins here is not closed");
  }

  void advance(std::size_t bytes) {
    line_ += count_lines(rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
  }
  void skip_spaces() { advance(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  bool take(char c) {
    skip_spaces();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[noreturn]] void fail(const char* what) const {
    throw CatalogueError(fmt::format("{}:{}: {}", origin_, line_, what));
  }

  std::string_view rest_;
  const std::string& origin_;
  bool in_array_ = false, closed_ = false, first_ = true;
  std::size_t line_ = 1, object_line_ = 1;
};

bool has_null(const std::string& text) { return text.find('\0') != std::string::npos; }

// Why a value cannot be a field; nullptr when it can.
const char* fault_of(const Json& value) {
  if (value.is_object()) return "an object has no place here";
  if (value.is_array() &&
      std::any_of(value.begin(), value.end(), [](const Json& item) { return item.is_structured(); }))
    return "a list within a list, or an object, has no place here";
  if (value.is_string() && has_null(value.get_ref<const std::string&>())) return "it holds a null character";
  return nullptr;
}

std::string text_of(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

class JsonRecords : public Records {
 public:
  JsonRecords(std::string text, const std::string& origin, Problems& problems)
      : text_(std::move(text)), origin_(origin), problems_(problems), scanner_(text_, origin_) {
    ObjectScanner scanner(text_, origin_);
    for (std::string_view object = scanner.next(); !object.empty(); object = scanner.next()) {
      visit(object, scanner.line(), [&](const std::string& column, const Json& value) {
        if (has_null(column)) problems_.add(scanner.line(), "the name of a column holds a null character");
        if (const char* const fault = fault_of(value))
          problems_.add(scanner.line(), fmt::format("{}: {}", column, fault));
        if (place_.emplace(column, columns_.size()).second) columns_.push_back(column);
      });
    }
    problems_.check();
    values_.resize(columns_.size());
    fields_.resize(columns_.size());
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  bool next() override {
    const std::string_view object = scanner_.next();
    if (object.empty()) return false;
    for (std::string& value : values_) value.clear();
    visit(object, line(),
          [&](const std::string& column, const Json& value) { values_[place_.at(column)] = text_of(value); });
    std::copy(values_.begin(), values_.end(), fields_.begin());
    return true;
  }

  std::span<const std::string_view> fields() const override { return fields_; }
  std::size_t line() const override { return scanner_.line(); }

 private:
  template <class Visitor>
  void visit(std::string_view object, std::size_t line, const Visitor& visitor) const {
    Json json;
    try {
      json = Json::parse(object);
    } catch (const Json::parse_error& error) {
      const std::size_t before = std::min(error.byte, object.size());
      throw CatalogueError(fmt::format("{}:{}: not valid JSON: {}", origin_,
                                       line + count_lines(object.substr(0, before)), error.what()));
    } catch (const Json::exception& error) {  // a number that no double holds
      throw CatalogueError(fmt::format("{}:{}: {}", origin_, line, error.what()));
    }
    for (const auto& [key, value] : json.items()) {
      if (key != "features" || !value.is_object()) {
        visitor(key, value);
        continue;
      }
      for (const auto& [name, number] : value.items()) visitor("feature." + name, number);
    }
  }

  std::string text_;
  std::string origin_;
  Problems& problems_;
  ObjectScanner scanner_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::size_t> place_;
  std::vector<std::string> values_;
  std::vector<std::string_view> fields_;
};

}  // namespace

std::unique_ptr<Records> json_records(std::string text, const std::string& origin, Problems& problems) {
  return std::make_unique<JsonRecords>(std::move(text), origin, problems);
}

}  // namespace chorale::catalogue
