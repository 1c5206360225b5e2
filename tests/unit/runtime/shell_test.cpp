#include "pipeline/runtime/shell.hpp"

#include <gtest/gtest.h>
#include <stdio.h>

namespace chorale::runtime {
namespace {

// What a shell makes of a word, by printf.
std::string as_read_by_a_shell(const std::string& word) {
  FILE* pipe = ::popen(("printf %s " + word).c_str(), "r");
  std::string text;
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  ::pclose(pipe);
  return text;
}

TEST(ShellWord, IsReadBackByAShell) {
  for (const std::string text :
       {"runs/a", "it's", "a b", "$HOME `x` \"y\" \\", "*;&|<>(){}[]!#~?", "\n\t", "ä", "''"})
    EXPECT_EQ(as_read_by_a_shell(shell_word(text)), text);
  EXPECT_EQ(shell_word(""), "''");
}

TEST(ShellWord, IsLeftAloneWhereAShellDoes) {
  EXPECT_EQ(shell_word("runs/a_b-1.5/config.toml"), "runs/a_b-1.5/config.toml");
  EXPECT_EQ(shell_word("train.lr=3e-4"), "train.lr=3e-4");
}

}  // namespace
}  // namespace chorale::runtime
