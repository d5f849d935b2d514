// Makes records in whatever service is judged, for cases that need some.

#ifndef ASC_TESTS_CONFORMANCE_RECORDS_H_
#define ASC_TESTS_CONFORMANCE_RECORDS_H_

#include <string>

namespace asc::conformance {

// Makes one record of the service's main type and gives its id; a failed call fails the case.
std::string MakeRecord();

// Makes one record and changes it at least once.
std::string MakeRecordOfSeveralVersions();

}  // namespace asc::conformance

#endif  // ASC_TESTS_CONFORMANCE_RECORDS_H_
