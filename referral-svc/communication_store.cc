#include "referral-svc/communication_store.h"

#include <optional>

#include "platform/db/sealed_record.h"
#include "referral-svc/person_store.h"

namespace asc::referral {

using type::v1::Answer;
using type::v1::ANSWER_UNKNOWN;

std::int64_t NeedsColumn(const v1::Communication& communication) {
  const Answer needs = HasNeeds(communication);
  return needs == ANSWER_UNKNOWN ? 0 : std::int64_t{needs};
}

Answer NeedsOfColumn(std::int64_t column) {
  return column == 0 ? ANSWER_UNKNOWN : static_cast<Answer>(column);
}

absl::StatusOr<v1::Communication> CommunicationOf(db::Reader& reader, const std::string& authority,
                                                  const std::string& person_id) {
  v1::Communication latest;
  if (person_id.empty()) return latest;
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, authority, person_id));
  std::optional<std::int64_t> opened_us;
  for (const std::string& reference : person.references) {
    ASC_TRY_ASSIGN(
        const auto row,
        reader.QueryOne("SELECT payload, opened_at FROM referral"
                        " WHERE authority = ? AND person_id = ? AND communication_needs > 0"
                        " ORDER BY opened_at DESC, referral_id DESC LIMIT 1",
                        {authority, reference}));
    if (!row.has_value() || (opened_us.has_value() && *opened_us >= row->Whole(1))) continue;
    ASC_TRY_ASSIGN(const auto referral, db::Opened<v1::Referral>(row->Text(0)));
    latest = referral.details().communication();
    opened_us = row->Whole(1);
  }
  return latest;
}

}  // namespace asc::referral
