// The conformance suite of the drivers, part one: values, queries and single write sets.

#include "platform/db/database.h"

#include <chrono>
#include <limits>
#include <thread>

#include "platform/db/database_fixture.h"
#include "platform/db/event_attributes.h"

namespace asc::db {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kAuthority[] = "exampleshire";

class ValueTest : public NoteDatabaseTest {
 protected:
  // Stores `value` in the column that `insert` and `select` name and reads it back.
  std::vector<Row> RoundTrip(Sql insert, Sql select, const Value& value) {
    const WriteResult result =
        database().WriteAndWait(WriteSet().Insert(insert, {kAuthority, "one", value}));
    EXPECT_TRUE(result.committed()) << result.message;
    return Query(select, {"one"});
  }
  std::vector<Row> TitleRoundTrip(const Value& title) {
    return RoundTrip("INSERT INTO note (authority, id, version, title) VALUES (?, ?, 1, ?)",
                     "SELECT title FROM note WHERE id = ?", title);
  }
  std::vector<Row> BodyRoundTrip(const Value& body) {
    return RoundTrip("INSERT INTO note (authority, id, version, body) VALUES (?, ?, 1, ?)",
                     "SELECT body FROM note WHERE id = ?", body);
  }
  WriteOutcome WriteTitle(const std::string& id, const Value& title) {
    return Write(
        WriteSet().Insert("INSERT INTO note (authority, id, version, title) VALUES (?, ?, 1, ?)",
                          {kAuthority, id, title}));
  }
  WriteOutcome WriteLabel(const std::string& id, const Value& label) {
    return Write(
        WriteSet().Insert("INSERT INTO note (authority, id, version, label) VALUES (?, ?, 1, ?)",
                          {kAuthority, id, label}));
  }
  std::int64_t CountTitle(const std::string& title) {
    return Count("SELECT COUNT(*) FROM note WHERE title = ?", {title});
  }
  std::int64_t CountLabel(const std::string& label) {
    return Count("SELECT COUNT(*) FROM note WHERE label = ?", {label});
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, ValueTest, testing::AllDatabases(), testing::DatabaseName);

TEST_P(ValueTest, IdsThatDifferOnlyByCaseAreDifferentRecords) {
  ASSERT_EQ(Write(NewNote("Ref-A")), WriteOutcome::kCommitted);
  EXPECT_FALSE(Exists("ref-a"));
  EXPECT_EQ(Write(NewNote("ref-a")), WriteOutcome::kCommitted);
}

TEST_P(ValueTest, IdsThatDifferOnlyByATrailingSpaceAreDifferentRecords) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  EXPECT_FALSE(Exists("a "));
  EXPECT_EQ(Write(NewNote("a ")), WriteOutcome::kCommitted);
}

TEST_P(ValueTest, IdsThatDifferOnlyByAnAccentAreDifferentRecords) {
  ASSERT_EQ(Write(NewNote("Zoe")), WriteOutcome::kCommitted);
  EXPECT_FALSE(Exists("Zoë"));
  EXPECT_EQ(Write(NewNote("Zoë")), WriteOutcome::kCommitted);
  EXPECT_EQ(Write(NewNote("Zoe\xcc\x88")), WriteOutcome::kCommitted);
}

TEST_P(ValueTest, AnEmptyIdIsAnIdLikeAnyOther) {
  ASSERT_EQ(Write(NewNote("")), WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists(""));
  EXPECT_EQ(Write(NewNote("")), WriteOutcome::kDuplicate);
}

TEST_P(ValueTest, TextIsComparedWithItsTrailingSpaces) {
  ASSERT_EQ(WriteTitle("one", "end"), WriteOutcome::kCommitted);
  EXPECT_EQ(CountTitle("end"), 1);
  EXPECT_EQ(CountTitle("end "), 0);
  EXPECT_EQ(CountTitle(" end"), 0);
}

TEST_P(ValueTest, TextIsComparedWithItsCase) {
  ASSERT_EQ(WriteTitle("one", "End"), WriteOutcome::kCommitted);
  EXPECT_EQ(CountTitle("end"), 0);
}

TEST_P(ValueTest, TextIsComparedWithItsAccents) {
  ASSERT_EQ(WriteTitle("one", "café"), WriteOutcome::kCommitted);
  EXPECT_EQ(CountTitle("cafe"), 0);
  EXPECT_EQ(CountTitle("café"), 1);
}

TEST_P(ValueTest, AUniqueIndexTellsCaseAndTrailingSpacesApart) {
  EXPECT_EQ(WriteLabel("1", "x"), WriteOutcome::kCommitted);
  EXPECT_EQ(WriteLabel("2", "X"), WriteOutcome::kCommitted);
  EXPECT_EQ(WriteLabel("3", "x "), WriteOutcome::kCommitted);
  EXPECT_EQ(WriteLabel("4", "x"), WriteOutcome::kDuplicate);
  EXPECT_EQ(CountLabel("x"), 1);
}

TEST_P(ValueTest, AUniqueIndexAllowsManyNulls) {
  EXPECT_EQ(WriteLabel("1", std::monostate()), WriteOutcome::kCommitted);
  EXPECT_EQ(WriteLabel("2", std::monostate()), WriteOutcome::kCommitted);
}

TEST_P(ValueTest, LikeTellsCaseApartAndABackslashIsOrdinary) {
  ASSERT_EQ(WriteLabel("1", "Main\\Street"), WriteOutcome::kCommitted);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE label LIKE 'Main%'"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE label LIKE 'main%'"), 0);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE label LIKE 'Main\\%'"), 1);
}

TEST_P(ValueTest, ANulInAnIdIsKeptAndTellsApart) {
  const std::string with_nul("a\0b", 3);
  ASSERT_EQ(Write(NewNote(with_nul)), WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists(with_nul));
  EXPECT_FALSE(Exists("a"));
  EXPECT_FALSE(Exists(std::string("a\0c", 3)));
}

TEST_P(ValueTest, ANulInTextIsKept) {
  const std::string with_nul("a\0b", 3);
  const auto rows = TitleRoundTrip(with_nul);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Text(0), with_nul);
  EXPECT_EQ(CountTitle(with_nul), 1);
}

TEST_P(ValueTest, EveryByteIsKeptInBytes) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  const auto rows = BodyRoundTrip(Bytes{all + all});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Text(0), all + all);
}

TEST_P(ValueTest, EmojiAndRareScriptsAreKept) {
  const std::string text = "👩‍👩‍👧 𐍈 עברית \u200b\u202e end";
  const auto rows = TitleRoundTrip(text);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Text(0), text);
  EXPECT_EQ(CountTitle(text), 1);
}

TEST_P(ValueTest, AnEmojiMayBePartOfAnId) {
  ASSERT_EQ(Write(NewNote("id-🙂")), WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists("id-🙂"));
  EXPECT_FALSE(Exists("id-🙃"));
}

TEST_P(ValueTest, TextThatLooksLikeANumberStaysText) {
  for (const std::string id : {"0012", "1e5", "-0", " 12", "12.0", "0x1F"}) {
    ASSERT_EQ(WriteTitle(id, id), WriteOutcome::kCommitted);
    const auto rows = Query("SELECT id, title FROM note WHERE id = ?", {id});
    ASSERT_EQ(rows.size(), 1u) << id;
    EXPECT_EQ(rows[0].Text(0), id);
    EXPECT_EQ(rows[0].Text(1), id);
  }
  EXPECT_FALSE(Exists("12"));
}

TEST_P(ValueTest, LineEndsAndQuotesAreKept) {
  const std::string text = "it's \"so\"\r\n\t\\n %_ ; DROP TABLE note; --";
  const auto rows = TitleRoundTrip(text);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Text(0), text);
}

TEST_P(ValueTest, EmptyTextIsNotNull) {
  const auto rows = TitleRoundTrip("");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_FALSE(rows[0].IsNull(0));
  EXPECT_EQ(rows[0].Text(0), "");
}

TEST_P(ValueTest, EmptyBytesAreNotNull) {
  const auto rows = BodyRoundTrip(Bytes{});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_FALSE(rows[0].IsNull(0));
}

TEST_P(ValueTest, NullIsNullInEveryType) {
  ASSERT_EQ(Write(WriteSet().Insert("INSERT INTO note (authority, id, version, title, label, "
                                    "seen_at, body) VALUES (?, ?, 1, ?, ?, ?, ?)",
                                    {kAuthority, "one", std::monostate(), std::monostate(),
                                     std::monostate(), std::monostate()})),
            WriteOutcome::kCommitted);
  const auto rows = Query("SELECT title, label, seen_at, body FROM note");
  ASSERT_EQ(rows.size(), 1u);
  for (std::size_t column = 0; column < 4; ++column) {
    EXPECT_TRUE(rows[0].IsNull(column));
    EXPECT_EQ(rows[0].Whole(column), 0);
    EXPECT_EQ(rows[0].Text(column), "");
  }
}

TEST_P(ValueTest, WholeNumbersHave64Bits) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t number :
       {Limits::min(), std::int64_t{-1}, std::int64_t{0}, std::int64_t{1} << 53, Limits::max()}) {
    const std::string id = std::to_string(number);
    ASSERT_EQ(Write(WriteSet().Insert("INSERT INTO note (authority, id, version) VALUES (?, ?, ?)",
                                      {kAuthority, id, number})),
              WriteOutcome::kCommitted);
    EXPECT_EQ(Version(id), number);
    EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE version = ?", {number}), 1);
  }
}

TEST_P(ValueTest, MomentsKeepTheirMicroseconds) {
  const auto rows =
      RoundTrip("INSERT INTO note (authority, id, version, seen_at) VALUES (?, ?, 1, ?)",
                "SELECT seen_at FROM note WHERE id = ?", std::int64_t{1700000000123457});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Whole(0), 1700000000123457);
}

TEST_P(ValueTest, AnIdMayHave128BytesAndNoMore) {
  EXPECT_EQ(Write(NewNote(std::string(128, 'x'))), WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists(std::string(128, 'x')));
  EXPECT_EQ(Write(NewNote(std::string(129, 'x'))), WriteOutcome::kFault);
  EXPECT_FALSE(Exists(std::string(129, 'x')));
  EXPECT_EQ(Events(), 1);
}

TEST_P(ValueTest, TheLimitOfAnIdCountsBytesNotCharacters) {
  std::string id;
  for (int i = 0; i < 64; ++i) id += "é";
  EXPECT_EQ(Write(NewNote(id)), WriteOutcome::kCommitted);
  EXPECT_EQ(Write(NewNote(id + "x")), WriteOutcome::kFault);
}

TEST_P(ValueTest, IndexedTextMayHave255BytesAndNoMore) {
  EXPECT_EQ(WriteLabel("1", std::string(255, 'x')), WriteOutcome::kCommitted);
  EXPECT_EQ(WriteLabel("2", std::string(256, 'x')), WriteOutcome::kFault);
}

TEST_P(ValueTest, TextMayHave65535BytesAndNoMore) {
  EXPECT_EQ(WriteTitle("1", std::string(65535, 'x')), WriteOutcome::kCommitted);
  EXPECT_EQ(WriteTitle("2", std::string(65536, 'x')), WriteOutcome::kFault);
  EXPECT_FALSE(Exists("2"));
}

TEST_P(ValueTest, BytesMayHaveFourMebibytes) {
  std::string large(4 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31);
  const auto rows = BodyRoundTrip(Bytes{large});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].Text(0) == large);
}

TEST_P(ValueTest, TextThatIsNotUtf8IsRefusedEverywhere) {
  for (const std::string bad :
       {"\xff", "\xc0\xaf", "a\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_EQ(WriteTitle("1", bad), WriteOutcome::kFault);
    EXPECT_EQ(Write(NewNote(bad)), WriteOutcome::kFault);
    auto reader = database().Read();
    ASSERT_THAT(reader, IsOk());
    EXPECT_THAT((*reader)->Query("SELECT id FROM note WHERE title = ?", {bad}),
                StatusIs(absl::StatusCode::kInternal));
  }
  EXPECT_EQ(Events(), 0);
}

TEST_P(ValueTest, AnEventWithTextThatIsNotUtf8IsRefused) {
  WriteSet set;
  Event event = NoteEvent("one", 1);
  event.attributes["key"] = "\xff";
  set.Append(event);
  EXPECT_EQ(Write(set), WriteOutcome::kFault);
}

TEST_P(ValueTest, TextInAWholeNumberColumnIsRefused) {
  EXPECT_EQ(Write(WriteSet().Insert("INSERT INTO note (authority, id, version) VALUES (?, ?, ?)",
                                    {kAuthority, "one", "many"})),
            WriteOutcome::kFault);
}

TEST_P(ValueTest, AMissingValueOfARequiredColumnIsRefused) {
  EXPECT_EQ(Write(WriteSet().Insert("INSERT INTO note (authority, id, version) VALUES (?, ?, ?)",
                                    {kAuthority, "one", std::monostate()})),
            WriteOutcome::kFault);
  EXPECT_EQ(Write(WriteSet().Insert("INSERT INTO note (authority, id) VALUES (?, ?)",
                                    {kAuthority, "one"})),
            WriteOutcome::kFault);
}

class QueryTest : public ValueTest {
 protected:
  void PutNotes(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) ASSERT_EQ(Write(NewNote(id)), WriteOutcome::kCommitted);
  }
  static std::vector<std::string> FirstColumn(const std::vector<Row>& rows) {
    std::vector<std::string> column;
    for (const Row& row : rows) column.push_back(row.Text(0));
    return column;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, QueryTest, testing::AllDatabases(), testing::DatabaseName);

TEST_P(QueryTest, IdsAreOrderedByTheirBytes) {
  PutNotes({"b", "B", "a", "é", "Z", "a ", "10", "9", ""});
  EXPECT_THAT(FirstColumn(Query("SELECT id FROM note ORDER BY id")),
              ::testing::ElementsAre("", "10", "9", "B", "Z", "a", "a ", "b", "é"));
}

TEST_P(QueryTest, TextIsOrderedByItsBytes) {
  int id = 0;
  for (const std::string title : {"b", "B", "ä", "a", "z", "🙂", "ｚ"}) {
    ASSERT_EQ(WriteTitle(std::to_string(++id), title), WriteOutcome::kCommitted);
  }
  EXPECT_THAT(FirstColumn(Query("SELECT title FROM note ORDER BY title")),
              ::testing::ElementsAre("B", "a", "b", "z", "ä", "ｚ", "🙂"));
}

TEST_P(QueryTest, AKeysetPageBeginsBehindTheLastRow) {
  PutNotes({"a", "b", "c", "d", "e"});
  EXPECT_THAT(FirstColumn(Query("SELECT id FROM note WHERE (authority, id) > (?, ?) "
                                "ORDER BY authority, id LIMIT ?",
                                {kAuthority, "b", 2})),
              ::testing::ElementsAre("c", "d"));
}

TEST_P(QueryTest, SumAndCountGiveWholeNumbers) {
  PutNotes({"a", "b", "c"});
  const auto rows = Query("SELECT COUNT(*), SUM(version), MAX(version), MIN(id) FROM note");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Whole(0), 3);
  EXPECT_EQ(rows[0].Whole(1), 3);
  EXPECT_EQ(rows[0].Whole(2), 1);
  EXPECT_EQ(rows[0].Text(3), "a");
}

TEST_P(QueryTest, TheSumOfNothingIsNull) {
  const auto rows = Query("SELECT COUNT(*), SUM(version), MAX(id) FROM note");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Whole(0), 0);
  EXPECT_TRUE(rows[0].IsNull(1));
  EXPECT_TRUE(rows[0].IsNull(2));
}

TEST_P(QueryTest, TwoBarsJoinText) {
  PutNotes({"a"});
  EXPECT_THAT(FirstColumn(Query("SELECT authority || '/' || id FROM note")),
              ::testing::ElementsAre("exampleshire/a"));
}

TEST_P(QueryTest, DoubleQuotesNameColumns) {
  PutNotes({"a"});
  EXPECT_THAT(FirstColumn(Query("SELECT \"id\" FROM note")), ::testing::ElementsAre("a"));
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT((*reader)->Query("SELECT \"no_such_column\" FROM note", {}),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_P(QueryTest, NullNeverEqualsAnything) {
  ASSERT_EQ(WriteTitle("1", std::monostate()), WriteOutcome::kCommitted);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE title = ?", {std::monostate()}), 0);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE title IS NULL"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note WHERE COALESCE(title, '') = ''"), 1);
}

TEST_P(QueryTest, NothingFoundIsNoRow) {
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  const auto row = (*reader)->QueryOne("SELECT id FROM note WHERE id = ?", {"none"});
  ASSERT_THAT(row, IsOk());
  EXPECT_FALSE(row->has_value());
}

TEST_P(QueryTest, OneReaderRunsManyQueriesAndTheSameOneAgain) {
  PutNotes({"a", "b"});
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  for (const std::string id : {"a", "b", "c", "a"}) {
    const auto rows = (*reader)->Query("SELECT id FROM note WHERE id = ?", {id});
    ASSERT_THAT(rows, IsOk());
    EXPECT_EQ(rows->size(), id == "c" ? 0u : 1u);
  }
}

TEST_P(QueryTest, AWrongStatementIsAnInternalErrorAndTheReaderStaysUseful) {
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT((*reader)->Query("SELEKT 1", {}), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT((*reader)->Query("SELECT id FROM no_such_table", {}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT((*reader)->Query("SELECT id FROM note", {}), IsOk());
}

TEST_P(QueryTest, AWrongNumberOfParametersIsAnInternalError) {
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT((*reader)->Query("SELECT id FROM note WHERE id = ?", {}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT((*reader)->Query("SELECT id FROM note WHERE id = ?", {"a", "b"}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT((*reader)->Query("SELECT id FROM note WHERE id = ?", {"a"}), IsOk());
}

TEST_P(QueryTest, TwoStatementsInOneAreRefused) {
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT((*reader)->Query("SELECT 1; SELECT 2", {}), StatusIs(absl::StatusCode::kInternal));
}

TEST_P(QueryTest, AReaderCannotWrite) {
  {
    auto reader = database().Read();
    ASSERT_THAT(reader, IsOk());
    EXPECT_THAT(
        (*reader)->Query(
            "INSERT INTO note (authority, id, version) VALUES ('exampleshire', 'x', 1)", {}),
        Not(IsOk()));
  }
  EXPECT_FALSE(Exists("x"));
}

class WriteTest : public NoteDatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Databases, WriteTest, testing::AllDatabases(), testing::DatabaseName);

TEST_P(WriteTest, WhatWasAcknowledgedIsReadAtOnce) {
  for (int i = 0; i < 20; ++i) {
    const std::string id = "n" + std::to_string(i);
    ASSERT_EQ(Write(NewNote(id)), WriteOutcome::kCommitted);
    EXPECT_TRUE(Exists(id));
  }
}

TEST_P(WriteTest, ADuplicateWritesNothingAndNamesItsStatement) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  WriteSet set = NewNote("b");
  set.Join(NewNote("a"));
  const WriteResult result = database().WriteAndWait(set);
  EXPECT_EQ(result.outcome, WriteOutcome::kDuplicate);
  EXPECT_EQ(result.statement, 1);
  EXPECT_FALSE(Exists("b"));
  EXPECT_EQ(Events(), 1);
}

TEST_P(WriteTest, AnUpdateOfTheExpectedVersionChangesIt) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  EXPECT_EQ(Write(ChangeNote("a", 1)), WriteOutcome::kCommitted);
  EXPECT_EQ(Version("a"), 2);
}

TEST_P(WriteTest, AStaleUpdateWritesNothingAndNamesItsStatement) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  WriteSet set = NewNote("b");
  set.Join(ChangeNote("a", 7));
  const WriteResult result = database().WriteAndWait(set);
  EXPECT_EQ(result.outcome, WriteOutcome::kStale);
  EXPECT_EQ(result.statement, 1);
  EXPECT_FALSE(Exists("b"));
  EXPECT_EQ(Version("a"), 1);
}

TEST_P(WriteTest, AnUpdateOfNoRecordIsStale) {
  EXPECT_EQ(Write(ChangeNote("none", 1)), WriteOutcome::kStale);
}

TEST_P(WriteTest, AnUpdateThatMatchesWithoutChangingIsNotStale) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  EXPECT_EQ(Write(WriteSet().Update("UPDATE note SET version = version WHERE id = ?", {"a"})),
            WriteOutcome::kCommitted);
}

TEST_P(WriteTest, AnUpdateOfTwoRowsIsAFaultAndWritesNothing) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  ASSERT_EQ(Write(NewNote("b")), WriteOutcome::kCommitted);
  EXPECT_EQ(
      Write(WriteSet().Update("UPDATE note SET version = 9 WHERE authority = ?", {kAuthority})),
      WriteOutcome::kFault);
  EXPECT_EQ(Version("a"), 1);
}

TEST_P(WriteTest, AGuardThatFindsItsRowLetsTheSetThrough) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  WriteSet set;
  set.Guard("SELECT 1 FROM note WHERE id = ? AND version = ?", {"a", 1});
  set.Join(NewNote("b"));
  EXPECT_EQ(Write(set), WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists("b"));
}

TEST_P(WriteTest, AGuardThatFindsNothingIsStale) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  WriteSet set = NewNote("b");
  set.Guard("SELECT 1 FROM note WHERE id = ? AND version = ?", {"a", 2});
  const WriteResult result = database().WriteAndWait(set);
  EXPECT_EQ(result.outcome, WriteOutcome::kStale);
  EXPECT_EQ(result.statement, 1);
  EXPECT_FALSE(Exists("b"));
}

TEST_P(WriteTest, AGuardSeesWhatItsOwnSetWrote) {
  WriteSet set = NewNote("a");
  set.Guard("SELECT 1 FROM note WHERE id = ?", {"a"});
  EXPECT_EQ(Write(set), WriteOutcome::kCommitted);
}

TEST_P(WriteTest, ExecuteMayChangeAnyNumberOfRows) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  ASSERT_EQ(Write(NewNote("b")), WriteOutcome::kCommitted);
  EXPECT_EQ(Write(WriteSet().Execute("UPDATE note SET version = version + 1", {})),
            WriteOutcome::kCommitted);
  EXPECT_EQ(Write(WriteSet().Execute("DELETE FROM note WHERE id = 'none'", {})),
            WriteOutcome::kCommitted);
  EXPECT_EQ(Version("a") + Version("b"), 4);
}

TEST_P(WriteTest, AnEmptySetIsCommitted) { EXPECT_EQ(Write(WriteSet()), WriteOutcome::kCommitted); }

TEST_P(WriteTest, WrongSqlIsAFaultThatNamesItsStatementAndWritesNothing) {
  WriteSet set = NewNote("a");
  set.Join(WrongSql());
  const WriteResult result = database().WriteAndWait(set);
  EXPECT_EQ(result.outcome, WriteOutcome::kFault);
  EXPECT_EQ(result.statement, 1);
  EXPECT_THAT(result.message, HasSubstr("no_such_table"));
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
}

TEST_P(WriteTest, AWrongNumberOfParametersIsAFault) {
  EXPECT_EQ(Write(WriteSet().Execute("DELETE FROM note WHERE id = ?", {})), WriteOutcome::kFault);
  EXPECT_EQ(Write(WriteSet().Execute("DELETE FROM note WHERE id = ?", {"a", "b"})),
            WriteOutcome::kFault);
}

TEST_P(WriteTest, NoMessageHoldsAValue) {
  ASSERT_EQ(Write(NewNote("canary-id")), WriteOutcome::kCommitted);
  EXPECT_THAT(database().WriteAndWait(NewNote("canary-id")).message, Not(HasSubstr("canary")));
  WriteSet set;
  set.Insert("INSERT INTO note (authority, id, version) VALUES (?, ?, ?)",
             {kAuthority, "x", "canary-text"});
  EXPECT_THAT(database().WriteAndWait(set).message, Not(HasSubstr("canary")));
}

TEST_P(WriteTest, TheSameStatementTextElsewhereIsTheSameStatement) {
  static const char kFirst[] = "DELETE FROM note WHERE id = ?";
  EXPECT_EQ(Write(WriteSet().Execute(kFirst, {"a"})), WriteOutcome::kCommitted);
  EXPECT_EQ(Write(WriteSet().Execute("DELETE FROM note WHERE id = ?", {"a"})),
            WriteOutcome::kCommitted);
}

TEST_P(WriteTest, AnEventIsStoredWithItsWriterAndNumber) {
  WriteSet set = NewNote("a");
  set.mutable_events()[0].request_id = "request-1";
  set.mutable_events()[0].attributes = {{"b", "2"}, {"a", "1"}, {"empty", ""}};
  ASSERT_EQ(Write(set), WriteOutcome::kCommitted);
  const auto rows = Query(
      "SELECT event.authority, event.writer, sequence, record_type, record_id, record_version, "
      "type, occurred_at, request_id, attributes FROM event JOIN writer ON writer.writer = "
      "event.writer");
  ASSERT_EQ(rows.size(), 1u);
  const Row& row = rows[0];
  EXPECT_EQ(row.Text(0), kAuthority);
  EXPECT_EQ(row.Text(1).size(), 36u);
  EXPECT_EQ(row.Whole(2), 1);
  EXPECT_EQ(row.Text(3), "note");
  EXPECT_EQ(row.Text(4), "a");
  EXPECT_EQ(row.Whole(5), 1);
  EXPECT_EQ(row.Text(6), "note.changed");
  EXPECT_EQ(row.Whole(7), 1700000000123456);
  EXPECT_EQ(row.Text(8), "request-1");
  const auto attributes = DecodeEventAttributes(row.Text(9));
  ASSERT_THAT(attributes, IsOk());
  EXPECT_EQ(*attributes, set.events()[0].attributes);
}

TEST_P(WriteTest, ASecondEventOfTheSameRecordVersionIsADuplicate) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  WriteSet set = NewNote("b");
  set.Append(NoteEvent("a", 1));
  const WriteResult result = database().WriteAndWait(set);
  EXPECT_EQ(result.outcome, WriteOutcome::kDuplicate);
  EXPECT_EQ(result.statement, 2) << "one statement, then the second event";
  EXPECT_FALSE(Exists("b"));
}

TEST_P(WriteTest, TheEventsOfOneSetHaveNumbersInTheirOrder) {
  WriteSet set = NewNote("a");
  set.Join(NewNote("b")).Join(NewNote("c"));
  ASSERT_EQ(Write(set), WriteOutcome::kCommitted);
  const auto rows = Query("SELECT record_id FROM event ORDER BY sequence");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].Text(0), "a");
  EXPECT_EQ(rows[2].Text(0), "c");
}

TEST_P(WriteTest, AFailedSetUsesUpNoNumber) {
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Write(NewNote("a")), WriteOutcome::kDuplicate);
    EXPECT_EQ(Write(ChangeNote("a", 5)), WriteOutcome::kStale);
    EXPECT_EQ(Write(NewNote("x" + std::to_string(i)).Join(WrongSql())), WriteOutcome::kFault);
  }
  ASSERT_EQ(Write(NewNote("b")), WriteOutcome::kCommitted);
  EXPECT_EQ(Count("SELECT MAX(sequence) FROM event"), 2);
  ExpectGaplessEvents();
}

TEST_P(WriteTest, EachBootWritesUnderANewWriter) {
  if (GetParam() == testing::DatabaseKind::kSqliteMemory) return;  // Each opening is a new one.
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  database_.reset();
  auto again = place_->Open(Options());
  ASSERT_THAT(again, IsOk());
  database_ = *std::move(again);
  ASSERT_EQ(Write(NewNote("b")), WriteOutcome::kCommitted);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM writer"), 2);
  EXPECT_EQ(Count("SELECT COUNT(DISTINCT writer) FROM event WHERE sequence = 1"), 2);
}

TEST_P(WriteTest, ASetOfAnotherOpeningIsSeen) {
  if (GetParam() == testing::DatabaseKind::kSqliteMemory) return;
  auto other = place_->Open(Options());
  ASSERT_THAT(other, IsOk());
  ASSERT_EQ((*other)->WriteAndWait(NewNote("a")).outcome, WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists("a"));
  EXPECT_EQ(Write(NewNote("a")), WriteOutcome::kDuplicate);
  EXPECT_EQ(Write(ChangeNote("a", 1)), WriteOutcome::kCommitted);
  EXPECT_EQ((*other)->WriteAndWait(ChangeNote("a", 1)).outcome, WriteOutcome::kStale);
}

TEST_P(WriteTest, ASetWhoseDeadlineHasPassedIsNotStarted) {
  WriteOptions options;
  options.deadline = std::chrono::steady_clock::now() - std::chrono::milliseconds(1);
  EXPECT_EQ(database().WriteAndWait(NewNote("a"), options).outcome, WriteOutcome::kUnavailable);
  EXPECT_FALSE(Exists("a"));
}

TEST_P(WriteTest, ASetOfItsOwnIsCommittedAlone) {
  WriteOptions options;
  options.alone = true;
  EXPECT_EQ(database().WriteAndWait(NewNote("a"), options).outcome, WriteOutcome::kCommitted);
  EXPECT_TRUE(Exists("a"));
}

TEST_P(WriteTest, ClosingFinishesWhatWasAccepted) {
  if (GetParam() == testing::DatabaseKind::kSqliteMemory) return;
  std::atomic<int> committed{0};
  for (int i = 0; i < 200; ++i) {
    database().Write(NewNote("n" + std::to_string(i)), {}, [&committed](const WriteResult& result) {
      if (result.committed()) ++committed;
    });
  }
  database_.reset();
  EXPECT_EQ(committed, 200);
  database_ = *place_->Open(Options());
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), 200);
}

TEST_P(WriteTest, TheMetricsCountSetsAndCommits) {
  const DatabaseMetrics before = database().Metrics();
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kCommitted);
  ASSERT_EQ(Write(NewNote("a")), WriteOutcome::kDuplicate);
  const DatabaseMetrics after = database().Metrics();
  EXPECT_EQ(after.write_sets - before.write_sets, 1);
  EXPECT_EQ(after.batches - before.batches, 1);
  EXPECT_EQ(after.queued, 0);
}

TEST_P(WriteTest, ManyValuesInOneStatementAreKept) {
  WriteSet set;
  for (int i = 0; i < 300; ++i) {
    set.Insert(
        "INSERT INTO note (authority, id, version, title, label, seen_at, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {kAuthority, "n" + std::to_string(i), i, "title", "l" + std::to_string(i), i,
         Bytes{std::string(1200, 'b')}});
  }
  ASSERT_EQ(Write(set), WriteOutcome::kCommitted);
  EXPECT_EQ(Count("SELECT SUM(seen_at) FROM note"), 299 * 300 / 2);
}

}  // namespace
}  // namespace asc::db
