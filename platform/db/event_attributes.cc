#include "platform/db/event_attributes.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "asc/events/v1/events.pb.h"

namespace asc::db {

Bytes EncodeEventAttributes(const std::map<std::string, std::string>& attributes) {
  Bytes bytes;
  if (attributes.empty()) return bytes;
  events::v1::Event event;
  for (const auto& [key, value] : attributes) (*event.mutable_attributes())[key] = value;
  google::protobuf::io::StringOutputStream stream(&bytes.data);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  event.SerializeToCodedStream(&coded);
  return bytes;
}

absl::StatusOr<std::map<std::string, std::string>> DecodeEventAttributes(const std::string& bytes) {
  events::v1::Event event;
  if (!event.ParseFromString(bytes)) return absl::DataLossError("event attributes: unreadable");
  return std::map<std::string, std::string>(event.attributes().begin(), event.attributes().end());
}

}  // namespace asc::db
