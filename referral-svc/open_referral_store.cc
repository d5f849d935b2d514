#include "referral-svc/open_referral_store.h"

#include <set>

#include "platform/status/macros.h"

namespace asc::referral {
namespace {

using Rows = absl::StatusOr<std::vector<db::Row>>;

// Statuses of referrals that are open come before those that are final.
constexpr std::int64_t kFirstFinal = v1::REFERRAL_STATUS_COMPLETED;

// The plus signs are for SQLite: without statistics it takes a range of statuses, or the order, for
// a better way in than one person's index, and looks at every referral of the authority.
Rows RowsByPerson(db::Reader& reader, const std::string& authority, const std::string& person_id,
                  const OpenFilter& filter) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.person_id = ? AND +r.status < ? AND (? = 0 OR r.purpose = ?)"
      " AND (? = 0 OR r.subject = ?) ORDER BY +r.opened_at, +r.referral_id LIMIT ?",
      {authority, person_id, kFirstFinal, std::int64_t{filter.purpose},
       std::int64_t{filter.purpose}, std::int64_t{filter.subject}, std::int64_t{filter.subject},
       std::int64_t{kOpenReferralsMax}});
}

Rows RowsByNhsNumber(db::Reader& reader, const std::string& authority, const std::string& index,
                     const OpenFilter& filter) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.nhs_index = ? AND +r.status < ? AND (? = 0 OR r.purpose = ?)"
      " AND (? = 0 OR r.subject = ?) ORDER BY +r.opened_at, +r.referral_id LIMIT ?",
      {authority, index, kFirstFinal, std::int64_t{filter.purpose}, std::int64_t{filter.purpose},
       std::int64_t{filter.subject}, std::int64_t{filter.subject},
       std::int64_t{kOpenReferralsMax}});
}

Rows RowsByIdentity(db::Reader& reader, const std::string& authority, const std::string& index,
                    const OpenFilter& filter) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.identity_index = ? AND +r.status < ?"
      " AND (? = 0 OR r.purpose = ?) AND (? = 0 OR r.subject = ?)"
      " ORDER BY +r.opened_at, +r.referral_id LIMIT ?",
      {authority, index, kFirstFinal, std::int64_t{filter.purpose}, std::int64_t{filter.purpose},
       std::int64_t{filter.subject}, std::int64_t{filter.subject},
       std::int64_t{kOpenReferralsMax}});
}

}  // namespace

absl::StatusOr<std::vector<v1::ReferralSummary>> FindOpenReferrals(db::Reader& reader,
                                                                   const Recognition& recognition,
                                                                   const std::string& authority,
                                                                   const OpenFilter& filter) {
  std::vector<v1::ReferralSummary> found;
  std::set<std::string> seen;
  const auto take = [&](const std::vector<db::Row>& rows) {
    for (const db::Row& row : rows) {
      v1::ReferralSummary summary = SummaryOfRow(row);
      if (seen.insert(summary.referral_id()).second) found.push_back(std::move(summary));
    }
  };
  if (!recognition.person_id.empty()) {
    ASC_TRY_ASSIGN(const Person person, PersonOf(reader, authority, recognition.person_id));
    for (const std::string& reference : person.references) {
      ASC_TRY_ASSIGN(const auto rows, RowsByPerson(reader, authority, reference, filter));
      take(rows);
    }
  }
  if (recognition.nhs_index.has_value()) {
    ASC_TRY_ASSIGN(const auto rows,
                   RowsByNhsNumber(reader, authority, *recognition.nhs_index, filter));
    take(rows);
  }
  if (recognition.identity_index.has_value()) {
    ASC_TRY_ASSIGN(const auto rows,
                   RowsByIdentity(reader, authority, *recognition.identity_index, filter));
    take(rows);
  }
  if (found.size() > kOpenReferralsMax) found.resize(kOpenReferralsMax);
  return found;
}

absl::StatusOr<std::vector<std::string>> HoldersOfClaims(db::Reader& reader,
                                                         const std::string& authority,
                                                         const OpenFilter& filter,
                                                         const std::vector<std::string>& claims) {
  std::vector<std::string> holders;
  for (const std::string& claim : claims) {
    ASC_TRY_ASSIGN(const auto row,
                   reader.QueryOne("SELECT referral_id FROM open_referral WHERE authority = ?"
                                   " AND claim = ? AND purpose = ? AND subject = ?",
                                   {authority, claim, std::int64_t{filter.purpose},
                                    std::int64_t{filter.subject}}));
    holders.push_back(row.has_value() ? row->Text(0) : "");
  }
  return holders;
}

void TakeClaims(const v1::Referral& referral, const Recognition& recognition,
                db::WriteSet& writes) {
  for (const std::string& claim : recognition.claims) {
    writes.Insert(
        "INSERT INTO open_referral (authority, claim, purpose, subject, referral_id)"
        " VALUES (?, ?, ?, ?, ?)",
        {referral.authority(), claim, std::int64_t{referral.details().purpose()},
         std::int64_t{referral.details().subject()}, referral.referral_id()});
  }
}

void GiveUpClaims(const v1::Referral& referral, db::WriteSet& writes) {
  writes.Execute("DELETE FROM open_referral WHERE authority = ? AND referral_id = ?",
                 {referral.authority(), referral.referral_id()});
}

}  // namespace asc::referral
