// The synthetic collection as a tree of files:
//   DIR/synth.json         the parameters; written first
//   DIR/...                the tracks, with artist and title in their tags, and the metadata, as the layout
//   has it DIR/ground_truth.csv   path,genre,artist,tempo,key,mood; written last
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "ingest/synth/layout.hpp"
#include "ingest/synth/music.hpp"
#include "pipeline/comm/mpi.hpp"

namespace chorale::synth {

class Collection {
 public:
  // Throws CollectionError for a layout that there is not or that the libraries at hand cannot write.
  Collection(std::filesystem::path folder, Options options);

  // Writes what is missing; tracks are dealt out to the ranks by their number. Collective. Throws
  // CollectionError when the folder holds anything but a collection of the same parameters,
  // runtime::Interrupted after a stop signal.
  void write(const comm::MpiSession& session) const;

  const Music& music() const { return *music_; }
  std::string path(std::size_t track) const { return layout_->path(track); }  // relative to the folder

  // RFC 4180, one line a track.
  std::string ground_truth() const;

 private:
  void check_folder() const;
  void write_track(std::size_t track) const;
  std::string parameters() const;  // JSON

  std::filesystem::path folder_;
  std::unique_ptr<const Music> music_;
  std::unique_ptr<const Layout> layout_;
};

}  // namespace chorale::synth
