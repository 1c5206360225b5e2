#include "pipeline/store/hdf5.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include "pipeline/runtime/hash.hpp"
#include "pipeline/store/hdf5_detail.hpp"

namespace chorale::store {
namespace fs = std::filesystem;
using namespace hdf5;
namespace {

constexpr hsize_t kPage = 4096;
constexpr unsigned kLinksInHeader = 1000;
constexpr const char* kChecksum = "xxh3";

// Texts padded to the width of the longest, one after another.
struct TextMatrix {
  explicit TextMatrix(std::span<const std::string_view> texts) {
    for (const auto text : texts) width = std::max(width, text.size());
    bytes.resize(width * texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(bytes.data() + i * width, width);
  }
  std::size_t width = 1;
  std::vector<char> bytes;
};

std::vector<std::string> split_texts(const std::vector<char>& bytes, std::size_t width) {
  std::vector<std::string> texts;
  texts.reserve(bytes.size() / width);
  for (std::size_t i = 0; i < bytes.size(); i += width) {
    texts.emplace_back(bytes.data() + i, ::strnlen(bytes.data() + i, width));
  }
  return texts;
}

void write_raw_attribute(const Hdf5Handle& file, const fs::path& path, const std::string& object,
                         const std::string& name, hid_t type, hid_t space, const void* data) {
  const Hdf5Handle attribute(check(H5Acreate_by_name(file.get(), object.c_str(), name.c_str(), type, space,
                                                     H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                                   path, "create attribute " + name, object),
                             &H5Aclose);
  if (H5Sget_simple_extent_npoints(space) == 0) return;
  check(H5Awrite(attribute.get(), type, data), path, "write attribute " + name, object);
}

Hdf5Handle open_attribute(const Hdf5Handle& file, const fs::path& path, const std::string& object,
                          const std::string& name) {
  return {check(H5Aopen_by_name(file.get(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), path,
                "open attribute " + name, object),
          &H5Aclose};
}

std::vector<std::string> read_text_attribute(const Hdf5Handle& file, const fs::path& path,
                                             const std::string& object, const std::string& name) {
  const Hdf5Handle attribute = open_attribute(file, path, object, name);
  const Hdf5Handle type(H5Aget_type(attribute.get()), &H5Tclose);
  if (element_type_of(type.get()) != ElementType::kText) {
    throw StoreError(path.string() + ": attribute " + name + " of " + object +
                     " is not text of fixed length");
  }
  const Hdf5Handle space(H5Aget_space(attribute.get()), &H5Sclose);
  const std::size_t width = H5Tget_size(type.get());
  std::vector<char> bytes(width * static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.get())));
  if (!bytes.empty()) {
    check(H5Aread(attribute.get(), type.get(), bytes.data()), path, "read attribute " + name, object);
  }
  return split_texts(bytes, width);
}

Hdf5Handle open_dataset(const Hdf5Handle& file, const fs::path& path, const std::string& dataset) {
  return {check(H5Dopen2(file.get(), dataset.c_str(), H5P_DEFAULT), path, "open", dataset), &H5Dclose};
}

// Datasets are laid out contiguously and never filled before they are written; large ones start at a page.
void write_raw_dataset(const Hdf5Handle& file, const fs::path& path, const std::string& dataset, hid_t type,
                       std::span<const std::uint64_t> shape, const void* data, std::size_t bytes) {
  const Hdf5Handle creation = property_list(H5P_DATASET_CREATE);
  H5Pset_layout(creation.get(), H5D_CONTIGUOUS);
  H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
  const Hdf5Handle space = simple_space(shape);
  {
    const Hdf5Handle handle(check(H5Dcreate2(file.get(), dataset.c_str(), type, space.get(), H5P_DEFAULT,
                                             creation.get(), H5P_DEFAULT),
                                  path, "create", dataset),
                            &H5Dclose);
    if (bytes > 0)
      check(H5Dwrite(handle.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), path, "write", dataset);
  }
  const std::string checksum = runtime::hex(runtime::xxh3(data, bytes));
  const Hdf5Handle scalar(H5Screate(H5S_SCALAR), &H5Sclose);
  write_raw_attribute(file, path, dataset, kChecksum, text_type(checksum.size()).get(), scalar.get(),
                      checksum.data());
}

}  // namespace

Hdf5File Hdf5File::create(const fs::path& path) {
  silence_hdf5();
  auto image = std::make_unique<Hdf5Image>();
  const Hdf5Handle access = property_list(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18);
  H5Pset_alignment(access.get(), kPage, kPage);
  H5Pset_meta_block_size(access.get(), 0);
  H5Pset_small_data_block_size(access.get(), 0);
  write_to_memory(access, *image, path);
  const Hdf5Handle creation = property_list(H5P_FILE_CREATE);
  // A name that no file has: HDF5 would read an existing one into memory first, and lose it.
  const std::string name = path.string() + " (in memory)";
  const hid_t file = H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation.get(), access.get());
  return {path, std::move(image), Hdf5Handle(check(file, path, "create", "/"), &H5Fclose)};
}

Hdf5File Hdf5File::open(const fs::path& path) {
  silence_hdf5();
  const Hdf5Handle access = property_list(H5P_FILE_ACCESS);
  H5Pset_file_locking(access.get(), false, true);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  return {path, nullptr, Hdf5Handle(check(file, path, "open", "/"), &H5Fclose)};
}

std::string_view Hdf5File::finish() {
  check(file_.close(), path_, "close", "/");
  return {static_cast<const char*>(image_->bytes), image_->size};
}

void Hdf5File::create_group(const std::string& group) {
  const Hdf5Handle creation = property_list(H5P_GROUP_CREATE);
  // Links in the group's own header, however many: HDF5 1.10 frees what it never set when it lists a group
  // that keeps them in a heap and that heap is damaged.
  H5Pset_link_phase_change(creation.get(), kLinksInHeader, 0);
  const Hdf5Handle handle(
      check(H5Gcreate2(file_.get(), group.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), path_, "create",
            group),
      &H5Gclose);
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name, std::string_view text) {
  const TextMatrix matrix({&text, 1});
  const Hdf5Handle scalar(H5Screate(H5S_SCALAR), &H5Sclose);
  write_raw_attribute(file_, path_, object, name, text_type(matrix.width).get(), scalar.get(),
                      matrix.bytes.data());
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name, std::int64_t value) {
  const Hdf5Handle scalar(H5Screate(H5S_SCALAR), &H5Sclose);
  write_raw_attribute(file_, path_, object, name, H5T_STD_I64LE, scalar.get(), &value);
}

void Hdf5File::write_attribute(const std::string& object, const std::string& name,
                               std::span<const std::string> texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const TextMatrix matrix(views);
  const std::uint64_t count = texts.size();
  write_raw_attribute(file_, path_, object, name, text_type(matrix.width).get(),
                      simple_space({&count, 1}).get(), matrix.bytes.data());
}

void Hdf5File::write_dataset(const std::string& dataset, ElementType type,
                             std::span<const std::uint64_t> shape, const void* data) {
  const Hdf5Handle stored = number_type(type);
  const std::size_t bytes =
      std::accumulate(shape.begin(), shape.end(), H5Tget_size(stored.get()), std::multiplies<>());
  write_raw_dataset(file_, path_, dataset, stored.get(), shape, data, bytes);
}

void Hdf5File::write_text_column(const std::string& dataset, std::span<const std::string_view> values) {
  const TextMatrix matrix(values);
  const std::uint64_t rows = values.size();
  write_raw_dataset(file_, path_, dataset, text_type(matrix.width).get(), {&rows, 1}, matrix.bytes.data(),
                    matrix.bytes.size());
}

std::string Hdf5File::text_attribute(const std::string& object, const std::string& name) const {
  const auto texts = read_text_attribute(file_, path_, object, name);
  if (texts.size() != 1)
    throw StoreError(path_.string() + ": attribute " + name + " of " + object + " is not one text");
  return texts.front();
}

std::int64_t Hdf5File::integer_attribute(const std::string& object, const std::string& name) const {
  const Hdf5Handle attribute = open_attribute(file_, path_, object, name);
  const Hdf5Handle space(H5Aget_space(attribute.get()), &H5Sclose);
  if (H5Sget_simple_extent_npoints(space.get()) != 1) {
    throw StoreError(path_.string() + ": attribute " + name + " of " + object + " is not one number");
  }
  std::int64_t value = 0;
  check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), path_, "read attribute " + name, object);
  return value;
}

std::vector<std::string> Hdf5File::text_list_attribute(const std::string& object,
                                                       const std::string& name) const {
  return read_text_attribute(file_, path_, object, name);
}

std::vector<std::string> Hdf5File::read_text_column(const std::string& dataset) const {
  const std::size_t rows = elements_of(dataset, ElementType::kText, 1);
  std::vector<char> bytes(place_of(dataset).bytes);
  read_bytes(dataset, bytes.data(), bytes.size());
  return rows == 0 ? std::vector<std::string>() : split_texts(bytes, bytes.size() / rows);
}

DatasetPlace Hdf5File::place_of(const std::string& dataset) const {
  const Hdf5Handle handle = open_dataset(file_, path_, dataset);
  const Hdf5Handle type(H5Dget_type(handle.get()), &H5Tclose);
  const Hdf5Handle space(H5Dget_space(handle.get()), &H5Sclose);
  const Hdf5Handle creation(H5Dget_create_plist(handle.get()), &H5Pclose);
  const auto element = element_type_of(type.get());
  if (!element || H5Pget_layout(creation.get()) != H5D_CONTIGUOUS) {
    throw StoreError(path_.string() + ": " + dataset + ": its type or layout is not one of a store");
  }
  DatasetPlace place;
  place.name = dataset;
  place.type = *element;
  std::vector<hsize_t> dimensions(
      static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space.get()), path_, "measure", dataset)));
  check(H5Sget_simple_extent_dims(space.get(), dimensions.data(), nullptr), path_, "measure", dataset);
  place.shape.assign(dimensions.begin(), dimensions.end());
  place.bytes = H5Dget_storage_size(handle.get());
  if (place.bytes > 0) {
    place.offset = H5Dget_offset(handle.get());
    if (place.offset == HADDR_UNDEF)
      throw StoreError(path_.string() + ": " + dataset + ": has no place in the file");
  }
  place.checksum = text_attribute(dataset, kChecksum);
  return place;
}

std::vector<DatasetPlace> Hdf5File::datasets() const {
  std::vector<std::string> links;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->push_back("/" + std::string(name));
    return 0;
  };
  check(H5Lvisit(file_.get(), H5_INDEX_NAME, H5_ITER_INC, collect, &links), path_, "list", "/");
  std::vector<DatasetPlace> places;
  for (const auto& link : links) {
    const Hdf5Handle object(check(H5Oopen(file_.get(), link.c_str(), H5P_DEFAULT), path_, "open", link),
                            &H5Oclose);
    if (H5Iget_type(object.get()) == H5I_DATASET) places.push_back(place_of(link));
  }
  return places;
}

std::size_t Hdf5File::elements_of(const std::string& dataset, ElementType type,
                                  std::size_t dimensions) const {
  const DatasetPlace place = place_of(dataset);
  if (place.type != type || place.shape.size() != dimensions) {
    throw StoreError(path_.string() + ": " + dataset +
                     ": its type or shape is not the one of this format version");
  }
  return std::accumulate(place.shape.begin(), place.shape.end(), std::size_t{1}, std::multiplies<>());
}

void Hdf5File::read_bytes(const std::string& dataset, void* out, std::size_t bytes) const {
  const Hdf5Handle handle = open_dataset(file_, path_, dataset);
  const Hdf5Handle type(H5Dget_type(handle.get()), &H5Tclose);
  if (bytes > 0) {
    check(H5Dread(handle.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, out), path_, "read", dataset);
  }
  if (runtime::hex(runtime::xxh3(out, bytes)) != text_attribute(dataset, kChecksum)) {
    throw StoreError(path_.string() + ": " + dataset + ": damaged (its checksum differs)");
  }
}

}  // namespace chorale::store
