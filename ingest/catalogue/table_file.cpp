#include "ingest/catalogue/table_file.hpp"

#include "ingest/catalogue/error.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::catalogue {

std::shared_ptr<const tree::ByteStream> open_table(const tree::Tree& tree, const tree::Entry& file,
                                                   const std::string& origin) {
  try {
    return tree.open(file);
  } catch (const tree::Unreadable& error) {
    throw CatalogueError(origin + ": " + error.what());
  } catch (const runtime::FileError& error) {
    throw CatalogueError(error.what());
  }
}

dataset::CsvReader csv_reader(std::shared_ptr<const tree::ByteStream> stream, std::string origin) {
  return {[stream = std::move(stream), offset = std::uint64_t{0}](std::span<char> out) mutable {
            const std::size_t bytes = stream->read_at(offset, std::as_writable_bytes(out));
            offset += bytes;
            return bytes;
          },
          std::move(origin)};
}

}  // namespace chorale::catalogue
