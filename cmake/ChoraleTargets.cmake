# The house: one library per top folder, arrows pointing only to `pipeline`; `sweep` alone stands above the stages.
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
    if(link MATCHES "^chorale_(ingest|train|eval|sweep)$" AND NOT link STREQUAL chorale_${ARG_FOLDER}
       AND NOT ARG_FOLDER STREQUAL sweep)
      message(FATAL_ERROR "${name} links ${link}: arrows point only to pipeline")
    endif()
  endforeach()
endfunction()

# chorale_use_torch_headers(<target>): takes the precompiled torch/torch.h of chorale_kernels, so that a file which
# includes it compiles in seconds. The target must link chorale_kernels.
function(chorale_use_torch_headers target)
  target_precompile_headers(${target} REUSE_FROM chorale_kernels)
endfunction()

# chorale_program(<name> SOURCES <files> LINKS <targets>): an executable in build/<preset>/bin.
add_custom_target(programs)
function(chorale_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} chorale_warnings)
  add_dependencies(programs ${name})
endfunction()

# chorale_test(<name> SOURCES <files> LINKS <targets> [RANKS <n> ...] [LABELS <labels>] [ARGS <arguments>])
# A GoogleTest executable. With RANKS it runs under mpirun, as one test <name>_<n> for each number, and fails when it
# gets fewer ranks. Without LABELS its label is unit (mpi with RANKS); torch beside it where it links LibTorch or
# XGBoost, whose threads ThreadSanitizer does not know.
function(chorale_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;RANKS;LABELS;ARGS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} chorale_warnings GTest::gmock)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

  set(labels ${ARG_LABELS})
  if(ARG_RANKS)
    list(APPEND labels mpi)
  elseif(NOT labels)
    set(labels unit)
    add_dependencies(unit_tests ${name})
  endif()
  if(ARG_LINKS MATCHES "chorale_(torch|kernels|models|train|baselines)")
    list(APPEND labels torch)
  elseif(labels STREQUAL "unit")
    add_dependencies(unit_tests_without_torch ${name})
  endif()
  set(environment OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
      CHORALE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY} CHORALE_SOURCE=${CMAKE_SOURCE_DIR})

  if(NOT ARG_RANKS)
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS})
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT 300 ENVIRONMENT "${environment}")
    return()
  endif()
  target_link_libraries(${name} PRIVATE chorale_test_mpi_main)
  foreach(ranks IN LISTS ARG_RANKS)
    add_test(NAME ${name}_${ranks}
             COMMAND ${MPIEXEC_EXECUTABLE} -n ${ranks} --oversubscribe $<TARGET_FILE:${name}>)
    set_tests_properties(${name}_${ranks} PROPERTIES LABELS "${labels}" TIMEOUT 300 PROCESSORS 2
      ENVIRONMENT "${environment};CHORALE_EXPECT_RANKS=${ranks}")
  endforeach()
endfunction()

# chorale_test_alone(<name>): a test with RANKS once more, as a process that no launcher has started.
function(chorale_test_alone name)
  add_test(NAME ${name}_alone COMMAND ${name})
  set_tests_properties(${name}_alone PROPERTIES LABELS mpi TIMEOUT 300 ENVIRONMENT CHORALE_EXPECT_RANKS=1)
endfunction()

# chorale_gpu_test(<name> SOURCES <files> LINKS <targets> [ONE_RANK_A_GPU]): a GoogleTest executable that needs GPUs. It
# runs alone on one GPU, or under mpirun with one rank for each. chorale_gpu_script_test(<name> <script>): the same of a
# Python script as for chorale_script_test. Where there is no GPU, ctest lists them as skipped, with the reason; builds
# without CUDA have one such test that speaks for all.
function(chorale_gpu_test name)
  cmake_parse_arguments(ARG "ONE_RANK_A_GPU" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} chorale_test_mpi_main chorale_warnings GTest::gmock)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_dependencies(gpu_tests ${name})
  set(launcher alone)
  if(ARG_ONE_RANK_A_GPU)
    set(launcher ${MPIEXEC_EXECUTABLE})
  endif()
  chorale_add_gpu_test(${name} ${launcher} $<TARGET_FILE:${name}>)
endfunction()

function(chorale_gpu_script_test name script)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  chorale_add_gpu_test(${name} alone ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/${script})
endfunction()

function(chorale_add_gpu_test name)
  add_test(NAME ${name} COMMAND sh ${CMAKE_SOURCE_DIR}/tests/gpu/with_gpus.sh $<TARGET_FILE:gpu_count> ${ARGN})
  set(environment OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 CHORALE_TEST_DEVICE=cuda:0
      CHORALE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY} CHORALE_SOURCE=${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS gpu TIMEOUT 600 RUN_SERIAL TRUE SKIP_RETURN_CODE 77
                       ENVIRONMENT "${environment}")
endfunction()

# chorale_script_test(<name> <script> <label>): programs run as a user runs them, by a Python script (standard library
# only) in the folder that calls this. It gets CHORALE_BIN and CHORALE_SOURCE.
function(chorale_script_test name script label)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 600 PROCESSORS 2
    ENVIRONMENT "CHORALE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};CHORALE_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()
