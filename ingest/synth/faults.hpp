// Files as broken as real collections hold them, for what reads the collection to prove itself on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace chorale::synth {

// Into DIR/genres/<style>, none of them in the ground truth:
//   <style>.90000.wav    empty
//   <style>.90001.wav    track 0, its header whole, its samples cut in the middle
//   <style>.90002.wav    track 0, cut inside the header
//   <style>.90003.wav    noise bytes
//   ._<style>.00000.wav  an AppleDouble file, as macOS leaves on foreign disks
// Track 0 of the style must be there. Throws runtime::FileError.
void plant_faults(const std::filesystem::path& folder, std::string_view style, std::uint64_t seed);

}  // namespace chorale::synth
