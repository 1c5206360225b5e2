# The house: one library per top folder, arrows pointing only to `pipeline`.
#
# A header is included by its path from the root ("pipeline/store/store.hpp"), but the root is on no include path.
# Each top folder has an include folder of its own under build/<preset>/arrows/<folder>, in which only that folder
# is visible, so a stage that includes another stage does not compile.

function(chorale_expose folder)
  set(view ${CMAKE_BINARY_DIR}/arrows/${folder})
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${view}/${folder} SYMBOLIC)
endfunction()

# chorale_library(<name> FOLDER <top folder> SOURCES <files> LINKS <targets>)
function(chorale_library name)
  cmake_parse_arguments(ARG "" "FOLDER" "SOURCES;LINKS" ${ARGN})
  chorale_expose(${ARG_FOLDER})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_BINARY_DIR}/arrows/${ARG_FOLDER})
  target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE chorale_warnings)
  foreach(link IN LISTS ARG_LINKS)
    if(link MATCHES "^chorale_(ingest|train|eval)$")
      message(FATAL_ERROR "${name} links ${link}: arrows point only to pipeline")
    endif()
  endforeach()
endfunction()

# chorale_use_torch_headers(<target>): takes the precompiled torch/torch.h of chorale_models, so that a file which
# includes it compiles in seconds. The target must link chorale_models.
function(chorale_use_torch_headers target)
  target_precompile_headers(${target} REUSE_FROM chorale_models)
endfunction()

# chorale_program(<name> SOURCES <files> LINKS <targets>): an executable in build/<preset>/bin.
function(chorale_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} chorale_warnings)
endfunction()

# chorale_test(<name> SOURCES <files> LINKS <targets> [RANKS <n>] [LABELS <labels>] [ARGS <arguments>])
# A GoogleTest executable; with RANKS it runs under mpirun and fails when it gets fewer ranks.
function(chorale_test name)
  cmake_parse_arguments(ARG "" "RANKS" "SOURCES;LINKS;LABELS;ARGS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} chorale_warnings GTest::gmock)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(ARG_RANKS)
    target_link_libraries(${name} PRIVATE chorale_test_mpi_main)
    set(command ${MPIEXEC_EXECUTABLE} -n ${ARG_RANKS} --oversubscribe $<TARGET_FILE:${name}>)
    list(APPEND ARG_LABELS mpi)
  else()
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
    set(command $<TARGET_FILE:${name}>)
  endif()
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  add_test(NAME ${name} COMMAND ${command} ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 300 PROCESSORS "$<IF:$<BOOL:${ARG_RANKS}>,2,1>"
    ENVIRONMENT "OMP_NUM_THREADS=1;OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1;CHORALE_EXPECT_RANKS=${ARG_RANKS};CHORALE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};CHORALE_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()
