// What contracts say in their comments, as a reader of an OpenAPI description wants it.

#ifndef ASC_PLATFORM_HTTP_OPENAPI_TEXT_H_
#define ASC_PLATFORM_HTTP_OPENAPI_TEXT_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace asc::http {

// A leading comment, as protoc keeps it, in Markdown: lines are joined to paragraphs, indented
// tables become lists, and a status code that begins an entry stands out.
std::string MarkdownOf(const std::string& comment);

// Empty without a comment, and without source information.
template <class Thing>
std::string CommentOf(const Thing* thing) {
  google::protobuf::SourceLocation location;
  return thing->GetSourceLocation(&location) ? MarkdownOf(location.leading_comments) : "";
}

// The first sentence, without ids of cases and without its full stop.
std::string SummaryOf(const std::string& markdown);

// The field's comment, or what the conventions say of a field with this name; else empty.
std::string DescriptionOf(const google::protobuf::FieldDescriptor* field);

// "full name" of "full_name".
std::string WordsOf(const std::string& name);

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_OPENAPI_TEXT_H_
