#include "pipeline/store/checksums.hpp"

#include "pipeline/runtime/hash.hpp"
#include "pipeline/store/hdf5.hpp"
#include "pipeline/store/mapped_file.hpp"

namespace chorale::store {

std::vector<std::string> damages(const std::filesystem::path& path) {
  try {
    const auto places = Hdf5File::open(path).datasets();
    const MappedFile content(path);
    std::vector<std::string> found;
    for (const auto& place : places) {
      if (place.offset > content.bytes().size() || place.bytes > content.bytes().size() - place.offset) {
        found.push_back(path.string() + ": " + place.name + ": lies beyond the end of the file");
        continue;
      }
      const auto bytes = content.bytes().subspan(place.offset, place.bytes);
      if (runtime::hex(runtime::xxh3(bytes.data(), bytes.size())) != place.checksum) {
        found.push_back(path.string() + ": " + place.name + ": damaged (its checksum differs)");
      }
    }
    return found;
  } catch (const StoreError& error) {
    return {error.what()};
  }
}

}  // namespace chorale::store
