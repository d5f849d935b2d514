// The house rules that a machine can check. Each gives one finding per breach, "path:line: what is
// wrong: how to mend it"; none when the rule is kept.

#ifndef ASC_TESTS_TIDY_HOUSE_RULES_H_
#define ASC_TESTS_TIDY_HOUSE_RULES_H_

#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace asc::tidy {

using Findings = std::vector<std::string>;

// A line of code has at most 100 characters. Option lines of protos and text of data files may run
// over, because they cannot be read better when broken.
Findings LongLines(const SourceTree& tree);
// A function has at most 70 lines, tests included.
Findings LongFunctions(const SourceTree& tree);
// A main.cc has at most 60 lines: flags and wiring.
Findings LongMains(const SourceTree& tree);
// No header includes a generated stub header: that costs each includer two seconds.
Findings StubsInHeaders(const SourceTree& tree);
// platform/ knows nothing of the domain.
Findings DomainWordsInPlatform(const SourceTree& tree);
// What a council wants is data: no council is named in code. Tests and what is in a folder
// "testing" may name one.
Findings CouncilNamesInCode(const SourceTree& tree);
// The conformance kit can be handed out: it includes contracts, gRPC, GoogleTest and itself. Its
// main may read flags with Abseil, and reference_test.cc starts our own services.
Findings ForeignIncludesInKit(const SourceTree& tree);
// Each flag of a main.cc is explained in the README beside it.
Findings UnexplainedFlags(const SourceTree& tree);
// No note to self: it is done now, or it is an issue.
Findings NotesToSelf(const SourceTree& tree);
// Every source, contract and schema file is named in the CMakeLists.txt of its folder or of one
// above it.
Findings FilesOutsideCMake(const SourceTree& tree);
// No path of the machine somebody works on.
Findings MachinePaths(const SourceTree& tree);

}  // namespace asc::tidy

#endif  // ASC_TESTS_TIDY_HOUSE_RULES_H_
