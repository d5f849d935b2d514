// Whether two texts are the name of one person, however each was typed.

#ifndef ASC_PROTOS_CHECKS_PERSON_NAMES_H_
#define ASC_PROTOS_CHECKS_PERSON_NAMES_H_

#include <string>

namespace asc::checks {

// What is compared of a name: its letters and digits, in their order. Left out are case, width and
// ligatures, the accents and strokes of Latin letters, and everything between letters: spaces,
// hyphens, apostrophes, full stops. Marks of other scripts stay, for there they tell names apart,
// as does the order of the names, and a short form is another name. Empty when there is no letter.
// Thread-safe.
std::string NameKey(const std::string& name);

// Texts without any letter are compared as they are.
bool SameName(const std::string& a, const std::string& b);

// Whether one may be the other given in part: "Edna" of "Edna Marsh".
bool IsPartOfName(const std::string& a, const std::string& b);

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_PERSON_NAMES_H_
