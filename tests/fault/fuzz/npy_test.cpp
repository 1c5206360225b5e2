// Arrays that other programs wrote.
#include "ingest/tables/npy.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "fuzz.hpp"

namespace chorale::fuzz {
namespace {

// Version 1.0: magic, version, length of the header, header padded to 64 bytes, values.
std::string npy(const std::string& type, const std::string& order, const std::string& shape,
                const std::string& values) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  const auto length = header.size();
  return "\x93NUMPY" + std::string{'\1', '\0', static_cast<char>(length), static_cast<char>(length >> 8)} +
         header + values;
}

TEST(Fuzz, Arrays) {
  Plan plan{.name = "npy", .seeds = {}, .words = {}, .count = 400};
  plan.seeds = {npy("<f4", "False", "(3, 4)", std::string(48, '\x3f')),
                npy("<f8", "True", "(2, 3)", std::string(48, '\x3f')),
                npy("<f2", "False", "(7,)", std::string(14, '\x3c'))};
  plan.words = {
      "(",     ")",    ",",    "()", "(0, 4)", "(-1,)",   "(4294967296, 4294967296)", "'<f2'",    "'|O'",
      "'>f4'", "True", "None", "{",  "'",      "'descr'", "99999999999999999999",     "(1, 1, 1)"};
  const Findings findings = fuzz(plan, [](const std::string& input) {
    const tables::Matrix matrix = tables::parse_npy(input);
    if (matrix.values.size() != matrix.rows * matrix.columns || matrix.values.empty()) {
      throw std::logic_error("values and shape differ");
    }
    for (const float value : matrix.values) {
      if (!std::isfinite(value)) throw std::logic_error("a value that is not finite was let through");
    }
  });
  EXPECT_THAT(findings.failures, ::testing::IsEmpty());
  EXPECT_EQ(findings.accepted + findings.refused, plan.count);
  EXPECT_GT(findings.accepted, 0U);
  EXPECT_GT(findings.refused, 100U);
}

}  // namespace
}  // namespace chorale::fuzz
