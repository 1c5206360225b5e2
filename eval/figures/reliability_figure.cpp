#include "eval/figures/reliability_figure.hpp"

#include <fmt/format.h>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {

figures::Figure reliability_figure(const std::string& name, const std::string& title,
                                   const Calibration& calibration) {
  figures::Figure figure{.name = name, .width = 560, .height = 640};
  figure.data = "# low\thigh\tsongs\tconfidence\taccuracy\n";
  for (const ReliabilityBin& bin : calibration.bins) {
    figure.data += fmt::format("{}\t{}\t{}\t", bin.low, bin.high, bin.n);
    figure.data += bin.n > 0 ? fmt::format("{}\t{}\n", bin.confidence, bin.accuracy) : "nan\tnan\n";
  }
  figure.commands = fmt::format(
      "{axes}"
      "  set multiplot\n"
      "  set lmargin at screen 0.14\n  set rmargin at screen 0.96\n"
      "  set tmargin at screen 0.9\n  set bmargin at screen 0.34\n"
      "  set title {title} noenhanced font ',16' offset 0,0.2\n"
      "  set label 1 'expected calibration error {error:.3f}' at graph 0.04,0.94 left font ',12' textcolor "
      "rgb "
      "'#555555'\n"
      "  set xrange [0:1]\n  set yrange [0:1]\n"
      "  set format x ''\n  unset xlabel\n  set ylabel 'accuracy' offset 1,0\n"
      "  unset key\n"
      "  set arrow 1 from 0,0 to 1,1 nohead dashtype 2 linewidth 1.5 linecolor rgb '#777777' front\n"
      "  plot '{name}.tsv' using (($1+$2)/2):5:1:2:(0):5 with boxxyerror fillstyle solid border rgb 'white' "
      "linecolor "
      "rgb '{colour}', \\\n"
      "       '' using 4:5 with points pointtype 7 pointsize 0.6 linecolor rgb '#d55e00'\n"
      "  unset arrow 1\n  unset label 1\n  unset title\n"
      "  set tmargin at screen 0.3\n  set bmargin at screen 0.1\n"
      "  set format x '%g'\n  set xlabel 'confidence' offset 0,0.3\n  set ylabel 'songs' offset 1,0\n"
      "  set yrange [0:*]\n"
      "  plot '{name}.tsv' using (($1+$2)/2):3:1:2:(0):3 with boxxyerror fillstyle solid border rgb 'white' "
      "linecolor "
      "rgb '#999999'\n"
      "  unset multiplot\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("error", calibration.expected_error), fmt::arg("name", name),
      fmt::arg("colour", figures::kBarColour));
  return figure;
}

}  // namespace chorale::eval
