# How our own code is compiled: warnings are errors, sanitizers by preset, ccache where it is installed.

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers carry time stamps that would otherwise miss the cache, and every clone a path of its own.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O3 -g1 -DNDEBUG" CACHE STRING "" FORCE)

# The same bits on every machine: no fused multiply-add where one has it. errno is never asked about a square root.
add_compile_options(-ffp-contract=off -fno-math-errno)

set(CHORALE_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
if(CHORALE_SANITIZE)
  # -O1: -O3 compiles twice as long under a sanitizer.
  add_compile_options(-O1 -fsanitize=${CHORALE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CHORALE_SANITIZE})
endif()

add_library(chorale_warnings INTERFACE)
# -Wrestrict has false positives on std::string in GCC 12 (gcc.gnu.org/PR105651).
target_compile_options(chorale_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(CHORALE_SANITIZE)
  # So has -Wmaybe-uninitialized on std::regex under AddressSanitizer (gcc.gnu.org/PR105562).
  target_compile_options(chorale_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
