// The methods of ContactService as plain functions: read, decide, say what to write.

#ifndef ASC_GATEWAY_CONTACT_METHODS_H_
#define ASC_GATEWAY_CONTACT_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/gateway/v1/contact.pb.h"
#include "gateway/journal_store.h"
#include "gateway/workflow_runner.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

// What the methods stand on. Outlives the service.
struct ContactGround {
  const JournalStore& store;
  const policy::PolicySet& policies;
  WorkflowRunner& runner;
};

// The recorded answers of OpenContact and AddFacts hold only which contact it is: what is told of
// it is how it stands when the call is answered. So does that of CompleteAction where a service is
// asked again.
absl::StatusOr<rpc::Result<v1::OpenContactResponse>> OpenContact(
    const ContactGround& ground, const rpc::Call& call, const v1::OpenContactRequest& request,
    db::Reader& reader);
absl::StatusOr<rpc::Result<v1::AddFactsResponse>> AddFacts(const ContactGround& ground,
                                                           const rpc::Call& call,
                                                           const v1::AddFactsRequest& request,
                                                           db::Reader& reader);
absl::StatusOr<rpc::Result<v1::CompleteActionResponse>> CompleteAction(
    const ContactGround& ground, const rpc::Call& call, const v1::CompleteActionRequest& request,
    db::Reader& reader);
absl::StatusOr<v1::GetContactResponse> GetContact(const ContactGround& ground,
                                                  const rpc::Call& call,
                                                  const v1::GetContactRequest& request,
                                                  db::Reader& reader);
absl::StatusOr<v1::ListContactsResponse> ListContacts(const ContactGround& ground,
                                                      const rpc::Call& call,
                                                      const v1::ListContactsRequest& request,
                                                      db::Reader& reader);
absl::StatusOr<v1::ListDueResponse> ListDue(const ContactGround& ground, const rpc::Call& call,
                                            const v1::ListDueRequest& request, db::Reader& reader);

// Checks beyond the field options.
void CheckOpenContact(const rpc::Call& call, const v1::OpenContactRequest& request,
                      rpc::Violations& violations);
void CheckCompleteAction(const rpc::Call& call, const v1::CompleteActionRequest& request,
                         rpc::Violations& violations);
void CheckAddFacts(const rpc::Call& call, const v1::AddFactsRequest& request,
                   rpc::Violations& violations);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_CONTACT_METHODS_H_
