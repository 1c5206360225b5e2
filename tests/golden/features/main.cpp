// golden_features [--write-docs]: the table of docs/features.md is checked, or with the flag written.
#include <gtest/gtest.h>

#include <cstdio>
#include <string_view>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"

namespace {

class ParityReport : public ::testing::Environment {
 public:
  explicit ParityReport(chorale::parity::Docs docs) : docs_(docs) {}
  void TearDown() override {
    chorale::parity::report(chorale::goldens::source() / "docs/features.md", docs_);
  }

 private:
  chorale::parity::Docs docs_;
};

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const bool write = argc == 2 && std::string_view(argv[1]) == "--write-docs";
  if (argc > 1 && !write) {
    std::fprintf(stderr, "golden_features: unknown argument %s; it knows --write-docs\n", argv[1]);
    return 2;
  }
  using chorale::parity::Docs;
  ::testing::AddGlobalTestEnvironment(new ParityReport(write ? Docs::kWrite : Docs::kCheck));
  return RUN_ALL_TESTS();
}
