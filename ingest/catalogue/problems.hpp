// Everything that is wrong with a table, reported together.
#pragma once

#include <string>
#include <vector>

#include "ingest/catalogue/error.hpp"

namespace chorale::catalogue {

class Problems {
 public:
  // `origin` is how messages name the table.
  explicit Problems(std::string origin) : origin_(std::move(origin)) {}

  const std::string& origin() const { return origin_; }

  // "ORIGIN:LINE: what", in the order of the calls.
  void add(std::size_t line, const std::string& what);
  void add(const std::string& what);  // of the table as a whole

  // Throws CatalogueError when something was added: the first twenty, and how many there are.
  void check() const;

 private:
  void keep(std::string message);

  std::string origin_;
  std::vector<std::string> first_;
  std::size_t count_ = 0;
};

}  // namespace chorale::catalogue
