#include "referral-svc/person_store.h"

#include <memory>
#include <mutex>

#include "google/protobuf/descriptor.h"

namespace asc::referral {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The fields of a message that hold a reference, or may have one further down.
struct PeopleOf {
  const FieldDescriptor* reference = nullptr;
  std::vector<std::pair<const FieldDescriptor*, const PeopleOf*>> below;
};

// Found once per type, so that reading a record costs a look at the few fields that matter.
class PeopleOfTypes {
 public:
  const PeopleOf& Of(const Descriptor* type) {
    const std::lock_guard lock(mutex_);
    return *Find(type);
  }

 private:
  // Null while the type is looked at: what holds itself leads nowhere new.
  const PeopleOf* Find(const Descriptor* type) {
    const auto [place, fresh] = found_.try_emplace(type);
    if (!fresh) return place->second.get();
    auto people = std::make_unique<PeopleOf>();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (field->name() == kPersonField) people->reference = field;
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
      const PeopleOf* below = Find(field->message_type());
      if (below != nullptr && (below->reference != nullptr || !below->below.empty())) {
        people->below.emplace_back(field, below);
      }
    }
    return (found_[type] = std::move(people)).get();
  }

  std::mutex mutex_;
  std::map<const Descriptor*, std::unique_ptr<PeopleOf>> found_;
};

// Calls `rename` with every reference there is in `message`.
template <class Rename>
absl::Status ForEachPerson(const PeopleOf& people, Message& message, Rename rename) {
  const auto& reflection = *message.GetReflection();
  if (people.reference != nullptr) {
    std::string id = reflection.GetString(message, people.reference);
    if (!id.empty()) {
      ASC_TRY(rename(id));
      reflection.SetString(&message, people.reference, std::move(id));
    }
  }
  for (const auto& [field, below] : people.below) {
    if (!field->is_repeated()) {
      if (!reflection.HasField(message, field)) continue;
      ASC_TRY(ForEachPerson(*below, *reflection.MutableMessage(&message, field), rename));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      ASC_TRY(
          ForEachPerson(*below, *reflection.MutableRepeatedMessage(&message, field, i), rename));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Count(absl::StatusOr<std::optional<db::Row>> row) {
  if (!row.ok()) return row.status();
  return row->has_value() ? static_cast<int>((*row)->Whole(0)) : 0;
}

}  // namespace

absl::StatusOr<Person> PersonOf(db::Reader& reader, const std::string& authority,
                                const std::string& person_id) {
  Person person{person_id, {person_id}};
  if (person_id.empty()) return person;
  // Those given up for it, or, if it is one of these itself, for the one it was given up for.
  ASC_TRY_ASSIGN(
      const auto rows,
      reader.Query("SELECT from_id, into_id FROM person_alias WHERE authority = ? AND into_id = ?"
                   " UNION ALL"
                   " SELECT other.from_id, other.into_id FROM person_alias own"
                   " JOIN person_alias other ON other.authority = own.authority"
                   " AND other.into_id = own.into_id"
                   " WHERE own.authority = ? AND own.from_id = ?",
                   {authority, person_id, authority, person_id}));
  if (rows.empty()) return person;
  person.id = rows.front().Text(1);
  person.references = {person.id};
  for (const db::Row& row : rows) person.references.push_back(row.Text(0));
  return person;
}

absl::StatusOr<std::string> CurrentPersonId(db::Reader& reader, const std::string& authority,
                                            const std::string& person_id) {
  if (person_id.empty()) return person_id;
  ASC_TRY_ASSIGN(
      const auto row,
      reader.QueryOne("SELECT into_id FROM person_alias WHERE authority = ? AND from_id = ?",
                      {authority, person_id}));
  return row.has_value() ? row->Text(0) : person_id;
}

absl::StatusOr<std::int64_t> MergesUntilNow(db::Reader& reader, const std::string& authority) {
  ASC_TRY_ASSIGN(
      const auto row,
      reader.QueryOne("SELECT merges FROM person_merges WHERE authority = ?", {authority}));
  return row.has_value() ? row->Whole(0) : 0;
}

void AddAlias(const std::string& authority, const std::string& from_id, const std::string& into_id,
              absl::Time now, std::int64_t merges, db::WriteSet& writes) {
  if (merges == 0) {
    writes.Insert("INSERT INTO person_merges (authority, merges) VALUES (?, ?)",
                  {authority, std::int64_t{1}});
  } else {
    writes.Update("UPDATE person_merges SET merges = ? WHERE authority = ? AND merges = ?",
                  {merges + 1, authority, merges});
  }
  writes.Execute("UPDATE person_alias SET into_id = ? WHERE authority = ? AND into_id = ?",
                 {into_id, authority, from_id});
  writes.Insert(
      "INSERT INTO person_alias (authority, from_id, into_id, merged_at) VALUES (?, ?, ?, ?)",
      {authority, from_id, into_id, absl::ToUnixMicros(now)});
}

absl::StatusOr<std::string> TakeTurn(db::Reader& reader, const std::string& authority,
                                     const std::string& person_id, db::WriteSet& writes) {
  ASC_TRY_ASSIGN(std::string kept, CurrentPersonId(reader, authority, person_id));
  ASC_TRY_ASSIGN(const auto row, reader.QueryOne("SELECT turns FROM person_turn"
                                                 " WHERE authority = ? AND person_id = ?",
                                                 {authority, kept}));
  // Who was given up meanwhile has another's turn to take; whoever is given up from here on takes
  // this one.
  ASC_TRY_ASSIGN(const std::string now_kept, CurrentPersonId(reader, authority, kept));
  if (now_kept != kept) return TakeTurn(reader, authority, now_kept, writes);
  if (!row.has_value()) {
    writes.Insert("INSERT INTO person_turn (authority, person_id, turns) VALUES (?, ?, ?)",
                  {authority, kept, std::int64_t{1}});
    return kept;
  }
  const std::int64_t turns = row->Whole(0);
  writes.Update(
      "UPDATE person_turn SET turns = ? WHERE authority = ? AND person_id = ? AND turns = ?",
      {turns + 1, authority, kept, turns});
  return kept;
}

absl::StatusOr<RecordCounts> CountRecords(db::Reader& reader, const std::string& authority,
                                          const std::vector<std::string>& references) {
  RecordCounts counts;
  for (const std::string& reference : references) {
    ASC_TRY_ASSIGN(const int referrals,
                   Count(reader.QueryOne("SELECT COUNT(*) FROM referral"
                                         " WHERE authority = ? AND person_id = ?",
                                         {authority, reference})));
    ASC_TRY_ASSIGN(const int allocations,
                   Count(reader.QueryOne("SELECT COUNT(*) FROM allocation"
                                         " WHERE authority = ? AND person_id = ?",
                                         {authority, reference})));
    counts.referrals += referrals;
    counts.allocations += allocations;
  }
  return counts;
}

absl::Status NameKeptPeople(db::Reader& reader, const std::string& authority, KeptReferences kept,
                            Message& record) {
  static auto* const kTypes = new PeopleOfTypes();
  return ForEachPerson(kTypes->Of(record.GetDescriptor()), record, [&](std::string& id) {
    auto known = kept.find(id);
    if (known == kept.end()) {
      ASC_TRY_ASSIGN(std::string current, CurrentPersonId(reader, authority, id));
      known = kept.emplace(id, std::move(current)).first;
    }
    id = known->second;
    return absl::OkStatus();
  });
}

}  // namespace asc::referral
