// Concerns and joint work: portable SQL, nothing else.

#ifndef ASC_REFERRAL_SVC_JOINT_STORE_H_
#define ASC_REFERRAL_SVC_JOINT_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "referral-svc/person_store.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

absl::StatusOr<std::optional<v1::JointWork>> FindJointWork(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& joint_work_id);
void AddJointWork(const v1::JointWork& work, db::WriteSet& writes);
void ChangeJointWork(const v1::JointWork& work, db::WriteSet& writes);

absl::StatusOr<std::optional<v1::Concern>> FindConcern(db::Reader& reader,
                                                       const std::string& authority,
                                                       const std::string& concern_id);
void AddConcern(const v1::Concern& concern, db::WriteSet& writes);
void ChangeConcern(const v1::Concern& concern, db::WriteSet& writes);

// Newest first; by person or kind where `filter` says so. `person` is who its person_id stands for.
// One index range each, of a person one for each reference.
absl::StatusOr<std::vector<v1::Concern>> ListConcerns(db::Reader& reader,
                                                      const v1::ListConcernsRequest& filter,
                                                      const Person& person, const ListPlace& after,
                                                      int limit);

// Raised with this referral's id, newest first.
absl::StatusOr<std::vector<v1::Concern>> ConcernsOfReferral(db::Reader& reader,
                                                            const std::string& authority,
                                                            const std::string& referral_id,
                                                            int limit);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_JOINT_STORE_H_
