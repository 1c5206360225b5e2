#include "train/records/event_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "pipeline/runtime/atomic_file.hpp"
#include "train/records/crc32.hpp"

namespace chorale::train {
namespace {

// ---- protocol buffers: a tag (field number and wire type), then the value

template <class T>
std::string little_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string field(int number, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(number) << 3) + varint(value);
}
std::string field(int number, double value) {
  return varint(static_cast<std::uint64_t>(number) << 3 | 1) + little_endian(value);
}
std::string field(int number, float value) {
  return varint(static_cast<std::uint64_t>(number) << 3 | 5) + little_endian(value);
}
std::string field(int number, const std::string& value) {
  return varint(static_cast<std::uint64_t>(number) << 3 | 2) + varint(value.size()) + value;
}

// ---- messages

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string event(std::int64_t step, const std::string& what) {
  return field(1, wall_time()) + field(2, static_cast<std::uint64_t>(step)) + what;
}

std::string version() { return field(3, std::string("brain.Event:2")); }
std::string session_start() { return field(7, field(1, std::uint64_t{1})); }
std::string summary(const std::string& values) { return field(5, values); }
std::string scalar(const std::string& tag, double value) {
  return field(1, field(1, tag) + field(2, static_cast<float>(value)));
}

std::uint32_t masked(std::uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8U; }

std::string host() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder, std::int64_t first_step)
    : path_(folder / fmt::format("events.out.tfevents.{:.0f}.{}.{}", wall_time(), host(), ::getpid())),
      out_(path_, std::ios::binary | std::ios::app) {
  write(event(0, version()));
  if (first_step > 0) write(event(first_step + 1, session_start()));
}

void EventFile::add(std::int64_t step, const Scalars& scalars) {
  std::string values;
  for (const auto& [tag, value] : scalars) values += scalar(tag, value);
  write(event(step, summary(values)));
}

void EventFile::add_image(std::int64_t step, const std::string& tag, std::uint32_t width,
                          std::uint32_t height, const std::string& png) {
  const std::string image = field(1, std::uint64_t{height}) + field(2, std::uint64_t{width}) +
                            field(3, std::uint64_t{1}) + field(4, png);
  write(event(step, summary(field(1, field(1, tag) + field(4, image)))));
}

void EventFile::write(const std::string& event) {
  const std::string length = little_endian(static_cast<std::uint64_t>(event.size()));
  errno = 0;
  out_ << length << little_endian(masked(crc32c(length))) << event << little_endian(masked(crc32c(event)))
       << std::flush;
  if (!out_) {
    throw runtime::FileError(path_.string() + ": cannot write: " + std::strerror(errno) +
                             ". Free some space, then run the same command again.");
  }
}

}  // namespace chorale::train
