// What an archive says about its files, made into a Listing. Not for use outside of this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/tree/tree.hpp"

namespace chorale::tree {

class ArchiveListing {
 public:
  // `name` as the archive has it: "./" is left out; an absolute path or one with ".." is refused.
  void add(std::string_view name, std::uint64_t bytes, std::uint64_t place);
  void refuse(std::string_view name, std::string reason);
  // `name` stands for the file called `target`.
  void add_link(std::string_view name, std::string_view target);

  // What lies below the folder `inside` ("" for all), relative to it. Throws TreeError when there is none.
  Listing take(const std::filesystem::path& archive, const std::string& inside);

 private:
  struct Link {
    std::string path, target;
  };
  // The path of a file that can be listed; else counts or refuses it and returns nothing.
  std::string accept(std::string_view name);
  void resolve_links();

  Listing found_;
  std::vector<Link> links_;
};

}  // namespace chorale::tree
