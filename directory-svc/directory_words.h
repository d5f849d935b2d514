// Words as a search sees them: neither case nor accents nor punctuation matter.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_WORDS_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_WORDS_H_

#include <string>
#include <vector>

namespace asc::directory {

// The words of a text in their order, folded: lower case, without accents (Latin letters up to
// U+017F), apostrophes left out ("Alzheimer's" is "alzheimers"). Letters of other scripts stay as
// they are; everything else divides words.
std::vector<std::string> WordsOf(const std::string& text);

// The words with one space between, for sorting names.
std::string Folded(const std::string& text);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_WORDS_H_
