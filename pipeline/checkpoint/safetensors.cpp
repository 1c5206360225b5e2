#include "pipeline/checkpoint/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>

namespace chorale::checkpoint {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxHeader = 100'000'000;  // the limit of the reference implementation
constexpr const char* kMetadataKey = "__metadata__";

struct Dtype {
  std::string_view name;
  std::size_t bytes;
};
// In the order of the reference implementation, which writes the last ones first.
constexpr std::array kDtypes = {
    Dtype{"BOOL", 1}, Dtype{"U8", 1},  Dtype{"I8", 1},  Dtype{"F8_E5M2", 1}, Dtype{"F8_E4M3", 1},
    Dtype{"I16", 2},  Dtype{"U16", 2}, Dtype{"F16", 2}, Dtype{"BF16", 2},    Dtype{"I32", 4},
    Dtype{"U32", 4},  Dtype{"F32", 4}, Dtype{"F64", 8}, Dtype{"I64", 8},     Dtype{"U64", 8},
};

// Index into kDtypes, or its size.
std::size_t find_dtype(std::string_view name) {
  return static_cast<std::size_t>(
      std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Dtype& d) { return d.name == name; }) -
      kDtypes.begin());
}

// Bytes of a tensor; nothing for an unknown dtype, a negative dimension or an overflow.
std::optional<std::uint64_t> byte_count(const std::string& dtype, const std::vector<std::int64_t>& shape) {
  const std::size_t index = find_dtype(dtype);
  if (index == kDtypes.size()) return std::nullopt;
  std::uint64_t bytes = kDtypes.at(index).bytes;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes))
      return std::nullopt;
  }
  return bytes;
}

// ---- writing

using Named = std::pair<const std::string, TensorView>;

std::vector<const Named*> in_file_order(const std::filesystem::path& path,
                                        const std::map<std::string, TensorView>& tensors) {
  std::vector<const Named*> order;
  for (const Named& tensor : tensors) {
    if (byte_count(tensor.second.dtype, tensor.second.shape) != tensor.second.bytes) {
      throw CheckpointError(path.string() + ": cannot write tensor " + tensor.first + ": " +
                            tensor.second.dtype + " of its shape does not have " +
                            std::to_string(tensor.second.bytes) + " bytes");
    }
    order.push_back(&tensor);
  }
  std::stable_sort(order.begin(), order.end(), [](const Named* a, const Named* b) {
    return find_dtype(a->second.dtype) > find_dtype(b->second.dtype);
  });
  return order;
}

std::string header_of(const std::vector<const Named*>& order,
                      const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header[kMetadataKey] = metadata;
  std::uint64_t offset = 0;
  for (const Named* tensor : order) {
    const TensorView& view = tensor->second;
    header[tensor->first] = {
        {"dtype", view.dtype}, {"shape", view.shape}, {"data_offsets", {offset, offset + view.bytes}}};
    offset += view.bytes;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

// ---- reading

// Parses what may be anything; every complaint names the file and, where there is one, the tensor.
class HeaderReader {
 public:
  HeaderReader(const std::filesystem::path& path, std::string_view text, std::uint64_t data_bytes)
      : path_(path), text_(text), data_bytes_(data_bytes) {}

  void read(const char* data, std::map<std::string, TensorView>& tensors,
            std::map<std::string, std::string>& metadata) const {
    const Json header = parse();
    std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;
    for (const auto& item : header.items()) {
      if (item.key() == kMetadataKey) {
        metadata = get<std::map<std::string, std::string>>(item.value(), kMetadataKey);
        continue;
      }
      const auto [begin, end] =
          extents.emplace_back(read_tensor(item.key(), item.value(), tensors[item.key()]));
      tensors[item.key()].data = data + begin;
    }
    check_cover(extents);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw CheckpointError(path_.string() + ": " + what +
                          ". The file is damaged or not a safetensors file; use another checkpoint.");
  }

  Json parse() const {
    std::set<std::string> names;
    std::string repeated;
    const auto note_repeats = [&](int depth, Json::parse_event_t event, Json& value) {
      if (depth == 1 && event == Json::parse_event_t::key && !names.insert(value.get<std::string>()).second) {
        repeated = value.get<std::string>();
      }
      return true;
    };
    Json header = text_.starts_with('{') ? Json::parse(text_, note_repeats, false) : Json();
    if (!header.is_object()) fail("its header is not a JSON object");
    if (!repeated.empty()) fail("its header names " + repeated + " twice");
    return header;
  }

  template <class T>
  T get(const Json& json, const std::string& where) const try {
    return json.get<T>();
  } catch (const nlohmann::json::exception&) {
    fail("its header entry " + where + " is malformed");
  }

  std::pair<std::uint64_t, std::uint64_t> read_tensor(const std::string& name, const Json& entry,
                                                      TensorView& view) const {
    if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets")) {
      fail("its header entry " + name + " is malformed");
    }
    view.dtype = get<std::string>(entry["dtype"], name);
    view.shape.clear();
    for (const std::uint64_t extent : unsigned_integers(entry["shape"], name)) {
      if (extent > std::numeric_limits<std::int64_t>::max())
        fail("tensor " + name + " has an impossible shape");
      view.shape.push_back(static_cast<std::int64_t>(extent));
    }
    const std::vector<std::uint64_t> offsets = unsigned_integers(entry["data_offsets"], name);
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes_) {
      fail("tensor " + name + " lies outside of the file (truncated?)");
    }
    view.bytes = offsets[1] - offsets[0];
    if (byte_count(view.dtype, view.shape) != view.bytes) {
      fail("tensor " + name + " of type " + view.dtype + " does not have as many bytes as its shape needs");
    }
    return {offsets[0], offsets[1]};
  }

  std::vector<std::uint64_t> unsigned_integers(const Json& json, const std::string& name) const {
    if (!json.is_array()) fail("its header entry " + name + " is malformed");
    std::vector<std::uint64_t> values;
    for (const Json& item : json) {
      if (!item.is_number_unsigned()) fail("its header entry " + name + " is malformed");
      values.push_back(item.get<std::uint64_t>());
    }
    return values;
  }

  // The format wants every byte to belong to exactly one tensor.
  void check_cover(std::vector<std::pair<std::uint64_t, std::uint64_t>> extents) const {
    std::sort(extents.begin(), extents.end());
    std::uint64_t covered = 0;
    for (const auto& [begin, end] : extents) {
      if (begin != covered) fail(begin < covered ? "its tensors overlap" : "bytes of it belong to no tensor");
      covered = end;
    }
    if (covered != data_bytes_) fail("bytes of it belong to no tensor");
  }

  const std::filesystem::path& path_;
  std::string_view text_;
  std::uint64_t data_bytes_;
};

}  // namespace

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  const std::vector<const Named*> order = in_file_order(path, tensors);
  const std::string header = header_of(order, metadata);
  const std::uint64_t header_size = header.size();
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(&header_size), sizeof header_size);
  out.write(header.data(), static_cast<std::streamsize>(header.size()));
  for (const Named* tensor : order) {
    out.write(static_cast<const char*>(tensor->second.data),
              static_cast<std::streamsize>(tensor->second.bytes));
  }
  out.close();
  if (!out) {
    throw CheckpointError(path.string() + ": cannot write: " + std::strerror(errno) +
                          ". Free some space or choose another run.dir, then run the same command again.");
  }
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) {
  std::error_code status;
  const std::uint64_t file_size = std::filesystem::file_size(path, status);
  std::ifstream in(path, std::ios::binary);
  if (status || !in) throw CheckpointError(path.string() + ": cannot open it");
  std::uint64_t header_size = 0;
  in.read(reinterpret_cast<char*>(&header_size), sizeof header_size);
  if (!in || header_size > kMaxHeader || header_size > file_size - sizeof header_size) {
    throw CheckpointError(path.string() + ": not a safetensors file, or cut off within its header");
  }
  std::string header(header_size, '\0');
  in.read(header.data(), static_cast<std::streamsize>(header_size));
  const std::uint64_t data_bytes = file_size - sizeof header_size - header_size;
  bytes_.resize(data_bytes);
  in.read(bytes_.data(), static_cast<std::streamsize>(data_bytes));
  if (!in) throw CheckpointError(path.string() + ": cannot read all of it");
  HeaderReader(path, header, data_bytes).read(bytes_.data(), tensors_, metadata_);
}

}  // namespace chorale::checkpoint
