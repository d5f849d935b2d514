// Messages and enums as JSON Schemas, in proto3's own JSON.

#ifndef ASC_PLATFORM_HTTP_OPENAPI_SCHEMAS_H_
#define ASC_PLATFORM_HTTP_OPENAPI_SCHEMAS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "platform/http/openapi_json.h"

namespace asc::http {

class Schemas {
 public:
  explicit Schemas(JsonWriter& json) : json_(json) {}

  // The members of a schema that refers to `type`, which WriteAll then writes.
  void Refer(const google::protobuf::Descriptor* type);
  // The same for the body of a request, which need not repeat the fields that the path gives.
  void ReferToBody(const google::protobuf::Descriptor* type, const std::set<std::string>& in_path);
  // The members of a field's schema, without its description.
  void WriteField(const google::protobuf::FieldDescriptor* field);
  // A request as small as the options on its fields allow.
  void WriteExample(const google::protobuf::Descriptor* type, const std::set<std::string>& in_path);

  // Every schema referred to so far, and what these refer to, as members.
  void WriteAll();

 private:
  // A type, or of a type only a part, so that nothing is demanded of it.
  struct Wanted {
    const google::protobuf::Descriptor* type;
    bool partial;
  };

  void Refer(const Wanted& wanted);
  void WriteField(const google::protobuf::FieldDescriptor* field, bool in_part);
  void WriteType(const google::protobuf::FieldDescriptor* field, bool in_part);
  void WriteText(const google::protobuf::FieldDescriptor* field);
  void WriteMessage(const Wanted& wanted);
  void WriteEnum(const google::protobuf::EnumDescriptor* type);
  void WriteExampleValue(const google::protobuf::FieldDescriptor* field);

  JsonWriter& json_;
  std::set<std::string> done_;
  std::vector<Wanted> messages_;
  std::vector<const google::protobuf::EnumDescriptor*> enums_;
  // By the request's full name.
  std::map<std::string, std::set<std::string>> in_path_;
};

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_OPENAPI_SCHEMAS_H_
