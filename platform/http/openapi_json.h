// A JSON writer with the few words an OpenAPI description is made of.

#ifndef ASC_PLATFORM_HTTP_OPENAPI_JSON_H_
#define ASC_PLATFORM_HTTP_OPENAPI_JSON_H_

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace asc::http {

class JsonWriter {
 public:
  JsonWriter() : writer_(buffer_) { writer_.SetIndent(' ', 1); }

  void Key(const std::string& key) {
    writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  }
  void Text(const std::string& value) {
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void Whole(std::int64_t value) { writer_.Int64(value); }
  void Flag(bool value) { writer_.Bool(value); }
  // JSON as it is.
  void Raw(const std::string& json) {
    writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  }

  // An object, or the array, of what `inside` writes.
  void Object(const std::function<void()>& inside) {
    writer_.StartObject();
    inside();
    writer_.EndObject();
  }
  void Array(const std::function<void()>& inside) {
    writer_.StartArray();
    inside();
    writer_.EndArray();
  }

  // Members. An empty text is left out.
  void Put(const std::string& key, const std::string& value) {
    if (value.empty()) return;
    Key(key);
    Text(value);
  }
  void PutWhole(const std::string& key, std::int64_t value) {
    Key(key);
    Whole(value);
  }
  void PutFlag(const std::string& key, bool value) {
    Key(key);
    Flag(value);
  }
  void PutTexts(const std::string& key, const std::vector<std::string>& values) {
    Key(key);
    Array([&] {
      for (const auto& value : values) Text(value);
    });
  }
  void PutObject(const std::string& key, const std::function<void()>& inside) {
    Key(key);
    Object(inside);
  }
  void PutArray(const std::string& key, const std::function<void()>& inside) {
    Key(key);
    Array(inside);
  }
  void PutReference(const std::string& path) { Put("$ref", "#/components/" + path); }

  std::string text() const { return buffer_.GetString(); }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_;
};

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_OPENAPI_JSON_H_
