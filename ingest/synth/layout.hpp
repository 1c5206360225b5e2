// How a collection lies in its folders: the one seam between the layouts.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ingest/synth/music.hpp"

namespace chorale::synth {

class Layout {
 public:
  virtual ~Layout() = default;

  // Of the track's file, relative to the collection's folder.
  virtual std::string path(std::size_t track) const = 0;

  // Writes that file, whole or not at all. Throws runtime::FileError.
  virtual void write_track(const std::filesystem::path& folder, std::size_t track) const = 0;

  // What is not a track's own file: metadata, and the faults where the options ask for them. Called once,
  // when all tracks are there. Throws runtime::FileError.
  virtual void finish(const std::filesystem::path& folder) const = 0;
};

// The layouts there are. `music` must outlive the layout that is made.
struct LayoutKind {
  std::string_view name;                                // as --layout takes it
  std::string_view tree;                                // for --help, one line
  std::string_view faults;                              // for --help, what --faults plants
  std::unique_ptr<Layout> (*make)(const Music& music);  // may throw CollectionError
};

std::span<const LayoutKind> layouts();

extern const LayoutKind kGtzanLayout, kFmaLayout;

}  // namespace chorale::synth
