#include "pipeline/dataset/csv_reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace chorale::dataset {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::size_t kLongestRecord = std::size_t{64} << 20;

constexpr auto kEndsPlainRun = [] {
  std::array<bool, 256> table{};
  for (const char c : {',', '\n', '\r', '"'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

// Much faster than std::count, as lines are long.
std::size_t count_lines(const char* at, const char* end) {
  std::size_t lines = 0;
  while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) !=
         nullptr) {
    ++at;
    ++lines;
  }
  return lines;
}

// "say ""hi""" without its doubling, in place.
std::string_view undoubled(std::string_view field) {
  char* const first = const_cast<char*>(field.data());  // lies in the reader's own buffer
  const char* const end = first + field.size();
  char* out = first;
  for (const char* in = first; in < end;) {
    const auto* quote = static_cast<const char*>(std::memchr(in, '"', static_cast<std::size_t>(end - in)));
    const char* const stop = quote == nullptr ? end : quote + 1;
    std::memmove(out, in, static_cast<std::size_t>(stop - in));
    out += stop - in;
    in = quote == nullptr ? end : quote + 2;
  }
  return {first, static_cast<std::size_t>(out - first)};
}

}  // namespace

CsvReader::CsvReader(Source source, std::string origin)
    : source_(std::move(source)), origin_(std::move(origin)), buffer_(kChunk) {
  begin_ = end_ = buffer_.data();
  refill();
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (std::string_view(begin_, end_).starts_with(kByteOrderMark)) begin_ += kByteOrderMark.size();
}

CsvReader CsvReader::of_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw CsvError(path.string() + ": a folder, not a CSV file");
  const std::shared_ptr<std::FILE> file(std::fopen(path.c_str(), "rb"), [](std::FILE* f) {
    if (f != nullptr) std::fclose(f);
  });
  if (!file) throw CsvError(path.string() + ": cannot open: " + std::strerror(errno));
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  return {[file, name = path.string()](std::span<char> out) {
            const std::size_t bytes = std::fread(out.data(), 1, out.size(), file.get());
            if (std::ferror(file.get()) != 0) throw CsvError(name + ": cannot read: " + std::strerror(errno));
            return bytes;
          },
          path.string()};
}

CsvReader CsvReader::of_text(std::string_view text, std::string origin) {
  return {[text](std::span<char> out) mutable {
            const std::size_t bytes = text.copy(out.data(), out.size());
            text.remove_prefix(bytes);
            return bytes;
          },
          std::move(origin)};
}

bool CsvReader::next() {
  do {
    line_ += lines_;
    record_line_ = line_;
    while (true) {
      lines_ = 0;
      fields_.clear();
      doubled_.clear();
      if (begin_ == end_ && exhausted_) return false;
      if (parse_record() == Attempt::kRecord) break;
      refill();
    }
  } while (fields_.empty());
  for (const std::size_t i : doubled_) fields_[i] = undoubled(fields_[i]);
  return true;
}

// Fields, from begin_ to the end of the line, which is stepped over. An empty line has no fields.
CsvReader::Attempt CsvReader::parse_record() {
  const char* at = begin_;
  const bool empty_line = at < end_ && at_line_end(at);
  while (!empty_line) {
    at = at < end_ && *at == '"' ? quoted_field(at) : plain_field(at);
    if (at == nullptr) return Attempt::kNeedsMore;
    if (at == end_ || *at != ',') break;
    ++at;
  }
  if (at < end_ && *at == '\r') ++at;
  if (at == end_ && !exhausted_) return Attempt::kNeedsMore;
  if (at < end_) {
    ++at;
    ++lines_;
  }
  begin_ = at;
  return Attempt::kRecord;
}

bool CsvReader::at_line_end(const char* at) const {
  if (*at == '\n') return true;
  return *at == '\r' && (at + 1 == end_ ? exhausted_ : at[1] == '\n');
}

// Both return the place after the field, or nullptr when it does not end in what has been read.
const char* CsvReader::plain_field(const char* at) {
  const char* const first = at;
  while (true) {
    while (at < end_ && !kEndsPlainRun[static_cast<unsigned char>(*at)]) ++at;
    if (at == end_ && !exhausted_) return nullptr;
    if (at == end_ || *at == ',' || at_line_end(at)) break;
    if (*at == '"') {
      const char* const comma = std::find(at, end_, ',');
      fail_at(line_ + lines_, "a quote inside the field " + std::string(first, std::min(comma, first + 80)) +
                                  "; put the whole field in quotes and double those inside");
    }
    if (at + 1 == end_ && !exhausted_) return nullptr;
    ++at;  // a carriage return within the line
  }
  fields_.emplace_back(first, at);
  return at;
}

const char* CsvReader::quoted_field(const char* at) {
  const std::size_t first_line = line_ + lines_;
  const char* const first = ++at;
  bool doubled = false;
  while (true) {
    const auto* const quote =
        static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end_ - at)));
    if (quote == nullptr && exhausted_) fail_at(first_line, "a quoted field has no closing quote");
    if (quote == nullptr || (quote + 1 == end_ && !exhausted_)) return nullptr;
    lines_ += count_lines(at, quote);
    at = quote + 1;
    if (at == end_ || *at != '"') break;
    doubled = true;
    ++at;
  }
  if (at < end_ && *at == '\r' && at + 1 == end_ && !exhausted_) return nullptr;
  if (at < end_ && *at != ',' && !at_line_end(at)) {
    fail_at(line_ + lines_, "there is text after a closing quote");
  }
  if (doubled) doubled_.push_back(fields_.size());
  fields_.emplace_back(first, at - 1);
  return at;
}

void CsvReader::refill() {
  const auto kept = static_cast<std::size_t>(end_ - begin_);
  if (kept > kLongestRecord) fail_at(line_, "a record of more than 64 MiB; is a quote missing?");
  std::vector<char> larger;
  if (kept > buffer_.size() / 2) larger.resize(std::min(2 * buffer_.size(), kLongestRecord + kChunk));
  char* const front = larger.empty() ? buffer_.data() : larger.data();
  std::memmove(front, begin_, kept);
  if (!larger.empty()) buffer_.swap(larger);
  std::size_t filled = kept;
  while (!exhausted_ && filled < buffer_.size()) {
    const std::size_t fresh = source_(std::span(buffer_).subspan(filled));
    exhausted_ = fresh == 0;
    filled += fresh;
  }
  begin_ = buffer_.data();
  end_ = begin_ + filled;
  if (std::memchr(begin_ + kept, '\0', filled - kept) != nullptr) {
    throw CsvError(origin_ + ": holds null bytes; save it as UTF-8 text");
  }
}

void CsvReader::fail_at(std::size_t line, const std::string& what) const {
  throw CsvError(origin_ + ":" + std::to_string(line) + ": " + what);
}

}  // namespace chorale::dataset
