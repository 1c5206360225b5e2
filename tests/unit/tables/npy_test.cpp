#include "ingest/tables/npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "pipeline/runtime/random.hpp"
#include "support/npy_bytes.hpp"

namespace chorale::tables {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
std::string npy(const std::string& header, const std::vector<T>& values, char version = 1) {
  return testing_support::npy_bytes(header, values, version);
}
using testing_support::npy_header;

std::string error_of(const std::string& bytes) {
  try {
    parse_npy(bytes);
  } catch (const NpyError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Npy, ReadsEveryTypeOrderAndVersion) {
  const std::vector<float> f4 = {1, 2, 3, 4, 5, 6};
  const std::vector<double> f8 = {1, 4, 2, 5, 3, 6};
  const std::vector<std::uint16_t> f2 = {0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600};
  for (const auto& bytes :
       {npy(npy_header("<f4", "False", "(2, 3)"), f4), npy(npy_header("<f8", "True", "(2, 3)"), f8),
        npy(npy_header("<f2", "False", "(2,3)"), f2), npy(npy_header("<f4", "False", "(2, 3)"), f4, 2),
        npy(std::string("{\"shape\": (2, 3), \"descr\": \"<f4\", \"fortran_order\": False}"), f4, 3)}) {
    const Matrix matrix = parse_npy(bytes);
    EXPECT_EQ(matrix.rows, 2U);
    EXPECT_EQ(matrix.columns, 3U);
    EXPECT_THAT(matrix.values, ElementsAre(1, 2, 3, 4, 5, 6));
  }
  const Matrix vector = parse_npy(npy(npy_header("<f4", "True", "(6,)"), f4));
  EXPECT_EQ(vector.rows, 1U);
  EXPECT_THAT(vector.values, ElementsAre(1, 2, 3, 4, 5, 6));
}

// numpy.save(file, numpy.asfortranarray([[1.5, -2.0], [0.0, 65504.0]], dtype="float16")), numpy 2.4.6.
TEST(Npy, ReadsWhatNumpyWrites) {
  std::string bytes("\x93NUMPY\x01\x00\x76\x00{'descr': '<f2', 'fortran_order': True, 'shape': (2, 2), }",
                    68);
  bytes.append(127 - bytes.size(), ' ');
  bytes += '\n';
  bytes.append("\x00\x3e\x00\x00\x00\xc0\xff\x7b", 8);
  EXPECT_THAT(parse_npy(bytes).values, ElementsAre(1.5, -2.0, 0.0, 65504.0));
}

TEST(Npy, SaysWhatItCannotRead) {
  const std::vector<float> six = {1, 2, 3, 4, 5, 6};
  const auto with = [&](const char* type, const char* shape) {
    return npy(npy_header(type, "False", shape), six);
  };
  EXPECT_THAT(error_of("RIFF....WAVE"), HasSubstr("not an .npy file"));
  EXPECT_THAT(error_of(""), HasSubstr("not an .npy file"));
  EXPECT_THAT(error_of(with("<i4", "(2, 3)")), HasSubstr("type '<i4'"));
  EXPECT_THAT(error_of(with(">f4", "(2, 3)")), HasSubstr("astype('float32')"));
  EXPECT_THAT(error_of(with("|O", "(2, 3)")), HasSubstr("type '|O'"));
  EXPECT_THAT(error_of(with("<f4", "(2, 4)")),
              HasSubstr("24 bytes of values; its shape (2, 4) and type <f4 need 32"));
  EXPECT_THAT(error_of(with("<f4", "(2, 2)")), HasSubstr("need 16"));
  EXPECT_THAT(error_of(with("<f4", "(4611686018427387904, 8)")), HasSubstr("24 bytes of values"));
  EXPECT_THAT(error_of(with("<f4", "(99999999999999999999,)")), HasSubstr("header"));
  EXPECT_THAT(error_of(with("<f4", "(0, 6)")), HasSubstr("is empty"));
  EXPECT_THAT(error_of(with("<f4", "()")), HasSubstr("one or two dimensions"));
  EXPECT_THAT(error_of(with("<f4", "(1, 2, 3)")), HasSubstr("shape (1, 2, 3)"));
  EXPECT_THAT(error_of(with("<f4", "(-2, 3)")), HasSubstr("header"));
  EXPECT_THAT(
      error_of(npy(std::string("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}"), six)),
      HasSubstr("named fields"));
  EXPECT_THAT(error_of(npy(std::string("{'descr': '<f4', 'descr': '<f4', 'shape': (6,)}"), six)),
              HasSubstr("header"));
  EXPECT_THAT(error_of(npy(std::string("{'descr': '<f4', 'shape': (6,)}"), six)), HasSubstr("header"));
  EXPECT_THAT(error_of(npy(npy_header("<f4", "False", "(6,)"), six, 4)), HasSubstr("version 4"));
  EXPECT_THAT(error_of(npy(npy_header("<f4", "False", "(6,)"), six).substr(0, 40)),
              HasSubstr("within its header"));
}

TEST(Npy, ValuesThatAreNoFiniteFloatAreAnErrorWithTheirPlace) {
  std::vector<double> values(6, 1.0);
  values[4] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(error_of(npy(npy_header("<f8", "False", "(2, 3)"), values)),
              HasSubstr("at [1, 1] is not a number"));
  values[4] = 1e39;
  EXPECT_THAT(error_of(npy(npy_header("<f8", "True", "(2, 3)"), values)),
              HasSubstr("at [0, 2] is infinite or too large"));
}

TEST(Npy, MutatedFilesAreReadOrRefusedButNeverMore) {
  runtime::RandomStream random(7);
  const std::string good = npy(npy_header("<f4", "True", "(2, 3)"), std::vector<float>{1, 2, 3, 4, 5, 6});
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = good;
    for (std::size_t n = 1 + random.below(3); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    if (random.below(4) == 0) bytes.resize(random.below(bytes.size()));
    if (error_of(bytes) != "no error") ++refused;
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace chorale::tables
