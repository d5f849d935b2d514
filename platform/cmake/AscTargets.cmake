# The four functions every list file uses. Messages and RPC stubs are two targets with two include
# folders, so a rules library that links only the messages cannot include a stub header.

set(ASC_GOOGLEAPIS "/usr/share/gocode/src/github.com/gogo/googleapis"
    CACHE PATH "Folder of google/api and google/rpc (golang-github-gogo-googleapis-dev)")

add_library(asc_warnings INTERFACE)
# Designated initialisers that leave the rest at its default are what we want.
target_compile_options(asc_warnings INTERFACE -Wall -Wextra -Werror -Wno-missing-field-initializers)
# Counts what is executed of our own code; generated code is left alone. Needs clang.
option(ASC_COVERAGE "count executed branches for scripts/coverage" OFF)
if(ASC_COVERAGE)
  target_compile_options(asc_warnings INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(asc_warnings INTERFACE -fprofile-instr-generate)
endif()

# asc_proto_library(NAME counter ROOT dir PROTOS a.proto [RPC] [DEPS asc::type_messages])
# makes asc::<name>_messages and, with RPC, asc::<name>_rpc.
function(asc_proto_library)
  cmake_parse_arguments(P "RPC" "NAME;ROOT" "PROTOS;DEPS" ${ARGN})
  if(NOT P_ROOT)
    set(P_ROOT ${PROJECT_SOURCE_DIR}/protos)
  endif()
  set(messages_dir ${PROJECT_BINARY_DIR}/generated/messages)
  set(rpc_dir ${PROJECT_BINARY_DIR}/generated/rpc)
  file(MAKE_DIRECTORY ${messages_dir} ${rpc_dir})
  set(import -I ${P_ROOT} -I ${PROJECT_SOURCE_DIR}/protos -I ${ASC_GOOGLEAPIS} -I /usr/include)
  foreach(proto ${P_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    add_custom_command(
      OUTPUT ${messages_dir}/${stem}.pb.cc ${messages_dir}/${stem}.pb.h
      COMMAND protobuf::protoc ${import} --cpp_out=${messages_dir} ${P_ROOT}/${proto}
      DEPENDS ${P_ROOT}/${proto} VERBATIM)
    list(APPEND message_sources ${messages_dir}/${stem}.pb.cc)
    if(P_RPC)
      add_custom_command(
        OUTPUT ${rpc_dir}/${stem}.grpc.pb.cc ${rpc_dir}/${stem}.grpc.pb.h
        COMMAND protobuf::protoc ${import} --grpc_out=${rpc_dir}
                --plugin=protoc-gen-grpc=${ASC_GRPC_CPP_PLUGIN} ${P_ROOT}/${proto}
        DEPENDS ${P_ROOT}/${proto} VERBATIM)
      list(APPEND rpc_sources ${rpc_dir}/${stem}.grpc.pb.cc)
    endif()
  endforeach()
  add_library(${P_NAME}_messages STATIC ${message_sources})
  add_library(asc::${P_NAME}_messages ALIAS ${P_NAME}_messages)
  target_include_directories(${P_NAME}_messages SYSTEM PUBLIC ${messages_dir})
  target_compile_options(${P_NAME}_messages PRIVATE -w)
  target_link_libraries(${P_NAME}_messages PUBLIC protobuf::libprotobuf ${P_DEPS})
  if(P_RPC)
    add_library(${P_NAME}_rpc STATIC ${rpc_sources})
    add_library(asc::${P_NAME}_rpc ALIAS ${P_NAME}_rpc)
    target_include_directories(${P_NAME}_rpc SYSTEM PUBLIC ${rpc_dir})
    target_compile_options(${P_NAME}_rpc PRIVATE -w)
    target_link_libraries(${P_NAME}_rpc PUBLIC asc::${P_NAME}_messages gRPC::grpc++)
  endif()
endfunction()

# asc_library(NAME counter_rules SRCS a.cc [SCHEMA schema/0001_x.sql] [DEPS …]) makes asc::<name>.
# SCHEMA files are compiled in as `asc::schema::<name>()`, declared in "schema/<name>.h".
# A library without SRCS is header-only.
function(asc_library)
  cmake_parse_arguments(P "OBJECT" "NAME" "SRCS;SCHEMA;DEPS" ${ARGN})
  if(P_SCHEMA)
    set(schema_dir ${PROJECT_BINARY_DIR}/generated/schema_${P_NAME})
    set(schema_files "")
    foreach(file ${P_SCHEMA})
      list(APPEND schema_files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    endforeach()
    add_custom_command(
      OUTPUT ${schema_dir}/schema/${P_NAME}.h
      COMMAND ${CMAKE_COMMAND} -DNAME=${P_NAME} "-DFILES=${schema_files}"
              -DOUT=${schema_dir}/schema/${P_NAME}.h
              -P ${PROJECT_SOURCE_DIR}/platform/cmake/EmbedSchema.cmake
      DEPENDS ${schema_files} ${PROJECT_SOURCE_DIR}/platform/cmake/EmbedSchema.cmake VERBATIM)
    list(APPEND P_SRCS ${schema_dir}/schema/${P_NAME}.h)
  endif()
  if(P_SRCS)
    if(P_OBJECT)
      add_library(${P_NAME} OBJECT ${P_SRCS})
    else()
      add_library(${P_NAME} STATIC ${P_SRCS})
    endif()
    target_include_directories(${P_NAME} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${P_NAME} PUBLIC ${P_DEPS} PRIVATE asc_warnings)
    if(P_SCHEMA)
      target_include_directories(${P_NAME} PRIVATE ${schema_dir})
    endif()
  else()
    add_library(${P_NAME} INTERFACE)
    target_include_directories(${P_NAME} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${P_NAME} INTERFACE ${P_DEPS})
  endif()
  add_library(asc::${P_NAME} ALIAS ${P_NAME})
endfunction()

# asc_binary(NAME counter-svc SRCS main.cc DEPS …)
function(asc_binary)
  cmake_parse_arguments(P "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${P_NAME} ${P_SRCS})
  target_include_directories(${P_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${P_NAME} PRIVATE ${P_DEPS} asc_warnings)
  set_target_properties(${P_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# asc_test(NAME counter_test SRCS … DEPS … LABELS unit [TIMEOUT seconds] [SERIAL] [WHOLE])
# One executable; every case is listed in ctest. Tests run with the source tree as working folder.
# WHOLE: one entry for the whole executable, for tests that start a server once per process.
function(asc_test)
  cmake_parse_arguments(P "SERIAL;WHOLE" "NAME;TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  if(NOT P_TIMEOUT)
    set(P_TIMEOUT 120)
  endif()
  add_executable(${P_NAME} ${P_SRCS})
  target_include_directories(${P_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${P_NAME} PRIVATE ${P_DEPS} asc_warnings GTest::gmock GTest::gtest_main)
  set_target_properties(${P_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  set(serial "")
  if(P_SERIAL)
    set(serial RUN_SERIAL TRUE)
  endif()
  if(P_WHOLE)
    add_test(NAME ${P_NAME} COMMAND ${P_NAME} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${P_NAME} PROPERTIES LABELS "${P_LABELS}" TIMEOUT ${P_TIMEOUT} ${serial}
      ENVIRONMENT "ASC_BINARY_DIR=${PROJECT_BINARY_DIR}")
    return()
  endif()
  gtest_discover_tests(${P_NAME} NO_PRETTY_VALUES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DISCOVERY_TIMEOUT 60 DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS "${P_LABELS}" TIMEOUT ${P_TIMEOUT} ${serial}
    ENVIRONMENT "ASC_BINARY_DIR=${PROJECT_BINARY_DIR}")
endfunction()
