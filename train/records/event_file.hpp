// An event file of TensorBoard: records of protocol buffers. The messages are those of
// tensorflow/core/util/event.proto and framework/summary.proto, the framing that of lib/io/record_writer.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace chorale::train {

using Scalars = std::vector<std::pair<std::string, double>>;

class EventFile {
 public:
  // Makes FOLDER/events.out.tfevents.<time>.<host>.<process>. Readers drop what older files of the folder
  // have after step `first_step`. Throws runtime::FileError.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);

  // Each appends and flushes. Throw runtime::FileError (disk full).
  void add(std::int64_t step, const Scalars& scalars);
  // `png`: grey, of this size.
  void add_image(std::int64_t step, const std::string& tag, std::uint32_t width, std::uint32_t height,
                 const std::string& png);

  const std::filesystem::path& path() const { return path_; }

 private:
  void write(const std::string& event);

  std::filesystem::path path_;
  std::ofstream out_;
};

}  // namespace chorale::train
