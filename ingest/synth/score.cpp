#include "ingest/synth/score.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace chorale::synth {
namespace {

using runtime::RandomStream;

// Probabilities: that drums, bass, chords or lead follow another style; that a part is silent.
constexpr double kBorrowed = 0.10;
constexpr double kLeftOut = 0.06;
constexpr double kJitter = 0.004;  // standard deviation of onsets, seconds
constexpr double kSoft = 0.4;      // amplitude of a soft stroke

constexpr std::array<std::array<int, 7>, 2> kScales = {{{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}}};

// Degrees of the scale, one a bar.
constexpr std::array<std::array<int, 4>, 5> kProgressions = {
    {{0, 4, 5, 3}, {0, 3, 4, 0}, {0, 5, 3, 4}, {0, 3, 0, 4}, {0, 0, 3, 4}}};

// A bell without libm: the sum of three uniform draws, scaled to unit standard deviation.
double bell(RandomStream& draw) { return 2.0 * (draw.uniform() + draw.uniform() + draw.uniform() - 1.5); }

class Composer {
 public:
  Composer(const Style& style, const Artist& artist, double seconds, RandomStream& draw)
      : style_(style), artist_(artist), seconds_(seconds), draw_(draw) {}

  Score run() {
    score_.tempo = 0.5 * std::round(2.0 * draw_.uniform(artist_.tempo_low, artist_.tempo_high));
    score_.key = artist_.keys[draw_.below(artist_.keys.size())];
    score_.energy = draw_.below(2) == 0 ? Energy::kLow : Energy::kHigh;
    progression_ = kProgressions[draw_.below(kProgressions.size())];
    beat_ = 60.0 / score_.tempo;
    first_beat_ = -draw_.uniform(0, 4 * style_.beats);  // the track fades in somewhere in the music
    const Style* drums = maybe_borrowed();
    score_.follows = {drums, drums, drums, maybe_borrowed(), maybe_borrowed(), maybe_borrowed()};
    for (double& level : score_.level_db) level = draw_.uniform(-2, 2);
    for (double& gain : score_.equaliser_db) gain = draw_.uniform(-2.5, 2.5);
    for (std::size_t part = 0; part < kParts; ++part) {
      score_.silent[part] = draw_.uniform() < kLeftOut;
      play(static_cast<Part>(part), *score_.follows[part]);
    }
    return std::move(score_);
  }

 private:
  const Style* maybe_borrowed() {
    const bool borrow = draw_.uniform() < kBorrowed;
    const Style* other = &styles()[draw_.below(styles().size())];
    return borrow ? other : &style_;
  }

  void play(Part part, const Style& followed) {
    const Line& line = followed.line(part);
    const std::size_t steps = line.pattern.size();
    const double step = static_cast<double>(followed.beats) / static_cast<double>(steps);  // beats
    degree_ = 0;
    for (std::size_t i = 0;; ++i) {
      const double at = first_beat_ + static_cast<double>(i) * step;
      if (at * beat_ >= seconds_) break;
      const char letter = line.pattern[i % steps];
      if (letter == '.' || letter == '-') continue;
      std::size_t held = 1;
      while (held < steps && line.pattern[(i + held) % steps] == '-') ++held;
      const bool steady = part == Part::kKick || part == Part::kBass;  // they keep the tempo of any style
      const double looseness = steady ? kJitter : followed.looseness * beat_;
      Note note{part,
                at * beat_ + looseness * bell(draw_),
                0.95 * static_cast<double>(held) * step * beat_,
                0,
                draw_.uniform(0.8, 1.1),
                line.envelope,
                line.motion};
      strike(note, letter, at);
    }
  }

  void strike(Note note, char letter, double at) {
    switch (letter) {
      case 'o':
        note.loudness *= kSoft;
        [[fallthrough]];
      case 'x':
        return add(note);
      case 'n':
        note.pitch = melody(at);
        return add(note);
      case 'c':
        note.loudness *= 0.6;
        for (int tone = 0; tone < 3; ++tone) {
          note.pitch = chord_tone(at, tone);
          add(note);
        }
        return;
      case '1':
      case '2':
      case '3':
      case '4':
        note.pitch = chord_tone(at, letter - '1');
        return add(note);
      default:
        note.pitch = bass(at, letter);
        return add(note);
    }
  }

  void add(const Note& note) {
    if (note.start >= 0 && note.start < seconds_) score_.notes.push_back(note);
  }

  // Degree of the scale under the beat; the harmony changes with the bars of the track's own style.
  int root(double at) const {
    const double bar = std::floor(at / style_.beats);
    return progression_[static_cast<std::size_t>(static_cast<long>(bar) & 3)];
  }

  // MIDI pitch of a degree of the scale, in the octave that brings degree 0 nearest to `centre`.
  double pitch_of(int degree, double centre) const {
    const auto& scale = kScales[score_.key.minor ? 1 : 0];
    const int octave = degree >= 0 ? degree / 7 : -((6 - degree) / 7);
    const double tonic = score_.key.tonic + 12.0 * std::round((centre - score_.key.tonic) / 12.0);
    return tonic + 12.0 * octave + scale[static_cast<std::size_t>(degree - 7 * octave)] + artist_.tuning;
  }

  double chord_tone(double at, int tone) const {
    const int degree = (root(at) + 2) % 7 - 2;  // keeps every chord near the tonic's
    return pitch_of(degree + (tone == 3 ? 7 : 2 * tone), artist_.chords.centre);
  }

  double bass(double at, char letter) const {
    const int degree = (root(at) + 2) % 7 - 2;
    const int above = letter == 'f' ? 4 : letter == 'u' ? 7 : letter == 's' ? 1 : 0;
    return pitch_of(degree + above, artist_.bass.centre);
  }

  // A walk over the scale that prefers chord tones and stays within an octave of its centre.
  double melody(double at) {
    degree_ += static_cast<int>(draw_.below(5)) - 2;
    if (std::abs(degree_) > 5) degree_ = 0;
    if (draw_.uniform() < 0.6) {
      const int above_root = ((degree_ - root(at)) % 7 + 7) % 7;
      if (above_root % 2 == 1 || above_root == 6) --degree_;
    }
    return pitch_of(degree_, artist_.lead.centre);
  }

  const Style& style_;
  const Artist& artist_;
  double seconds_, beat_ = 0, first_beat_ = 0;
  RandomStream& draw_;
  std::array<int, 4> progression_{};
  int degree_ = 0;  // of the melody
  Score score_{};
};

}  // namespace

Score compose(const Style& style, const Artist& artist, double seconds, RandomStream draw) {
  return Composer(style, artist, seconds, draw).run();
}

std::string name_of(const Key& key) {
  static constexpr std::array kNames = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  return std::string(kNames[static_cast<std::size_t>(key.tonic)]) + (key.minor ? ":min" : ":maj");
}

std::string mood_of(const Score& score) {
  if (score.key.minor) return score.energy == Energy::kHigh ? "tense" : "sad";
  return score.energy == Energy::kHigh ? "happy" : "tender";
}

}  // namespace chorale::synth
