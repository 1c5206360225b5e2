#include "train/records/board.hpp"

#include <algorithm>
#include <cmath>

#include "train/records/png.hpp"

namespace chorale::train {
namespace {

constexpr std::size_t kImageSide = 256, kSmallestCell = 4;  // pixels

std::uint8_t shade(const metrics::Confusion& confusion, std::size_t truth, std::size_t predicted) {
  const auto support = static_cast<double>(std::max<std::int64_t>(1, confusion.support(truth)));
  return static_cast<std::uint8_t>(
      std::lround(255 * (1 - static_cast<double>(confusion.at(truth, predicted)) / support)));
}

void add_image(EventFile& file, std::int64_t step, const std::string& tag,
               const metrics::Confusion& confusion) {
  const std::size_t cell = std::max(kSmallestCell, kImageSide / confusion.classes());
  const std::size_t side = cell * confusion.classes();
  std::vector<std::uint8_t> pixels(side * side);
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) pixels[y * side + x] = shade(confusion, y / cell, x / cell);
  }
  const auto size = static_cast<std::uint32_t>(side);
  file.add_image(step, tag, size, size, grey_png(size, size, pixels));
}

}  // namespace

void Board::add(const EpochRow& row, const Confusions& confusions) {
  Scalars scalars = {{"train/loss", row.train_loss}, {"train/accuracy", row.train_accuracy}};
  for (const Metric& metric : row.validation) scalars.emplace_back("validation/" + metric.name, metric.value);
  if (!std::isnan(row.lr)) scalars.emplace_back("learning_rate", row.lr);
  scalars.emplace_back("samples_per_second", row.samples_per_second);
  scalars.emplace_back("data_wait", row.data_wait);
  file_.add(row.epoch, scalars);
  for (const auto& [task, confusion] : confusions) {
    add_image(file_, row.epoch, "confusion/" + task, confusion);
  }
}

}  // namespace chorale::train
