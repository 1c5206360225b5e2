#include "sweep/plan/cells.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;

// A cell before its experiment is read.
struct Draft {
  std::vector<std::string> name;
  std::vector<Setting> settings;
  std::vector<std::string> repeats;  // the name without what only repeats an experiment
};

std::string for_file_names(const std::string& text) {
  std::string name;
  for (const char letter : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '+' ||
                       letter == '-' || letter == '_' ||
                       (letter == '.' && !name.empty());  // "." and ".." are folders
    if (plain || (!name.empty() && name.back() != '-')) name += plain ? letter : '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() ? "empty" : name;
}

// "cnn" of model.name, "lr-0.001" of train.lr: a word speaks for itself, a number does not.
std::string name_of(const Setting& setting) {
  const auto type = config::find_key(setting.key)->type;
  std::string value = for_file_names(setting.value.text);
  if (type == "string" || type == "choice") return value;
  return setting.key.substr(setting.key.rfind('.') + 1) + "-" + value;
}

void multiply(std::vector<Draft>& drafts, const std::vector<Draft>& by) {
  if (by.empty()) return;
  std::vector<Draft> product;
  for (const Draft& left : drafts) {
    for (const Draft& right : by) {
      Draft both = left;
      both.name.insert(both.name.end(), right.name.begin(), right.name.end());
      both.settings.insert(both.settings.end(), right.settings.begin(), right.settings.end());
      both.repeats.insert(both.repeats.end(), right.repeats.begin(), right.repeats.end());
      product.push_back(std::move(both));
    }
  }
  drafts = std::move(product);
}

// Three digits: a value that can be read, typed and repeated.
Value rounded(double value, bool whole) {
  const std::string text = whole ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
  const bool is_float = whole || text.find_first_of(".e") != std::string::npos;
  return {is_float ? text : text + ".0", text};
}

Value draw_value(const Draw& draw, runtime::RandomStream stream) {
  switch (draw.kind) {
    case Draw::Kind::kUniform:
      return rounded(stream.uniform(draw.low, draw.high), draw.whole);
    case Draw::Kind::kLogUniform:
      return rounded(std::exp(stream.uniform(std::log(draw.low), std::log(draw.high))), draw.whole);
    case Draw::Kind::kChoice:
      break;
  }
  return draw.choices[stream.below(draw.choices.size())];
}

bool equal(const Draft& a, const Draft& b) {
  return std::ranges::equal(
      a.settings, b.settings, {}, [](const Setting& s) { return s.value.toml; },
      [](const Setting& s) { return s.value.toml; });
}

// A draw is a function of the seed, the key and the number of the cell: more cells leave the first ones as
// they are. What was drawn before is left out.
std::vector<Draft> draw_cells(const Definition& definition) {
  std::vector<Draft> drafts;
  for (std::int64_t i = 1; i <= definition.random_cells; ++i) {
    Draft draft{{fmt::format("random-{}", i)}, {}, {fmt::format("random-{}", i)}};
    for (const Draw& draw : definition.random) {
      const runtime::RandomStream stream(static_cast<std::uint64_t>(definition.random_seed),
                                         {runtime::key_of(draw.key), static_cast<std::uint64_t>(i)});
      draft.settings.push_back({draw.key, draw_value(draw, stream)});
    }
    if (std::ranges::none_of(drafts, [&](const Draft& other) { return equal(draft, other); }))
      drafts.push_back(std::move(draft));
  }
  return drafts;
}

// Reports take runs that differ in these alone for one experiment (docs/evaluation.md).
bool only_repeats(const std::string& key) {
  return key == "split.fold" || key == "split.seed" || key == "train.seed" || key == "train.threads";
}

// Variants outermost and seeds innermost, as the axes are ordered.
std::vector<Draft> combine(const Definition& definition) {
  std::vector<Draft> drafts(1), variants;
  for (const Variant& variant : definition.variants)
    variants.push_back({{for_file_names(variant.name)}, variant.settings, {for_file_names(variant.name)}});
  multiply(drafts, variants);
  const auto is_repetition = [](const Axis& axis) {
    return axis.key == "split.fold" || axis.key == "train.seed";
  };
  const auto multiply_axes = [&](bool repetitions) {
    for (const Axis& axis : definition.axes) {
      if (is_repetition(axis) != repetitions) continue;
      std::vector<Draft> values;
      for (const Value& value : axis.values) {
        const std::string name = name_of({axis.key, value});
        values.push_back({{name}, {{axis.key, value}}, {}});
        if (!only_repeats(axis.key)) values.back().repeats = {name};
      }
      multiply(drafts, values);
    }
  };
  multiply_axes(false);
  multiply(drafts, draw_cells(definition));
  multiply_axes(true);
  return drafts;
}

std::string text_of(const Setting& setting) { return setting.key + " = " + setting.value.text; }

std::vector<std::string> overrides_of(const Draft& draft, const std::string& dir) {
  std::vector<std::string> texts;
  for (const Setting& setting : draft.settings) texts.push_back(setting.key + "=" + setting.value.toml);
  texts.push_back("run.dir=" + config::format(dir));
  return texts;
}

// What the sweep varies can't be set beside it.
void refuse_overridden_axes(const Definition& definition, const std::vector<std::string>& overrides) {
  for (const std::string& text : overrides) {
    const std::string key = text.substr(0, text.find('='));
    const bool is_axis = std::ranges::find(definition.axes, key, &Axis::key) != definition.axes.end();
    const bool is_drawn = std::ranges::find(definition.random, key, &Draw::key) != definition.random.end();
    if (!is_axis && !is_drawn) continue;
    throw config::ConfigError(
        fmt::format("command line: {}: the sweep varies this key; override its values: sweep.seeds, "
                    "sweep.folds, sweep.grid.{} "
                    "or sweep.random.{}",
                    text, key, key));
  }
}

void refuse_equal_cells(const std::vector<Cell>& cells) {
  std::map<std::string, const Cell*> by_configuration;
  std::set<std::string> names;
  for (const Cell& cell : cells) {
    config::Experiment experiment = cell.experiment;
    experiment.run.dir.clear();
    const auto [other, is_new] = by_configuration.emplace(config::resolved(experiment), &cell);
    if (!is_new) {
      std::vector<std::string> settings;
      for (const Setting& setting : cell.settings) settings.push_back(text_of(setting));
      throw config::ConfigError(
          fmt::format("cells {} and {} have the same configuration ({}): the result would be the same. "
                      "Remove a value that stands "
                      "twice, or an override of a key that the sweep varies",
                      other->second->name, cell.name, fmt::join(settings, ", ")));
    }
    if (!names.insert(cell.name).second) {
      throw config::ConfigError(
          fmt::format("two cells would have the folder {}; give variants names that differ in "
                      "more than signs",
                      cell.name));
    }
  }
}

}  // namespace

std::vector<Cell> make_cells(const Definition& definition, const fs::path& file,
                             const std::vector<std::string>& overrides) {
  refuse_overridden_axes(definition, overrides);
  std::vector<Cell> cells;
  std::set<std::string> errors;
  for (Draft& draft : combine(definition)) {
    const std::string name = draft.name.empty() ? "cell" : fmt::format("{}", fmt::join(draft.name, "_"));
    const auto dir = (fs::path(definition.dir) / "runs" / name).string();
    try {
      auto experiment = config::load(file, overrides, config::Stage::kTrain,
                                     {file.string() + ", [sweep]", overrides_of(draft, dir)});
      cells.push_back({name, fmt::format("{}", fmt::join(draft.repeats, "_")), std::move(draft.settings),
                       std::move(experiment)});
    } catch (const config::ConfigError& error) {
      errors.insert(error.what());
    }
  }
  if (!errors.empty()) throw config::ConfigError(fmt::format("{}", fmt::join(errors, "\n")));
  refuse_equal_cells(cells);
  return cells;
}

}  // namespace chorale::sweep
