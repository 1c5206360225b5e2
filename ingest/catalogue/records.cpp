#include "ingest/catalogue/records.hpp"

#include <fmt/format.h>

#include "ingest/catalogue/json_records.hpp"
#include "ingest/catalogue/table_file.hpp"

namespace chorale::catalogue {
namespace {

class CsvRecords : public Records {
 public:
  CsvRecords(dataset::CsvReader reader, Problems& problems)
      : reader_(std::move(reader)), problems_(problems) {
    if (reader_.next()) columns_.assign(reader_.fields().begin(), reader_.fields().end());
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  bool next() override {
    while (reader_.next()) {
      if (reader_.fields().size() == columns_.size()) return true;
      problems_.add(reader_.line(), fmt::format("the row has {} fields, the header {}",
                                                reader_.fields().size(), columns_.size()));
    }
    return false;
  }

  std::span<const std::string_view> fields() const override { return reader_.fields(); }
  std::size_t line() const override { return reader_.line(); }

 private:
  dataset::CsvReader reader_;
  Problems& problems_;
  std::vector<std::string> columns_;
};

std::string text_of(const tree::ByteStream& stream) {
  std::string text(stream.size(), '\0');
  text.resize(stream.read_at(0, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace

std::unique_ptr<Records> open_records(std::shared_ptr<const tree::ByteStream> stream, RecordFormat format,
                                      const std::string& origin, Problems& problems) {
  if (format == RecordFormat::kJson) return json_records(text_of(*stream), origin, problems);
  return std::make_unique<CsvRecords>(csv_reader(std::move(stream), origin), problems);
}

}  // namespace chorale::catalogue
