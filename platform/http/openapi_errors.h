// The answers every method may give instead of its own: google.rpc.Status as JSON.

#ifndef ASC_PLATFORM_HTTP_OPENAPI_ERRORS_H_
#define ASC_PLATFORM_HTTP_OPENAPI_ERRORS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "platform/http/openapi_json.h"

namespace asc::http {

// The members of "responses" that refer to the errors of `method`.
void ReferToErrors(const google::protobuf::MethodDescriptor* method, bool takes_body,
                   JsonWriter& json);

// The members of "components/responses", and the schema of an error as a member.
void WriteErrorResponses(JsonWriter& json);
void WriteErrorSchema(JsonWriter& json);

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_OPENAPI_ERRORS_H_
