#include "tests/tidy/source_tree.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace asc::tidy {
namespace {

// Built, installed or made by a run; nobody writes in there.
bool IsForeignFolder(const std::string& name) {
  static const std::set<std::string> foreign = {".git", "build", "run", "node_modules", ".cache"};
  return foreign.count(name) > 0;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

SourceTree ReadSourceTree(const std::string& root) {
  SourceTree tree;
  std::filesystem::recursive_directory_iterator entry(root);
  for (const auto end = std::filesystem::end(entry); entry != end; ++entry) {
    if (entry->is_directory() && IsForeignFolder(entry->path().filename().string())) {
      entry.disable_recursion_pending();
      continue;
    }
    // In a second work tree .git is a file.
    const std::string name = entry->path().filename().string();
    if (!entry->is_regular_file() || name == ".git" || EndsWith(name, ".binpb")) continue;
    std::string text = ReadFile(entry->path());
    if (text.find('\0') != std::string::npos) continue;
    tree[std::filesystem::relative(entry->path(), root).generic_string()] = std::move(text);
  }
  return tree;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool StartsWith(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string ExtensionOf(const std::string& path) {
  return std::filesystem::path(path).extension().string();
}

std::string FolderOf(const std::string& path) {
  return std::filesystem::path(path).parent_path().generic_string();
}

std::string NameOf(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

}  // namespace asc::tidy
