// No MUST without a case, no case without a MUST: the ids in contracts, kit and catalogue agree.

#ifndef ASC_TESTS_TIDY_CASE_RULES_H_
#define ASC_TESTS_TIDY_CASE_RULES_H_

#include "tests/tidy/house_rules.h"

namespace asc::tidy {

// Every case id stands once in the contracts.
Findings RepeatedCaseIds(const SourceTree& tree);
// Every sentence of a contract with MUST carries a case id.
Findings SentencesWithoutCaseId(const SourceTree& tree);
// Every id of the contracts has one case in the kit, named after it, unless not_yet_served covers
// it; and every case has its id in the contracts.
Findings UnmatchedCases(const SourceTree& tree);
// Every case has its row in CASES.md, and every row its case.
Findings UncataloguedCases(const SourceTree& tree);
// Every line of not_yet_served covers an id that has no case, and its count is right, so that the
// list can only be changed on purpose.
Findings StaleNotYetServed(const SourceTree& tree);

}  // namespace asc::tidy

#endif  // ASC_TESTS_TIDY_CASE_RULES_H_
