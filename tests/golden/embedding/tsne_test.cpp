// t-SNE against scikit-learn's, part by part and as a whole: tsne.json is written by make_goldens.py.
#include "eval/embedding/tsne.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "eval/embedding/pca.hpp"
#include "golden/metrics/golden.hpp"

namespace chorale::eval {
namespace {

nlohmann::json golden(const char* part) {
  return testing_support::golden_part("../embedding/tsne.json", part);
}

template <class T>
Matrix<T> matrix_of(const nlohmann::json& values, std::size_t width) {
  Matrix<T> result(values.size() / width, width);
  values.get_to(result.values);
  return result;
}

std::vector<Point> points_of(const nlohmann::json& values) {
  std::vector<Point> points(values.size() / 2);
  for (std::size_t i = 0; i < values.size(); ++i) points[i / 2][i % 2] = values.at(i);
  return points;
}

// The others in the order of their squared distance, the earlier first of equal ones.
std::vector<std::size_t> by_distance(std::size_t from, std::size_t count, const auto& squared_distance) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(from));
  std::ranges::stable_sort(order, {}, [&](std::size_t other) { return squared_distance(from, other); });
  return order;
}

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

std::vector<std::size_t> neighbours_in(std::span<const Point> layout, std::size_t from) {
  return by_distance(from, layout.size(),
                     [&](std::size_t a, std::size_t b) { return squared_distance(layout[a], layout[b]); });
}

// Venna and Kaski 2001, as sklearn.manifold.trustworthiness: 1 when the `neighbours` nearest of each point in
// the layout were its nearest before.
double trustworthiness(const Matrix<double>& rows, std::span<const Point> layout, std::size_t neighbours) {
  const std::size_t n = rows.rows;
  double penalty = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto before = by_distance(
        i, n, [&](std::size_t a, std::size_t b) { return squared_distance(rows.row(a), rows.row(b)); });
    const auto after = neighbours_in(layout, i);
    for (std::size_t k = 0; k < neighbours; ++k) {
      const auto rank = static_cast<std::size_t>(std::ranges::find(before, after[k]) - before.begin()) + 1;
      if (rank > neighbours) penalty += static_cast<double>(rank - neighbours);
    }
  }
  const auto points = static_cast<double>(n), k = static_cast<double>(neighbours);
  return 1 - 2 * penalty / (points * k * (2 * points - 3 * k - 1));
}

double nearest_has_same_label(std::span<const Point> layout, const std::vector<int>& labels) {
  double same = 0;
  for (std::size_t i = 0; i < layout.size(); ++i)
    same += labels[neighbours_in(layout, i).front()] == labels[i] ? 1 : 0;
  return same / static_cast<double>(layout.size());
}

double mean(const nlohmann::json& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST(Affinities, EqualScikitLearns) {
  const auto one = golden("affinities");
  const auto rows = matrix_of<double>(one.at("rows"), one.at("width"));
  const Affinities ours = affinities(rows, one.at("perplexity"), 2);
  Matrix<double> dense(rows.rows, rows.rows);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t k = ours.begin[i]; k < ours.begin[i + 1]; ++k)
      dense.row(i)[ours.columns[k]] = ours.values[k];
  }
  // scikit-learn's bisection ends at 1e-5 nats, ours at 1e-7; the affinities are about 1e-3.
  for (std::size_t i = 0; i < dense.values.size(); ++i)
    EXPECT_NEAR(dense.values[i], one.at("dense").at(i).get<double>(), 1e-7) << i;
}

TEST(Gradient, OfAllPairsEqualsScikitLearns) {
  const auto one = golden("gradient");
  const auto layout = points_of(one.at("layout"));
  const auto dense = matrix_of<double>(one.at("affinities"), layout.size());
  Affinities all{.begin = {0}, .columns = {}, .values = dense.values};
  for (std::size_t i = 0; i < layout.size(); ++i) {
    for (std::uint32_t j = 0; j < layout.size(); ++j) all.columns.push_back(j);
    all.begin.push_back(all.columns.size());
  }
  const auto exact = tsne_gradient(all, 1, layout, {.theta = 0});
  const auto grouped = tsne_gradient(all, 1, layout, {.theta = 0.5});
  double difference = 0, squares = 0;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      EXPECT_NEAR(exact[i][axis], one.at("gradient").at(2 * i + axis).get<double>(), 1e-12) << i;
      squares += exact[i][axis] * exact[i][axis];
      difference += std::pow(grouped[i][axis] - exact[i][axis], 2);
    }
  }
  EXPECT_LT(std::sqrt(difference / squares), 0.03) << "groups of points taken as one";
  EXPECT_GT(difference, 0);
}

TEST(Trustworthiness, OfKnownLayoutsIsScikitLearns) {
  const auto mixture = golden("mixture");
  const auto rows = matrix_of<double>(mixture.at("rows"), mixture.at("width"));
  for (const auto& known : mixture.at("known")) {
    EXPECT_NEAR(trustworthiness(rows, points_of(known.at("layout")), 12),
                known.at("trustworthiness").get<double>(), 1e-9);
  }
}

// Another optimum of the same objective: scikit-learn's own three differ by 0.001 from one seed to another.
TEST(Tsne, KeepsNeighboursAsScikitLearnDoes) {
  const auto mixture = golden("mixture");
  const auto rows = matrix_of<double>(mixture.at("rows"), mixture.at("width"));
  const auto labels = mixture.at("labels").get<std::vector<int>>();
  const auto layout =
      tsne(pca(matrix_of<float>(mixture.at("rows"), mixture.at("width")), 50, 2).scores, {.threads = 2});
  EXPECT_GT(trustworthiness(rows, layout, 12), mean(mixture.at("trustworthiness")) - 0.003);
  EXPECT_GT(nearest_has_same_label(layout, labels), mean(mixture.at("same_label")) - 0.02);
}

}  // namespace
}  // namespace chorale::eval
