# LibTorch as the target chorale_torch: from the pip wheel in build/venv (with CHORALE_CUDA: build/venv-cuda), or from
# the folder CHORALE_TORCH (site-packages/torch of a Python environment, or an unpacked libtorch). Its own CMake package
# is not used: that of a CUDA wheel asks for a full CUDA toolkit even of a program that runs on the CPU only.

option(CHORALE_CUDA "Use NVIDIA GPUs: needs a LibTorch with CUDA" OFF)
set(CHORALE_TORCH "" CACHE PATH "Folder of LibTorch: .../site-packages/torch or an unpacked libtorch")
if(NOT CHORALE_TORCH AND DEFINED ENV{CHORALE_TORCH})
  set(CHORALE_TORCH $ENV{CHORALE_TORCH} CACHE PATH "" FORCE)
endif()
if(CHORALE_TORCH)
  set(torch_folder ${CHORALE_TORCH})
elseif(CHORALE_CUDA)
  file(GLOB torch_folder ${CMAKE_SOURCE_DIR}/build/venv-cuda/lib/python3*/site-packages/torch)
else()
  file(GLOB torch_folder ${CMAKE_SOURCE_DIR}/build/venv/lib/python3*/site-packages/torch)
endif()
if(NOT EXISTS "${torch_folder}/include/torch/csrc/api/include/torch/torch.h")
  message(FATAL_ERROR "LibTorch not found in '${torch_folder}'. Run ./run setup (./run build cuda for GPUs), or point "
                      "CHORALE_TORCH at the folder site-packages/torch of a Python environment or at an unpacked "
                      "libtorch.")
endif()

# The wheel carries headers of another fmt than the one spdlog is built with, whose own must be found first.
get_target_property(fmt_include fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/arrows/fmt)
file(CREATE_LINK ${fmt_include}/fmt ${CMAKE_BINARY_DIR}/arrows/fmt/fmt SYMBOLIC)

add_library(chorale_torch INTERFACE)
target_include_directories(chorale_torch SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/arrows/fmt
  ${torch_folder}/include ${torch_folder}/include/torch/csrc/api/include)
foreach(library torch torch_cpu c10)
  find_library(CHORALE_LIB_${library} ${library} PATHS ${torch_folder}/lib NO_DEFAULT_PATH REQUIRED)
  target_link_libraries(chorale_torch INTERFACE ${CHORALE_LIB_${library}})
endforeach()

# at::parallel_for lives in a header and runs on one thread in code that is compiled without OpenMP. Its threads must be
# those of LibTorch: a second OpenMP runtime would bring threads of its own, and a number of them that nobody set.
target_compile_options(chorale_torch INTERFACE -fopenmp)
file(GLOB torch_openmp ${torch_folder}/lib/libgomp*.so* ${torch_folder}/../torch.libs/libgomp*.so*)
if(torch_openmp)
  list(GET torch_openmp 0 torch_openmp)
  target_link_libraries(chorale_torch INTERFACE ${torch_openmp})
else()
  message(WARNING "No libgomp beside the LibTorch in '${torch_folder}': the system's is used. Where that LibTorch has "
                  "another OpenMP (libiomp5, libomp), kernels run with threads of their own.")
  target_link_libraries(chorale_torch INTERFACE gomp)
endif()

# A CUDA wheel's libtorch_cpu needs libraries of the nvidia wheels beside it.
get_filename_component(nvidia_folder ${torch_folder}/../nvidia ABSOLUTE)
file(GLOB_RECURSE nvidia_libraries ${nvidia_folder}/*.so.*)
foreach(library IN LISTS nvidia_libraries)
  get_filename_component(folder ${library} DIRECTORY)
  list(APPEND nvidia_folders ${folder})
endforeach()
list(REMOVE_DUPLICATES nvidia_folders)
foreach(folder IN LISTS nvidia_folders)
  target_link_options(chorale_torch INTERFACE -Wl,-rpath,${folder} -Wl,-rpath-link,${folder})
endforeach()

if(CHORALE_CUDA)
  include(ChoraleCuda)
endif()
