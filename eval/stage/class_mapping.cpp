#include "eval/stage/class_mapping.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/nearest.hpp"

namespace chorale::eval {
namespace {

constexpr std::int32_t kNone = -1;

std::int32_t index_of(const std::string& name, const std::vector<std::string>& classes) {
  const auto found = std::ranges::find(classes, name);
  return found == classes.end() ? kNone : static_cast<std::int32_t>(found - classes.begin());
}

void refuse(const std::vector<std::string>& errors) {
  if (!errors.empty()) throw runtime::UsageError(fmt::format("{}", fmt::join(errors, "\n")));
}

std::string unknown(const ClassMapping::Pair& pair, const std::string& name, const char* whose,
                    const std::vector<std::string>& classes) {
  const auto near = runtime::nearest(name, classes);
  return fmt::format("{}: \"{}\" is no class of the {}{}; it has: {}", pair.where, name, whose,
                     near ? fmt::format(", did you mean \"{}\"?", *near) : "", fmt::join(classes, ", "));
}

// Reads one mapping; gathers what is wrong with it.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : origin_(file.string()) {
    try {
      read(toml::parse(runtime::read_file(file), origin_));
    } catch (const toml::parse_error& error) {
      report(error.source(), std::string(error.description()));
    }
  }

  ClassMapping finish() {
    refuse(errors_);
    return std::move(mapping_);
  }

 private:
  std::string where(const toml::source_region& region) const {
    return fmt::format("{}:{}", origin_, region.begin.line);
  }
  void report(const toml::source_region& region, const std::string& message) {
    errors_.push_back(where(region) + ": " + message);
  }

  void read(const toml::table& table) {
    for (const auto& [key, node] : table) {
      if (const auto* classes = node.as_table(); key == "classes" && classes != nullptr) {
        read_classes(*classes);
      } else if (const auto task = node.value_exact<std::string>(); key == "task" && task) {
        mapping_.task = *task;
      } else {
        report(node.source(),
               fmt::format("{}: expected a section [classes] of \"their class\" = \"our class\", "
                           "and a task = \"name\" where the store has several",
                           std::string(key.str())));
      }
    }
  }

  void read_classes(const toml::table& classes) {
    for (const auto& [key, node] : classes) {
      const std::string theirs(key.str());
      if (const auto ours = node.value_exact<std::string>()) {
        mapping_.pairs.push_back({theirs, *ours, where(node.source())});
      } else {
        report(node.source(),
               fmt::format("\"{}\": expected the name of a class of the run, or \"\" to leave it out; "
                           "a name with a point stands in quotes",
                           theirs));
      }
    }
  }

  std::string origin_;
  ClassMapping mapping_;
  std::vector<std::string> errors_;
};

}  // namespace

ClassMapping ClassMapping::read(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file))
    throw runtime::UsageError(file.string() + ": no such file; it holds the classes of --classes as TOML");
  return Reader(file).finish();
}

std::vector<std::int32_t> ClassMapping::apply(const std::vector<std::string>& theirs,
                                              const std::vector<std::string>& ours) const {
  std::vector<std::int32_t> to;
  to.reserve(theirs.size());
  for (const std::string& name : theirs) to.push_back(index_of(name, ours));
  std::vector<std::string> errors;
  for (const Pair& pair : pairs) {
    const std::int32_t from = index_of(pair.theirs, theirs), goal = index_of(pair.ours, ours);
    if (from == kNone) errors.push_back(unknown(pair, pair.theirs, "store", theirs));
    if (goal == kNone && !pair.ours.empty()) errors.push_back(unknown(pair, pair.ours, "run", ours));
    if (from != kNone) to[static_cast<std::size_t>(from)] = goal;
  }
  refuse(errors);
  if (std::ranges::all_of(to, [](std::int32_t index) { return index == kNone; })) {
    throw runtime::UsageError(
        fmt::format("no class of the store stands for one of the run; say which in a file for --classes. The "
                    "store has: {}; "
                    "the run: {}",
                    fmt::join(theirs, ", "), fmt::join(ours, ", ")));
  }
  return to;
}

}  // namespace chorale::eval
