# cmake -DSOURCE=<folder> -DFILE=<file> -P write_commit.cmake: writes which commit of the source this is, as a C++ file,
# when it has changed. "+" stands for changes that are not committed; "unknown" for a source that is no git checkout.
execute_process(COMMAND git -C ${SOURCE} describe --always --abbrev=12 --exclude=* --dirty=+
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  set(commit unknown)
endif()
file(WRITE ${FILE}.new "#include \"train/stage/commit.hpp\"\n\nnamespace chorale::train {\n\n"
                       "const char* const kCommit = \"${commit}\";\n\n}  // namespace chorale::train\n")
file(COPY_FILE ${FILE}.new ${FILE} ONLY_IF_DIFFERENT)
