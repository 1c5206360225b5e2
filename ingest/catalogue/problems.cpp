#include "ingest/catalogue/problems.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chorale::catalogue {
namespace {

constexpr std::size_t kShown = 20;

}  // namespace

void Problems::add(std::size_t line, const std::string& what) {
  keep(fmt::format("{}:{}: {}", origin_, line, what));
}

void Problems::add(const std::string& what) { keep(fmt::format("{}: {}", origin_, what)); }

void Problems::keep(std::string message) {
  if (++count_ <= kShown) first_.push_back(std::move(message));
}

void Problems::check() const {
  if (count_ == 0) return;
  if (count_ == 1) throw CatalogueError(first_.front());
  throw CatalogueError(fmt::format("{} errors in {}:\n  {}{}", count_, origin_, fmt::join(first_, "\n  "),
                                   count_ > kShown ? fmt::format("\n  and {} more", count_ - kShown) : ""));
}

}  // namespace chorale::catalogue
