// The entries of every authority in memory, with an inverted index over their words.
//
// Everything is built once and then only read, so it is thread-safe. docs/adr says why it is not
// in the database, and what changes when a directory outgrows memory.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_INDEX_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_INDEX_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "asc/directory/v1/directory.pb.h"
#include "directory-svc/directory_entries.h"

namespace asc::directory {

// Where an entry stands among the hits; smaller is better. In this order:
//   in a crisis: entries that answer at once, and among them those for a crisis;
//   how well the words fit: in its name, then its other names, its heading, organisation and
//   topics, then the rest of it; the more words, the better;
//   eligible before perhaps eligible;
//   then by name and id, so that the order is always the same.
struct Rank {
  std::string fit;
  std::string name;
  std::string service_id;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads a defaulted comparison.
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

struct Found {
  const v1::Service* service = nullptr;
  type::v1::Answer eligible = type::v1::ANSWER_UNKNOWN;
  Rank rank;
};

// The directory of one authority.
class AuthorityDirectory {
 public:
  AuthorityDirectory(std::vector<const v1::Service*> services,
                     const std::map<std::string, std::string>& topics);

  // Null when there is no such entry here.
  const v1::Service* Find(const std::string& service_id) const;

  // At most `limit` entries by name and id, after this place.
  std::vector<const v1::Service*> List(const v1::ListServicesRequest& filter,
                                       const std::string& after_name, const std::string& after_id,
                                       int limit) const;

  // Every published entry that meets every filter of the request and whose stated conditions the
  // person may meet, the best `limit` after `after`. Within one filter of several values one is
  // enough. The last word may be the beginning of one.
  std::vector<Found> Search(const v1::SearchServicesRequest& request,
                            const std::optional<Rank>& after, int limit) const;

 private:
  struct Indexed {
    const v1::Service* service;
    std::string name;
  };
  // Places in services_ with a weight or a sum of them, by place, each once.
  using Scores = std::vector<std::pair<std::uint32_t, int>>;

  void Index(std::uint32_t place, const std::map<std::string, std::string>& topics);
  void Put(std::uint32_t place, const std::string& text, int weight);
  Scores WithWord(const std::string& word, bool may_go_on) const;
  // Every entry with every word; all entries when there is no word.
  Scores WithWords(const std::string& words) const;

  // By name and id.
  std::vector<Indexed> services_;
  std::map<std::string, std::uint32_t> by_id_;
  // Word to the entries that hold it, with the weight of the best place it stands in.
  std::map<std::string, Scores> words_;
};

// The directories of all authorities.
class Directory {
 public:
  explicit Directory(Entries entries);
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  // Empty for an authority that shows nothing.
  const AuthorityDirectory& Of(const std::string& authority) const;

 private:
  Entries entries_;
  std::map<std::string, AuthorityDirectory> authorities_;
  AuthorityDirectory empty_;
};

// The name as lists are sorted by it.
std::string SortName(const v1::Service& service);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_INDEX_H_
