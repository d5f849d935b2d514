// The one way lists are paged: opaque tokens bound to the request's filter.

#ifndef ASC_PLATFORM_RPC_PAGING_H_
#define ASC_PLATFORM_RPC_PAGING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace asc::rpc {

// A page of a busy team's list is still one screenful of JSON.
inline constexpr int kPageSizeDefault = 50;
inline constexpr int kPageSizeMax = 200;

struct Page {
  // Rows to read: the size asked for, defaulted and capped.
  int size = kPageSizeDefault;
  // The sort key of the last row already given, as PageToken got it; empty: from the start.
  std::vector<std::string> after;
};

// Reads `page_size` and `page_token` of a list request. INVALID_ARGUMENT names the field when the
// size is negative, or the token was not made here or belongs to a different filter (every other
// field of the request, authority included, is the filter).
absl::StatusOr<Page> ReadPage(const google::protobuf::Message& request);

// The token that continues `request` after the row with this sort key.
std::string PageToken(const google::protobuf::Message& request,
                      const std::vector<std::string>& last_sort_key);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_PAGING_H_
