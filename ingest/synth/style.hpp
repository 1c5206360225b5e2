// The ten styles (classes) of the collection, each defined by what is played when and how: never by sound,
// which belongs to the artist.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace chorale::synth {

enum class Part { kKick, kSnare, kHat, kBass, kChords, kLead };
constexpr std::size_t kParts = 6;

enum class Envelope { kPluck, kSwell, kOrgan };  // a decay; its mirror image in time; an even tone
enum class Motion { kStraight, kVibrato, kTremolo, kScoop, kFall };  // scoop: from below; fall: to below

// How a part is played. The pattern is one bar, one letter a step:
//   .  rest      -  the note goes on      x  a stroke, o  a soft one      n  the next note of the melody
//   r  root      f  fifth      u  upper root      s  a step of the scale that leads to the next chord
//   c  chord     1 2 3 4  its tones, from the lowest to the octave
struct Line {
  std::string_view pattern;
  Envelope envelope = Envelope::kPluck;
  Motion motion = Motion::kStraight;
};

struct Style {
  std::string_view name;
  int beats;         // a bar; a pattern's length is a multiple of it
  double looseness;  // standard deviation of all onsets but those of kick and bass, in beats
  std::array<Line, kParts> lines;

  const Line& line(Part part) const { return lines[static_cast<std::size_t>(part)]; }
};

// In alphabetical order, which is the order of the classes.
std::span<const Style> styles();

}  // namespace chorale::synth
