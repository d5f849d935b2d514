// The parts of what is known: how each is named, laid over what was known before, and taken back.
//
// A path is names of fields parted by dots. An item of a list is named by its key where its message
// has one (asc.type.v1.field, `key`), "items[item_id=7].cost", and by its place, counted from 0,
// where it has none, "people[0].consent".

#ifndef ASC_PLATFORM_FACTS_PARTS_H_
#define ASC_PLATFORM_FACTS_PARTS_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::facts {

// Whether the field is a message whose own fields are facts of their own.
bool IsPart(const google::protobuf::FieldDescriptor& field);

// The field that tells the items of a list of `type` apart; null: none does.
const google::protobuf::FieldDescriptor* KeyOf(const google::protobuf::Descriptor& type);

// The key of an item; empty: it has none.
std::string KeyText(const google::protobuf::Message& item);

// "[item_id=7]", or "[place]" for an item without a key, or with one that a path cannot hold: it
// may have letters, digits and - _ . : only, at most 128.
std::string ItemName(const google::protobuf::Message& item, int place);

// Every field that is set in `given` replaces the one in `known`; what `given` leaves out stays. An
// item with a key is laid over the item with that key, or added behind the others; a list of items
// without keys is replaced whole. Both are messages of one type.
void Replace(const google::protobuf::Message& given, google::protobuf::Message& known);

// Whether `path` leads to a field of `type`, or to an item of one of its lists. Nothing within a
// moment has a path.
bool HasPath(const google::protobuf::Descriptor& type, const std::string& path);

// Empties the fields at `paths`, each of which HasPath, and takes the items at them out of their
// lists. Places are those before anything is cleared. What is not there stays so.
void Clear(const std::vector<std::string>& paths, google::protobuf::Message& known);

}  // namespace asc::facts

#endif  // ASC_PLATFORM_FACTS_PARTS_H_
