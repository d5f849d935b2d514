// The mutants, and whether they fit the contracts and the catalogue of cases.

#ifndef ASC_TESTS_MUTANTS_MUTANT_TABLE_H_
#define ASC_TESTS_MUTANTS_MUTANT_TABLE_H_

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/mutants/mutant.pb.h"

namespace asc::tests::mutants {

// The mutants of tests/mutants/NAME.textproto, each with its authority filled in. NAME is a
// service, or "every" for the cases that each service has to meet. INVALID_ARGUMENT names what is
// wrong with a row: a method, path or value that the contracts do not have.
absl::StatusOr<std::vector<Mutant>> LoadMutants(const std::string& name);

// The ids of CASES.md, in its order.
std::vector<std::string> CataloguedCases();

// The code of a name such as "NOT_FOUND"; -1 when there is none.
grpc::StatusCode CodeNamed(const std::string& name);

}  // namespace asc::tests::mutants

#endif  // ASC_TESTS_MUTANTS_MUTANT_TABLE_H_
