#include "platform/rpc/method_info.h"

#include "absl/strings/str_cat.h"

namespace asc::rpc {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;

namespace {

const FieldDescriptor* Single(const Descriptor* type, const char* name,
                              FieldDescriptor::CppType cpp_type) {
  const FieldDescriptor* field = type->FindFieldByName(name);
  if (field == nullptr || field->is_repeated() || field->cpp_type() != cpp_type) return nullptr;
  return field;
}

}  // namespace

absl::StatusOr<MethodInfo> InspectMethod(const std::string& full_name, MethodForm form) {
  const auto* method = DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (method == nullptr) {
    return absl::NotFoundError(absl::StrCat(full_name, ": no such method is linked in"));
  }
  const Descriptor* request = method->input_type();
  MethodInfo info{.name = full_name,
                  .form = form,
                  .rules = method->options().GetExtension(asc::type::v1::method),
                  .request = request,
                  .authority = Single(request, "authority", FieldDescriptor::CPPTYPE_STRING),
                  .request_id = Single(request, "request_id", FieldDescriptor::CPPTYPE_STRING),
                  .policy_hash = Single(request, "policy_hash", FieldDescriptor::CPPTYPE_STRING),
                  .validate_only = Single(request, "validate_only", FieldDescriptor::CPPTYPE_BOOL),
                  .validator = Validator(request)};
  const bool permitted = info.rules.access() == asc::type::v1::ACCESS_PERMITTED;
  if (info.rules.access() == asc::type::v1::ACCESS_UNSPECIFIED ||
      (permitted && info.rules.permission().empty())) {
    return absl::FailedPreconditionError(
        absl::StrCat(full_name, ": the contract does not say who may call it"));
  }
  if (form == MethodForm::kWrite && (info.authority == nullptr || info.request_id == nullptr)) {
    return absl::FailedPreconditionError(
        absl::StrCat(full_name, ": a writing method needs authority and request_id"));
  }
  return info;
}

}  // namespace asc::rpc
