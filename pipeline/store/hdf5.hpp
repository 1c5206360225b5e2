// The only place that calls the HDF5 C API. What HDF5 refuses becomes a StoreError that names the file, the
// object and the innermost reason HDF5 gives.
//
// Files are written in memory and come out as bytes, so disk errors are ordinary file errors and never leave
// HDF5 with a file it cannot close. The bytes depend on the content alone: no time stamps, text of fixed
// length, contiguous datasets. Every dataset carries the attribute "xxh3", the checksum of its bytes as they
// lie in the file, and every read compares it. HDF5 is not thread safe: one thread at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pipeline/store/error.hpp"

namespace chorale::store {

static_assert(std::endian::native == std::endian::little,
              "stored bytes are little endian and used as they lie");

// Elements of datasets, all little endian. kHalf is IEEE binary16, its bits in a uint16_t; kText is UTF-8 of
// fixed length, padded with zeros.
enum class ElementType { kHalf, kFloat, kDouble, kInt8, kInt32, kUInt32, kUInt64, kText };

template <class T>
inline constexpr bool kNoElement = false;

template <class T>
constexpr ElementType element_type() {
  if constexpr (std::is_same_v<T, float>) {
    return ElementType::kFloat;
  } else if constexpr (std::is_same_v<T, double>) {
    return ElementType::kDouble;
  } else if constexpr (std::is_same_v<T, std::int8_t>) {
    return ElementType::kInt8;
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return ElementType::kInt32;
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    return ElementType::kUInt32;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return ElementType::kUInt64;
  } else {
    static_assert(kNoElement<T>, "no columns of this type");
  }
}

// Where the bytes of a dataset lie in its file. An empty dataset has offset 0.
struct DatasetPlace {
  std::string name;  // "/tracks/id"
  ElementType type = ElementType::kHalf;
  std::vector<std::uint64_t> shape;
  std::uint64_t offset = 0, bytes = 0;
  std::string checksum;  // the attribute xxh3
};

// An identifier of the library with the function that closes it.
class Hdf5Handle {
 public:
  using Close = int (*)(std::int64_t);
  Hdf5Handle(std::int64_t id, Close close_it) : id_(id), close_(close_it) {}
  ~Hdf5Handle() { close(); }
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&&) = delete;
  std::int64_t get() const { return id_; }
  // Negative when it fails.
  int close() { return id_ < 0 ? 0 : close_(std::exchange(id_, -1)); }

 private:
  std::int64_t id_;
  Close close_;
};

// The memory that HDF5 writes a new file to.
struct Hdf5Image {
  Hdf5Image() = default;
  ~Hdf5Image() { std::free(bytes); }
  Hdf5Image(const Hdf5Image&) = delete;
  Hdf5Image& operator=(const Hdf5Image&) = delete;
  void* bytes = nullptr;
  std::size_t size = 0;
};

// An open file. Objects are named by their path from the root: "/", "/tracks/id".
class Hdf5File {
 public:
  // A new file in memory; `path` names it in errors and is not touched.
  static Hdf5File create(const std::filesystem::path& path);
  // An existing file, read only, without file locks (stores are replaced whole, never changed in place).
  static Hdf5File open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }

  void create_group(const std::string& group);
  void write_attribute(const std::string& object, const std::string& name, std::string_view text);
  void write_attribute(const std::string& object, const std::string& name, std::int64_t value);
  void write_attribute(const std::string& object, const std::string& name,
                       std::span<const std::string> texts);
  void write_dataset(const std::string& dataset, ElementType type, std::span<const std::uint64_t> shape,
                     const void* data);
  template <class T>
  void write_column(const std::string& dataset, std::span<const T> values) {
    const std::uint64_t rows = values.size();
    write_dataset(dataset, element_type<T>(), {&rows, 1}, values.data());
  }
  void write_text_column(const std::string& dataset, std::span<const std::string_view> values);
  // Ends the writing: the whole file as it is to lie on disk. Valid as long as this object.
  std::string_view finish();

  std::string text_attribute(const std::string& object, const std::string& name) const;
  std::int64_t integer_attribute(const std::string& object, const std::string& name) const;
  std::vector<std::string> text_list_attribute(const std::string& object, const std::string& name) const;
  // A one-dimensional dataset. Throws StoreError when its type, rank or checksum is not as expected.
  template <class T>
  std::vector<T> read_column(const std::string& dataset) const {
    std::vector<T> values(elements_of(dataset, element_type<T>(), 1));
    read_bytes(dataset, values.data(), values.size() * sizeof(T));
    return values;
  }
  // A two-dimensional one, row by row.
  template <class T>
  std::vector<T> read_matrix(const std::string& dataset) const {
    std::vector<T> values(elements_of(dataset, element_type<T>(), 2));
    read_bytes(dataset, values.data(), values.size() * sizeof(T));
    return values;
  }
  std::vector<std::string> read_text_column(const std::string& dataset) const;

  DatasetPlace place_of(const std::string& dataset) const;
  // Every dataset of the file, by name.
  std::vector<DatasetPlace> datasets() const;

 private:
  Hdf5File(std::filesystem::path path, std::unique_ptr<Hdf5Image> image, Hdf5Handle file)
      : path_(std::move(path)), image_(std::move(image)), file_(std::move(file)) {}

  // Its elements; refuses another type or number of dimensions.
  std::size_t elements_of(const std::string& dataset, ElementType type, std::size_t dimensions) const;
  // The bytes of a dataset as they lie in the file. Throws StoreError when they do not agree with its
  // checksum.
  void read_bytes(const std::string& dataset, void* out, std::size_t bytes) const;

  std::filesystem::path path_;
  std::unique_ptr<Hdf5Image> image_;  // of a file being written; outlives file_
  Hdf5Handle file_;
};

}  // namespace chorale::store
