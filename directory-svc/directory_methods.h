// Looking things up: what each RPC does, as plain functions (see platform/rpc/method.h).

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_METHODS_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/directory/v1/directory.pb.h"
#include "directory-svc/directory_index.h"
#include "platform/rpc/call.h"

namespace asc::directory {

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::SearchServicesResponse> SearchServices(const Directory& directory,
                                                          const rpc::Call& call,
                                                          const v1::SearchServicesRequest& request);

// NOT_FOUND when the authority shows no such entry.
absl::StatusOr<v1::GetServiceResponse> GetService(const Directory& directory, const rpc::Call& call,
                                                  const v1::GetServiceRequest& request);

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::ListServicesResponse> ListServices(const Directory& directory,
                                                      const rpc::Call& call,
                                                      const v1::ListServicesRequest& request);

absl::StatusOr<v1::CheckAccessResponse> CheckAccess(const rpc::Call& call,
                                                    const v1::CheckAccessRequest& request);

absl::StatusOr<v1::ListGuidanceResponse> ListGuidance(const rpc::Call& call,
                                                      const v1::ListGuidanceRequest& request);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_METHODS_H_
