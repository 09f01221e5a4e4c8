include(CTest)

# Same arguments and same installed layout as CTK's macro of this name. A script may be listed without its extension.
macro(ctkMacroCompilePythonScript)
  cmake_parse_arguments(MY "NO_INSTALL_SUBDIR" "TARGET_NAME;DESTINATION_DIR;INSTALL_DIR" "SCRIPTS;RESOURCES" ${ARGN})
  foreach(required TARGET_NAME SCRIPTS DESTINATION_DIR INSTALL_DIR)
    if(NOT DEFINED MY_${required})
      message(FATAL_ERROR "${required} is mandatory")
    endif()
  endforeach()

  set(install_dir ${MY_INSTALL_DIR})
  if(NOT MY_NO_INSTALL_SUBDIR)
    get_filename_component(subdir ${MY_DESTINATION_DIR} NAME)
    set(install_dir ${MY_INSTALL_DIR}/${subdir})
  endif()

  foreach(file ${MY_SCRIPTS} ${MY_RESOURCES})
    if(file IN_LIST MY_SCRIPTS AND NOT file MATCHES "\\.py$")
      set(file ${file}.py)
    endif()
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      message(FATAL_ERROR "${MY_TARGET_NAME} lists a file that does not exist: ${file}")
    endif()
    get_filename_component(subdir ${file} DIRECTORY)
    install(FILES ${file} DESTINATION ${install_dir}/${subdir})
  endforeach()
endmacro()

# Same arguments and same installed layout as Slicer's macro of this name; the generic tests need Slicer.
macro(slicerMacroBuildScriptedModule)
  cmake_parse_arguments(BUILD "WITH_GENERIC_TESTS;WITH_SUBDIR" "NAME" "SCRIPTS;RESOURCES" ${ARGN})
  ctkMacroCompilePythonScript(
    TARGET_NAME ${BUILD_NAME}
    SCRIPTS "${BUILD_SCRIPTS}"
    RESOURCES "${BUILD_RESOURCES}"
    DESTINATION_DIR ${CMAKE_BINARY_DIR}/${Slicer_QTSCRIPTEDMODULES_LIB_DIR}
    INSTALL_DIR ${Slicer_INSTALL_QTSCRIPTEDMODULES_LIB_DIR}
    NO_INSTALL_SUBDIR
    )
endmacro()

# The test runs in Slicer; here only its script has to be there.
function(slicer_add_python_unittest)
  cmake_parse_arguments(MY "" "SCRIPT" "" ${ARGN})
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${MY_SCRIPT})
    message(FATAL_ERROR "there is no script ${MY_SCRIPT} to test")
  endif()
endfunction()
