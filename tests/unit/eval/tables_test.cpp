#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/tables/formats.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

Table sample() {
  Table table{.name = "models",
              .caption = "Models & folds",
              .columns = {{"model", "model_name"}, {"n", "n"}, {"f1", "F1 (%)"}, {"accuracy", "accuracy"}},
              .notes = {"Mean over n < 6 runs."}};
  table.add({"R&B | 50%_x", std::int64_t{5}, Number{0.123456, 2}, MeanStd{0.75, 0.0125, 5}});
  table.add({"a,\"b\"\nc", std::monostate{}, Number{1.0 / 3, 2}, MeanStd{0.5, std::nullopt, 1}});
  return table;
}

Table grouped() {
  Table table{.name = "lengths",
              .caption = "Lengths",
              .columns = {{"model", "model"},
                          {"n_1s", "n", "slices of 1 s"},
                          {"accuracy_1s", "accuracy", "slices of 1 s"},
                          {"n_3s", "n", "a & b"}}};
  table.add({"cnn", std::int64_t{5}, Number{0.5}, std::int64_t{6}});
  return table;
}

TEST(Tables, GroupsOfColumnsStandAboveThem) {
  EXPECT_EQ(to_markdown(grouped()),
            "**Lengths**\n\n| model | slices of 1 s: n | slices of 1 s: accuracy | a &amp; b: n |\n"
            "| --- | ---: | ---: | ---: |\n| cnn | 5 | 0.500 | 6 |\n");
  EXPECT_EQ(to_csv(grouped()), "model,n_1s,accuracy_1s,n_3s\ncnn,5,0.5,6\n");
  EXPECT_NE(to_latex(grouped()).find(
                "    \\toprule\n"
                "     & \\multicolumn{2}{c}{slices of 1 s} & \\multicolumn{1}{c}{a \\& b} \\\\\n"
                "    \\cmidrule(lr){2-3} \\cmidrule(lr){4-4} \n"
                "    model & n & accuracy & n \\\\\n    \\midrule\n"),
            std::string::npos);
  EXPECT_NE(
      to_html(grouped()).find("<thead><tr><td colspan=\"1\"></td><th class=\"group\" scope=\"colgroup\" "
                              "colspan=\"2\">slices of 1 s</th><th class=\"group\" scope=\"colgroup\" "
                              "colspan=\"1\">a &amp; b</th></tr>\n<tr><th scope=\"col\">model</th>"),
      std::string::npos);
  EXPECT_EQ(to_terminal(grouped()),
            "Lengths\n\n"
            "         slices of 1 s  a & b\n"
            "         ─────────────  ─────\n"
            "  model  n    accuracy      n\n"
            "  ─────  ─  ──────────  ─────\n"
            "  cnn    5       0.500      6\n");
  EXPECT_EQ(nlohmann::json::parse(to_json(grouped()))["columns"][1]["group"], "slices of 1 s");
}

TEST(Tables, LongNamesCanBeBrokenOnAPage) {
  Table table{.name = "t", .caption = "T", .columns = {{"key", "train.slice_seconds"}}};
  table.add({"v1.5 of model.norm_"});
  table.add({std::string(61, 'x')});
  const std::string page = to_html(table);
  EXPECT_NE(page.find("<th scope=\"col\">train.<wbr>slice_<wbr>seconds</th>"), std::string::npos) << page;
  EXPECT_NE(page.find("<td>v1.5 of model.<wbr>norm_</td>"), std::string::npos) << page;
  EXPECT_NE(page.find("<td class=\"long\">xxx"), std::string::npos) << page;
}

TEST(Tables, Markdown) {
  EXPECT_EQ(to_markdown(sample()),
            "**Models &amp; folds**\n"
            "\n"
            "| model\\_name | n | F1 (%) | accuracy |\n"
            "| --- | ---: | ---: | ---: |\n"
            "| R&amp;B \\| 50%\\_x | 5 | 0.12 | 0.750 ± 0.013 |\n"
            "| a,\"b\" c | – | 0.33 | 0.500 |\n"
            "\n"
            "Mean over n &lt; 6 runs.\n");
}

TEST(Tables, CsvHasAllDigitsAndTwoColumnsForMeanAndDeviation) {
  EXPECT_EQ(to_csv(sample()),
            "model,n,f1,accuracy_mean,accuracy_std\n"
            "R&B | 50%_x,5,0.123456,0.75,0.0125\n"
            "\"a,\"\"b\"\"\nc\",,0.3333333333333333,0.5,\n");
}

TEST(Tables, Latex) {
  EXPECT_EQ(to_latex(sample()),
            "% \\usepackage{booktabs}\n"
            "\\begin{table}\n"
            "  \\centering\n"
            "  \\caption{Models \\& folds}\n"
            "  \\label{tab:models}\n"
            "  \\begin{tabular}{lrrr}\n"
            "    \\toprule\n"
            "    model\\_name & n & F1 (\\%) & accuracy \\\\\n"
            "    \\midrule\n"
            "    R\\&B \\textbar{} 50\\%\\_x & 5 & 0.12 & 0.750 $\\pm$ 0.013 \\\\\n"
            "    a,\\char34{}b\\char34{} c & -- & 0.33 & 0.500 \\\\\n"
            "    \\bottomrule\n"
            "  \\end{tabular}\n"
            "  \\par\\smallskip{\\footnotesize Mean over n \\textless{} 6 runs.}\n"
            "\\end{table}\n");
}

TEST(Tables, JsonKeepsTypes) {
  const auto json = nlohmann::json::parse(to_json(sample()));
  EXPECT_EQ(json["rows"][0]["model"], "R&B | 50%_x");
  EXPECT_EQ(json["rows"][0]["n"], 5);
  EXPECT_EQ(json["rows"][0]["f1"], 0.123456);
  EXPECT_EQ(json["rows"][0]["accuracy"], (nlohmann::json{{"mean", 0.75}, {"std", 0.0125}, {"n", 5}}));
  EXPECT_TRUE(json["rows"][1]["n"].is_null());
  EXPECT_TRUE(json["rows"][1]["accuracy"]["std"].is_null());
  EXPECT_EQ(json["columns"][0], (nlohmann::json{{"key", "model"}, {"header", "model_name"}}));
}

TEST(Tables, HtmlEscapesMarkup) {
  Table table{.name = "t", .caption = "<script>", .columns = {{"a", "a\"b"}}};
  table.add({"x<y & 'z'"});
  const std::string html = to_html(table);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_NE(html.find("<figcaption>&lt;script&gt;</figcaption>"), std::string::npos) << html;
  EXPECT_NE(html.find("<td>x&lt;y &amp; &#39;z&#39;</td>"), std::string::npos) << html;
}

TEST(Tables, TerminalAlignsByCodePoints) {
  Table table{.name = "t", .caption = "Naïve", .columns = {{"class", "class"}, {"f1", "F1"}}};
  table.add({"fado português", Number{0.5}});
  table.add({"son", std::monostate{}});
  EXPECT_EQ(to_terminal(table),
            "Naïve\n"
            "\n"
            "  class              F1\n"
            "  ──────────────  ─────\n"
            "  fado português  0.500\n"
            "  son                 –\n");
}

TEST(Tables, TerminalWrapsNotesAtWords) {
  // Words of 9 code points and a space: nine of them and the indentation are 91, ten would be 101.
  std::string line = " ", note = "first-one";
  for (int i = 0; i < 9; ++i) line += " words±±±9";
  for (int i = 0; i < 20; ++i) note += " words±±±9";
  const Table table{.name = "t", .caption = "c", .columns = {{"a", "a"}}, .rows = {}, .notes = {note}};
  EXPECT_NE(to_terminal(table).find("\n" + line + "\n"), std::string::npos) << to_terminal(table);
}

TEST(Tables, LatexEscapesEveryActiveCharacter) {
  EXPECT_EQ(
      escape_latex("\\{}$&#^_~%<>|[]"),
      "\\textbackslash{}\\{\\}\\$\\&\\#\\textasciicircum{}\\_\\textasciitilde{}\\%\\textless{}\\textgreater{}"
      "\\textbar{}{[}{]}");
}

TEST(Tables, AWarningIsInEveryFormat) {
  Table table = sample();
  table.warnings = {"Too high, by <10>."};
  EXPECT_NE(to_markdown(table).find("\n**Too high, by &lt;10&gt;.**\n"), std::string::npos);
  EXPECT_NE(to_latex(table).find("{\\footnotesize\\bfseries Too high, by \\textless{}10"), std::string::npos);
  EXPECT_NE(to_html(table).find("<p class=\"warning\">Too high, by &lt;10&gt;.</p>"), std::string::npos);
  EXPECT_NE(to_terminal(table).find("Too high, by <10>."), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(to_json(table))["warnings"][0], "Too high, by <10>.");
  EXPECT_EQ(to_csv(table).substr(0, to_csv(table).find('\n', 60)),
            "model,n,f1,accuracy_mean,accuracy_std,warning\n"
            "R&B | 50%_x,5,0.123456,0.75,0.0125,\"Too high, by <10>.\"");
}

TEST(Tables, ARowOfAnotherLengthIsAnError) {
  Table table{.name = "t", .caption = "", .columns = {{"a", "a"}, {"b", "b"}}};
  EXPECT_THROW(table.add({std::int64_t{1}}), std::logic_error);
}

TEST(Tables, ARangeIsTwoColumnsForMachines) {
  Table table{.name = "t", .caption = "T", .columns = {{"f1", "F1"}, {"f1_interval", "95 %"}}};
  table.add({Number{0.75}, Range{0.625, 0.875, 2}});
  table.add({Number{0.5}, std::monostate{}});
  EXPECT_EQ(to_csv(table), "f1,f1_interval_low,f1_interval_high\n0.75,0.625,0.875\n0.5,,\n");
  EXPECT_NE(to_markdown(table).find("| 0.750 | 0.62 to 0.88 |"), std::string::npos) << to_markdown(table);
  EXPECT_EQ(nlohmann::json::parse(to_json(table))["rows"][0]["f1_interval"],
            (nlohmann::json{{"low", 0.625}, {"high", 0.875}}));
}

// 1, 2, 3, 4: mean 2.5, sample deviation sqrt(5/3).
TEST(Tables, MeanStdIsTheSampleDeviation) {
  const auto cell = std::get<MeanStd>(mean_std({1, 2, 3, 4}));
  EXPECT_DOUBLE_EQ(cell.mean, 2.5);
  EXPECT_NEAR(cell.std.value(), 1.2909944487358056, 1e-15);
  EXPECT_EQ(cell.n, 4);
  EXPECT_FALSE(std::get<MeanStd>(mean_std({0.5})).std.has_value());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(mean_std({})));
}

TEST(Tables, FourFilesATable) {
  const testing_support::TemporaryFolder folder;
  write_table(sample(), folder.path() / "tables");
  EXPECT_EQ(runtime::read_file(folder.path() / "tables/models.md"), to_markdown(sample()));
  EXPECT_EQ(runtime::read_file(folder.path() / "tables/models.csv"), to_csv(sample()));
  EXPECT_EQ(runtime::read_file(folder.path() / "tables/models.tex"), to_latex(sample()));
  EXPECT_EQ(runtime::read_file(folder.path() / "tables/models.json"), to_json(sample()));
}

TEST(Text, ThePOfATestIsNeverZero) {
  EXPECT_EQ(text_of(Number{0.00004, 4, true}), "< 0.0001");
  EXPECT_EQ(text_of(Number{0.00006, 4, true}), "0.0001");
  EXPECT_EQ(text_of(Number{0.00004, 4}), "0.0000");
}

}  // namespace
}  // namespace chorale::eval
