#include "ingest/synth/artist.hpp"

#include <bit>

#include "pipeline/runtime/random.hpp"

namespace chorale::synth {
namespace {

using runtime::RandomStream;

// The names of all artists of a collection differ: each is a place in one shuffled list.
std::string name_of(std::uint64_t seed, std::size_t index) {
  static constexpr std::array kFirst = {
      "Amber", "Brass",  "Copper", "Distant",  "Electric", "Faded", "Golden", "Hidden", "Iron",   "Jade",
      "Late",  "Little", "Marble", "Northern", "Paper",    "Quiet", "Royal",  "Silver", "Velvet", "Winter"};
  static constexpr std::array kSecond = {"Anchors", "Birds",    "Circus",  "Dinosaurs", "Engine",
                                         "Foxes",   "Gardens",  "Harbour", "Island",    "Jackets",
                                         "Keys",    "Lanterns", "Mirrors", "Nights",    "Orchard",
                                         "Parade",  "Rivers",   "Saints",  "Trains",    "Windows"};
  constexpr std::uint32_t kNames = kFirst.size() * kSecond.size();
  const auto place =
      runtime::permutation(kNames, RandomStream(seed, {runtime::key_of("names")}))[index % kNames];
  const std::string name = std::string(kFirst[place % kFirst.size()]) + " " + kSecond[place / kFirst.size()];
  return index < kNames ? name : name + ", Vol. " + std::to_string(index / kNames + 1);
}

// Falling harmonics with a bump (a formant), and more or less of the even ones.
std::array<double, kHarmonics> make_harmonics(RandomStream& draw) {
  const double tilt = draw.uniform(0.7, 1.5);
  const double even = draw.uniform();
  const double centre = draw.uniform(1.0, 10.0);
  const double bump = draw.uniform(0.0, 4.0);
  std::array<double, kHarmonics> amplitudes;
  for (int k = 1; k <= kHarmonics; ++k) {
    const double distance = (k - centre) / 1.5;
    const int octave = std::bit_width(static_cast<unsigned>(k)) - 1;
    const double octaves =
        octave + static_cast<double>(k) / (1 << octave) - 1.0;  // log2 k, straight in between
    const double slope = from_decibels(-6.02 * tilt * octaves);
    amplitudes[static_cast<std::size_t>(k - 1)] =
        slope * (1.0 + bump / (1.0 + distance * distance)) * (k % 2 == 0 ? even : 1.0);
  }
  return amplitudes;
}

Instrument make_instrument(RandomStream& draw, double lowest, double highest) {
  Instrument instrument;
  instrument.harmonics = make_harmonics(draw);
  instrument.centre = draw.uniform(lowest, highest);
  instrument.attack = draw.uniform(0.003, 0.02);
  instrument.decay = draw.uniform(0.08, 0.3);
  return instrument;
}

std::array<Key, 4> make_keys(RandomStream& draw) {
  std::array<int, 12> tonics = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  draw.shuffle(std::span<int>(tonics));
  return {{{tonics[0], false}, {tonics[1], false}, {tonics[2], true}, {tonics[3], true}}};
}

DrumKit make_kit(RandomStream& draw) {
  return {.kick_pitch = draw.uniform(42, 75),
          .kick_decay = draw.uniform(0.05, 0.2),
          .snare_pitch = draw.uniform(150, 300),
          .snare_decay = draw.uniform(0.04, 0.15),
          .snare_hiss = draw.uniform(0.3, 0.9),
          .hat_decay = draw.uniform(0.02, 0.1),
          .hat_brightness = draw.uniform()};
}

}  // namespace

Artist make_artist(std::uint64_t seed, std::size_t style, std::size_t number) {
  RandomStream draw(seed, {runtime::key_of("artist"), runtime::key_of(styles()[style].name), number});
  Artist artist;
  artist.name = name_of(seed, number * styles().size() + style);
  const double tempo = draw.uniform(98, 132);
  artist.tempo_low = 0.94 * tempo;
  artist.tempo_high = 1.06 * tempo;
  artist.keys = make_keys(draw);
  artist.tuning = draw.uniform(-0.4, 0.4);
  artist.bass = make_instrument(draw, 34, 43);
  artist.chords = make_instrument(draw, 52, 64);
  artist.lead = make_instrument(draw, 70, 82);
  artist.kit = make_kit(draw);
  for (double& level : artist.level_db) level = draw.uniform(-4, 4);
  double frequency = 90;
  for (EqualiserBand& band : artist.equaliser) {
    band = {frequency * draw.uniform(0.7, 1.4), draw.uniform(-8, 8), draw.uniform(0.5, 1.2)};
    frequency *= 3;
  }
  artist.room_decay = draw.uniform(0.2, 0.9);
  artist.room_level = draw.uniform(0.02, 0.25);
  artist.hiss_db = draw.uniform(-60, -40);
  artist.loudness_db = draw.uniform(-26, -15);
  return artist;
}

}  // namespace chorale::synth
