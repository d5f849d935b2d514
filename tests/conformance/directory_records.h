// Makes records of advice and walks the directory, for cases that need some.

#ifndef ASC_TESTS_CONFORMANCE_DIRECTORY_RECORDS_H_
#define ASC_TESTS_CONFORMANCE_DIRECTORY_RECORDS_H_

#include <vector>

#include "asc/directory/v1/directory.pb.h"

namespace asc::conformance {

// Advice to somebody new, with a follow-up in a week that was agreed.
directory::v1::RecordAdviceGivenRequest PlainAdvice();

// Records it; a failed call fails the case.
directory::v1::Advice RecordAdvice(const directory::v1::RecordAdviceGivenRequest& request);

// A follow-up of `advice` in which nobody was reached.
directory::v1::RecordFollowUpRequest MissedFollowUp(const directory::v1::Advice& advice);

// Advice that was recorded, and its follow-up missed: version 2.
directory::v1::Advice MissedAdvice();

// Every hit, page by page; a failed call fails the case.
std::vector<directory::v1::Hit> AllHits(directory::v1::SearchServicesRequest request);

// Every entry, page by page.
std::vector<directory::v1::Service> AllServices();

// A search of the authority judged, without any filter.
directory::v1::SearchServicesRequest PlainSearch();

}  // namespace asc::conformance

#endif  // ASC_TESTS_CONFORMANCE_DIRECTORY_RECORDS_H_
