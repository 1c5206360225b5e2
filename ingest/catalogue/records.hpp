// A manifest as records, whether it is CSV or JSON.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/catalogue/problems.hpp"
#include "ingest/tree/byte_stream.hpp"

namespace chorale::catalogue {

class Records {
 public:
  virtual ~Records() = default;

  virtual const std::vector<std::string>& columns() const = 0;
  // False at the end. A record with too few or too many fields is added to the problems and left out. Throws
  // CsvError or CatalogueError where the rest cannot be read: a quote or a brace that is not closed.
  virtual bool next() = 0;
  // Of the current record, one a column; valid until the next call of next().
  virtual std::span<const std::string_view> fields() const = 0;
  virtual std::size_t line() const = 0;
};

enum class RecordFormat { kCsv, kJson };

// JSON is an array of objects, or objects one after another (one a line, as JSON Lines). Keys are columns; a
// list stays as its JSON text, numbers as they are written, null and a missing key are empty; the object
// "features": {"x": 1} stands for a column feature.x. Other objects, lists of lists and null characters are
// added to the problems. Both arguments must outlive the result.
std::unique_ptr<Records> open_records(std::shared_ptr<const tree::ByteStream> stream, RecordFormat format,
                                      const std::string& origin, Problems& problems);

}  // namespace chorale::catalogue
