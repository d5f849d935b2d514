// The only two macros of the project.

#ifndef ASC_PLATFORM_STATUS_MACROS_H_
#define ASC_PLATFORM_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the function when `expression` is a status that is not OK.
#define ASC_TRY(expression) \
  if (absl::Status asc_status = (expression); !asc_status.ok()) return asc_status

// Declares `declaration` with the value of `expression`, or returns its status.
#define ASC_TRY_ASSIGN(declaration, expression) \
  ASC_TRY_ASSIGN_(ASC_CONCATENATE_(asc_or_, __LINE__), declaration, expression)
#define ASC_TRY_ASSIGN_(result, declaration, expression) \
  auto result = (expression);                            \
  if (!result.ok()) return std::move(result).status();   \
  declaration = *std::move(result)
#define ASC_CONCATENATE_(a, b) ASC_CONCATENATE_INNER_(a, b)
#define ASC_CONCATENATE_INNER_(a, b) a##b

#endif  // ASC_PLATFORM_STATUS_MACROS_H_
