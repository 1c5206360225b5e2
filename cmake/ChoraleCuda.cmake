# CUDA and NCCL as the target chorale_cuda, for the few files that call them: headers and libraries of the nvidia wheels
# that a CUDA wheel of torch brings, so that neither a toolkit nor a driver is needed to build. What the wheels lack is
# looked for in the toolkit (CUDA_HOME, NCCL_HOME or the system's folders). The GPU code of LibTorch itself must be
# loaded by every program, though none calls it by name.

find_library(CHORALE_LIB_torch_cuda torch_cuda PATHS ${torch_folder}/lib NO_DEFAULT_PATH)
if(NOT CHORALE_LIB_torch_cuda)
  message(FATAL_ERROR "The LibTorch in ${torch_folder} is for CPUs only. Unset CHORALE_TORCH and run ./run build cuda, "
                      "which gets one with CUDA, or point CHORALE_TORCH at one.")
endif()
find_library(CHORALE_LIB_c10_cuda c10_cuda PATHS ${torch_folder}/lib NO_DEFAULT_PATH REQUIRED)
target_link_options(chorale_torch INTERFACE -Wl,--no-as-needed)
target_link_libraries(chorale_torch INTERFACE ${CHORALE_LIB_torch_cuda} ${CHORALE_LIB_c10_cuda})

file(GLOB toolkit_of_wheels ${nvidia_folder}/cu[0-9]*)
set(from_wheels_or_toolkit HINTS ${toolkit_of_wheels} ${nvidia_folder}/nccl ENV CUDA_HOME ENV NCCL_HOME
    PATHS /usr/local/cuda PATH_SUFFIXES include lib lib64)
find_path(CHORALE_CUDA_INCLUDE cuda_runtime_api.h ${from_wheels_or_toolkit})
find_path(CHORALE_CUDA_CRT_INCLUDE crt/host_defines.h ${from_wheels_or_toolkit})
find_path(CHORALE_CUDA_CCCL_INCLUDE nv/target ${from_wheels_or_toolkit} include/cccl)
find_path(CHORALE_NCCL_INCLUDE nccl.h ${from_wheels_or_toolkit})
find_library(CHORALE_LIB_cudart NAMES libcudart.so.13 libcudart.so.12 cudart ${from_wheels_or_toolkit})
find_library(CHORALE_LIB_nccl NAMES libnccl.so.2 nccl ${from_wheels_or_toolkit})
set(headers CHORALE_CUDA_INCLUDE CHORALE_CUDA_CRT_INCLUDE CHORALE_CUDA_CCCL_INCLUDE CHORALE_NCCL_INCLUDE)
foreach(part IN LISTS headers ITEMS CHORALE_LIB_cudart CHORALE_LIB_nccl)
  if(NOT ${part})
    message(FATAL_ERROR "${part}: neither in the nvidia wheels (${nvidia_folder}) nor in a CUDA toolkit. ./run build "
                        "cuda gets the wheels; elsewhere set CUDA_HOME and NCCL_HOME, or install the wheels "
                        "nvidia-cuda-crt and nvidia-cuda-cccl of the same CUDA version.")
  endif()
endforeach()

add_library(chorale_cuda INTERFACE)
foreach(folder IN LISTS headers)
  target_include_directories(chorale_cuda SYSTEM INTERFACE ${${folder}})
endforeach()
target_link_libraries(chorale_cuda INTERFACE ${CHORALE_LIB_cudart} ${CHORALE_LIB_nccl})
