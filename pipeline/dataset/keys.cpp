#include "pipeline/dataset/keys.hpp"

#include <array>
#include <cctype>

namespace chorale::dataset {
namespace {

constexpr int kPitchClasses = 12;
constexpr std::array<const char*, kPitchClasses> kTonics = {"C",  "C#", "D",  "D#", "E",  "F",
                                                            "F#", "G",  "G#", "A",  "A#", "B"};

std::optional<int> natural(char letter) {
  constexpr std::array<int, 7> kSemitones = {9, 11, 0, 2, 4, 5, 7};  // A to G
  const int upper = std::toupper(static_cast<unsigned char>(letter));
  if (upper < 'A' || upper > 'G') return std::nullopt;
  return kSemitones[static_cast<std::size_t>(upper - 'A')];
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// 0: major, 1: minor.
std::optional<int> mode_named(std::string_view text, bool capital_tonic) {
  if (text.empty()) return capital_tonic ? std::optional(0) : std::nullopt;
  if (text == "M") return 0;
  if (text == "m") return 1;
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "maj" || lower == "major") return 0;
  if (lower == "min" || lower == "minor") return 1;
  return std::nullopt;
}

}  // namespace

const std::vector<std::string>& tonic_names() {
  static const std::vector<std::string> names(kTonics.begin(), kTonics.end());
  return names;
}

const std::vector<std::string>& key_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const char* mode : {":maj", ":min"}) {
      for (const char* tonic : kTonics) all.push_back(std::string(tonic) + mode);
    }
    return all;
  }();
  return names;
}

std::optional<std::int32_t> key_named(std::string_view text) {
  while (take(text, " ")) {
  }
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto tonic = text.empty() ? std::nullopt : natural(text.front());
  if (!tonic) return std::nullopt;
  const bool capital = std::isupper(static_cast<unsigned char>(text.front())) != 0;
  text.remove_prefix(1);
  int semitones = *tonic;
  if (take(text, "#") || take(text, "♯")) {
    ++semitones;
  } else if (take(text, "b") || take(text, "♭")) {
    --semitones;
  }
  const std::string_view separators = " :_-";
  while (!text.empty() && separators.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  const auto mode = mode_named(text, capital);
  if (!mode) return std::nullopt;
  return (semitones + kPitchClasses) % kPitchClasses + kPitchClasses * *mode;
}

}  // namespace chorale::dataset
