#include "pipeline/figures/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::figures {
namespace {

namespace fs = std::filesystem;

// SVG in pixels of a screen, PNG at twice the resolution, for slides and print. A font size is pixels to the
// SVG terminal and points (4/3 pixels) to the PNG terminal, hence its scale of 2 * 3/4.
std::string script(const Figure& figure) {
  return fmt::format(
      "# Draws {0}.svg and {0}.png from {0}.tsv: gnuplot {0}.gp\n"
      "set encoding utf8\n"
      "set datafile separator tab\n"
      "do for [format in \"svg png\"] {{\n"
      "  if (format eq \"svg\") {{\n"
      "    set terminal svg size {1},{2} font \"sans-serif,14\" background rgb \"white\"\n"
      "  }} else {{\n"
      "    set terminal pngcairo size {3},{4} font \"sans-serif,14\" fontscale 1.5 linewidth 2 pointscale 2\n"
      "  }}\n"
      "  set output \"{0}.\".format\n"
      "{5}"
      "  unset output\n"
      "}}\n",
      figure.name, figure.width, figure.height, 2 * figure.width, 2 * figure.height, figure.commands);
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// Runs `gnuplot SCRIPT` in FOLDER without a shell. What went wrong, or nothing.
std::optional<std::string> run_gnuplot(const fs::path& folder, const std::string& script_name) {
  const fs::path log = folder / "gnuplot.log";
  FileActions actions;
  posix_spawn_file_actions_addchdir_np(actions.get(), folder.c_str());
  posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, "gnuplot.log", O_WRONLY | O_CREAT, 0644);
  std::string program = "gnuplot", argument = script_name;
  const std::array<char*, 3> arguments = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "gnuplot", actions.get(), nullptr, arguments.data(), environ);
  if (error == ENOENT) return "gnuplot is not installed (Debian: apt-get install gnuplot-nox)";
  if (error != 0) return fmt::format("gnuplot does not start: {}", std::strerror(error));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::nullopt;
  std::string message = runtime::read_file(log);
  std::replace(message.begin(), message.end(), '\n', ' ');
  return "gnuplot fails: " + message;
}

void warn_once(const std::string& message) {
  static std::string last;
  if (message != last) spdlog::warn("{}", message);
  last = message;
}

}  // namespace

void write_figure(const Figure& figure, const fs::path& folder) {
  fs::create_directories(folder);
  const std::string data = figure.name + ".tsv", commands = figure.name + ".gp";
  const std::array<std::string, 2> pictures = {figure.name + ".svg", figure.name + ".png"};
  for (const auto& picture : pictures) fs::remove(folder / picture);
  runtime::write_file(folder / data, figure.data);
  runtime::write_file(folder / commands, script(figure));

  const runtime::AtomicPath work(folder /
                                 (figure.name + ".drawing"));  // never committed: the pictures leave it
  fs::create_directory(work.partial());
  fs::copy_file(folder / data, work.partial() / data);
  fs::copy_file(folder / commands, work.partial() / commands);
  if (const auto problem = run_gnuplot(work.partial(), commands)) {
    warn_once(
        fmt::format("no pictures in {}: {}. Data and script are there; run gnuplot on the .gp files later.",
                    folder.string(), *problem));
    return;
  }
  for (const auto& picture : pictures)
    runtime::write_file(folder / picture, runtime::read_file(work.partial() / picture));
}

bool copy_figure(const std::string& name, const fs::path& from, const std::string& copy, const fs::path& to) {
  if (!fs::exists(from / (name + ".gp"))) return false;
  fs::create_directories(to);
  std::string commands = runtime::read_file(from / (name + ".gp"));
  for (auto at = commands.find(name); at != std::string::npos; at = commands.find(name, at + copy.size()))
    commands.replace(at, name.size(), copy);
  runtime::write_file(to / (copy + ".gp"), commands);
  for (const char* ending : {".tsv", ".svg", ".png"}) {
    fs::remove(to / (copy + ending));
    if (fs::exists(from / (name + ending)))
      runtime::write_file(to / (copy + ending), runtime::read_file(from / (name + ending)));
  }
  return true;
}

void remove_figure(const std::string& name, const fs::path& folder) {
  for (const char* ending : {".tsv", ".gp", ".svg", ".png"}) fs::remove(folder / (name + ending));
}

std::string gnuplot_string(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

}  // namespace chorale::figures
