#include "pipeline/store/hdf5_detail.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace chorale::store::hdf5 {

static_assert(std::is_same_v<hid_t, std::int64_t> && std::is_same_v<herr_t, int>);

namespace {

// The innermost error on HDF5's stack; of an operating system error only its name ("No space left on
// device").
std::string innermost_error() {
  std::string text;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned, const H5E_error2_t* error, void* out) -> herr_t {
        auto& innermost = *static_cast<std::string*>(out);
        if (innermost.empty() && error->desc != nullptr) innermost = error->desc;
        return 0;
      },
      &text);
  constexpr std::string_view kMark = "error message = '";
  if (const auto mark = text.find(kMark); mark != std::string::npos) {
    const auto begin = mark + kMark.size();
    text = text.substr(begin, text.find('\'', begin) - begin);
  }
  return text.empty() ? "HDF5 gives no reason" : text;
}

}  // namespace

void fail(const std::filesystem::path& file, std::string_view doing, std::string_view object) {
  std::string where = file.string() + ": ";
  if (object != "/") where.append(object).append(": ");
  throw StoreError(where + "cannot " + std::string(doing) + ": " + innermost_error());
}

void silence_hdf5() {
  static const herr_t once = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(once);
}

Hdf5Handle property_list(hid_t kind) {
  Hdf5Handle list(H5Pcreate(kind), &H5Pclose);
  if (kind != H5P_FILE_ACCESS) H5Pset_obj_track_times(list.get(), false);
  return list;
}

Hdf5Handle half_type() {
  Hdf5Handle type(H5Tcopy(H5T_IEEE_F32LE), &H5Tclose);
  constexpr std::size_t kSign = 15, kExponent = 10, kExponentBits = 5, kMantissa = 0, kMantissaBits = 10;
  H5Tset_fields(type.get(), kSign, kExponent, kExponentBits, kMantissa, kMantissaBits);
  H5Tset_size(type.get(), 2);
  H5Tset_ebias(type.get(), 15);
  return type;
}

Hdf5Handle text_type(std::size_t width) {
  Hdf5Handle type(H5Tcopy(H5T_C_S1), &H5Tclose);
  H5Tset_size(type.get(), std::max<std::size_t>(width, 1));
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

Hdf5Handle number_type(ElementType type) {
  switch (type) {
    case ElementType::kHalf:
      return half_type();
    case ElementType::kFloat:
      return {H5Tcopy(H5T_IEEE_F32LE), &H5Tclose};
    case ElementType::kDouble:
      return {H5Tcopy(H5T_IEEE_F64LE), &H5Tclose};
    case ElementType::kInt8:
      return {H5Tcopy(H5T_STD_I8LE), &H5Tclose};
    case ElementType::kInt32:
      return {H5Tcopy(H5T_STD_I32LE), &H5Tclose};
    case ElementType::kUInt32:
      return {H5Tcopy(H5T_STD_U32LE), &H5Tclose};
    case ElementType::kUInt64:
      return {H5Tcopy(H5T_STD_U64LE), &H5Tclose};
    case ElementType::kText:
      break;
  }
  throw std::logic_error("the type of a text column depends on its longest text");
}

std::optional<ElementType> element_type_of(hid_t type) {
  if (H5Tget_class(type) == H5T_STRING) {
    if (H5Tis_variable_str(type) > 0) return std::nullopt;
    return ElementType::kText;
  }
  for (const auto candidate :
       {ElementType::kHalf, ElementType::kFloat, ElementType::kDouble, ElementType::kInt8,
        ElementType::kInt32, ElementType::kUInt32, ElementType::kUInt64}) {
    if (H5Tequal(type, number_type(candidate).get()) > 0) return candidate;
  }
  return std::nullopt;
}

Hdf5Handle simple_space(std::span<const std::uint64_t> shape) {
  const std::vector<hsize_t> dimensions(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(shape.size()), dimensions.data(), nullptr), &H5Sclose};
}

// (The copy H5Fget_file_image makes cannot be used: 1.10 clears a flag in it without correcting the
// checksum.)
void write_to_memory(const Hdf5Handle& access, Hdf5Image& image, const std::filesystem::path& path) {
  check(H5Pset_fapl_core(access.get(), 1, false), path, "prepare", "/");
  H5FD_file_image_callbacks_t callbacks = {};
  callbacks.image_malloc = [](std::size_t size, H5FD_file_image_op_t, void*) { return std::malloc(size); };
  callbacks.image_memcpy = [](void* to, const void* from, std::size_t size, H5FD_file_image_op_t, void*) {
    return std::memcpy(to, from, size);
  };
  callbacks.image_realloc = [](void* bytes, std::size_t size, H5FD_file_image_op_t, void* data) {
    auto& grown = *static_cast<Hdf5Image*>(data);
    void* moved = std::realloc(bytes, size);
    if (moved != nullptr) {
      grown.bytes = moved;
      grown.size = size;
    }
    return moved;
  };
  callbacks.image_free = [](void*, H5FD_file_image_op_t, void*) -> herr_t { return 0; };
  callbacks.udata_copy = [](void* data) { return data; };
  callbacks.udata_free = [](void*) -> herr_t { return 0; };
  callbacks.udata = &image;
  check(H5Pset_file_image_callbacks(access.get(), &callbacks), path, "prepare", "/");
}

}  // namespace chorale::store::hdf5
