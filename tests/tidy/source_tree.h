// The files of the project as text, for rules that read them.

#ifndef ASC_TESTS_TIDY_SOURCE_TREE_H_
#define ASC_TESTS_TIDY_SOURCE_TREE_H_

#include <map>
#include <string>
#include <vector>

namespace asc::tidy {

// Path from the root, with '/', to content.
using SourceTree = std::map<std::string, std::string>;

// Every text file below `root` that belongs to the project: not what is built, installed or run.
SourceTree ReadSourceTree(const std::string& root);

std::vector<std::string> LinesOf(const std::string& text);

bool StartsWith(const std::string& text, const std::string& start);
bool EndsWith(const std::string& text, const std::string& end);
// ".cc" of "a/b.cc"; empty for "scripts/demo".
std::string ExtensionOf(const std::string& path);
// "a" of "a/b.cc"; empty for a file of the root.
std::string FolderOf(const std::string& path);
std::string NameOf(const std::string& path);

}  // namespace asc::tidy

#endif  // ASC_TESTS_TIDY_SOURCE_TREE_H_
