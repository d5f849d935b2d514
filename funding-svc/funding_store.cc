#include "funding-svc/funding_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "schema/funding_store.h"

namespace asc::funding {

std::vector<db::Migration> FundingSchema() { return schema::funding_store(); }

absl::StatusOr<std::optional<v1::FundingRequest>> FundingStore::FindRequest(
    db::Reader& reader, const std::string& authority, const std::string& request_id) const {
  return db::OpenedOne<v1::FundingRequest>(reader.QueryOne(
      "SELECT payload FROM funding_request WHERE authority = ? AND funding_request_id = ?",
      {authority, request_id}));
}

void FundingStore::AddRequest(const std::string& authority, const v1::FundingRequest& request,
                              db::WriteSet& writes) const {
  writes.Insert(
      "INSERT INTO funding_request (authority, funding_request_id, version, state, person_id,"
      " contact_id, created_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {authority, request.funding_request_id(), request.version(), std::int64_t{request.state()},
       request.person().person_id(), request.contact_id(),
       google::protobuf::util::TimeUtil::TimestampToMicroseconds(request.created_at()),
       db::Sealed(request)});
}

void FundingStore::ChangeRequest(const std::string& authority, const v1::FundingRequest& request,
                                 db::WriteSet& writes) const {
  writes.Update(
      "UPDATE funding_request SET version = ?, state = ?, person_id = ?, payload = ?"
      " WHERE authority = ? AND funding_request_id = ? AND version = ?",
      {request.version(), std::int64_t{request.state()}, request.person().person_id(),
       db::Sealed(request), authority, request.funding_request_id(), request.version() - 1});
}

}  // namespace asc::funding
