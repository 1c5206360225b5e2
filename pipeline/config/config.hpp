// Reading an experiment from TOML, and everything that is derived from its schema.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::config {

// All that is wrong with a configuration at once; what() has one line an error:
//   configs/cnn.toml:12: train.bath_size: unknown key; did you mean train.batch_size?
struct ConfigError : runtime::UsageError {
  using UsageError::UsageError;
};

// What a command needs of the configuration, beyond what is always checked.
enum class Stage { kAny, kIngest, kTrain };

// Values ("train.lr=3e-4") that come from elsewhere than the command line; errors name the origin.
struct Values {
  std::string origin;
  std::vector<std::string> texts;
};

// The file with its `extends` chain, then `values`, then the overrides ("train.lr=3e-4", a TOML value or a
// bare string), then validation. A table [sweep] is passed over: it is for chorale sweep. Paths
// (dataset.root, store.path, run.dir, ...) stay as written: relative to the working folder. Throws
// ConfigError with every error found.
Experiment load(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                Stage stage = Stage::kAny, const Values& values = {});

// From resolved text (a store's or a run's own copy). `origin` names it in errors.
Experiment parse(std::string_view toml, const std::string& origin,
                 const std::vector<std::string>& overrides = {});

// Every key with its value, as TOML that parse() reads back to the same experiment.
std::string resolved(const Experiment& experiment);

// Only the keys that change a store's bytes, and their xxh3 as 16 hexadecimal digits.
std::string resolved_store(const Experiment& experiment);
std::string store_hash(const Experiment& experiment);

// One line a key that differs: "features.n_fft: 2048 here, 1024 there". Both arguments are resolved TOML.
std::vector<std::string> differences(std::string_view here, std::string_view there);

// Every key with type, default, unit and meaning: plain text for a terminal, Markdown for
// docs/configuration.md.
std::string reference_text();
std::string reference_markdown();

// The name of an enumeration's value as it is written in TOML ("bf16").
std::string_view name_of(Part part);
std::string_view name_of(TaskKind kind);
std::string_view name_of(GroupKind kind);
std::string_view name_of(SplitKind kind);
std::string_view name_of(SplitBy by);
std::string_view name_of(Precision precision);

}  // namespace chorale::config
