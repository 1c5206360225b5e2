// Tables that lie in a folder or in an archive.
#pragma once

#include <memory>
#include <string>

#include "ingest/tree/tree.hpp"
#include "pipeline/dataset/csv_reader.hpp"

namespace chorale::catalogue {

// Larger tables are refused, wherever they lie.
inline constexpr std::uint64_t kLargestTable = std::uint64_t{4} << 30;

// `file` of the tree; `origin` names it in messages. Throws CatalogueError when it cannot be opened.
std::shared_ptr<const tree::ByteStream> open_table(const tree::Tree& tree, const tree::Entry& file,
                                                   const std::string& origin);

dataset::CsvReader csv_reader(std::shared_ptr<const tree::ByteStream> stream, std::string origin);

}  // namespace chorale::catalogue
