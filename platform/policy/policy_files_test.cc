// Loading, refusing and archiving policies. Any message with `authority` and `version` will do.

#include "platform/policy/policy_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "asc/type/v1/decision.pb.h"
#include "platform/db/database.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/temp_folder.h"

namespace asc::policy {
namespace {

using asc::testing::IsOk;
using asc::testing::StatusIs;
using Content = asc::type::v1::PolicyVersion;

class PolicyFilesTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() + "/" + name) << text;
  }
  absl::StatusOr<std::unique_ptr<PolicySet>> Load(const Check& check = nullptr) {
    return PolicySet::Load(folder_.path(), Content(), check);
  }

  asc::testing::TempFolder folder_;
};

TEST_F(PolicyFilesTest, ServesWhatTheFilesSay) {
  Write("north.textproto", "# why\nauthority: \"north\" version: \"1\" hash: \"x\"");
  Write("notes.txt", "not a policy");
  const auto set = Load();
  ASSERT_THAT(set, IsOk());
  const auto policy = (*set)->Find("north");
  ASSERT_THAT(policy, IsOk());
  EXPECT_EQ((*policy)->version.version(), "1");
  EXPECT_EQ((*policy)->version.hash().size(), 64U);
  EXPECT_EQ(static_cast<const Content&>(*(*policy)->content).hash(), "x");
}

TEST_F(PolicyFilesTest, RefusesAnAuthorityWithoutAFile) {
  Write("north.textproto", "authority: \"north\" version: \"1\"");
  const auto set = Load();
  ASSERT_THAT(set, IsOk());
  EXPECT_THAT((*set)->Find("south"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PolicyFilesTest, NamesFileLineAndColumnOfAMisspeltField) {
  Write("north.textproto", "authority: \"north\"\nversoin: \"1\"");
  const auto set = Load();
  ASSERT_THAT(set, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_NE(std::string(set.status().message()).find("north.textproto:2:"), std::string::npos)
      << set.status();
}

TEST_F(PolicyFilesTest, RefusesARepeatedField) {
  Write("north.textproto", "authority: \"north\" version: \"1\" version: \"2\"");
  EXPECT_THAT(Load(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PolicyFilesTest, RefusesTwoFilesForOneAuthority) {
  Write("a.textproto", "authority: \"north\" version: \"1\"");
  Write("b.textproto", "authority: \"north\" version: \"2\"");
  EXPECT_THAT(Load(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PolicyFilesTest, RefusesAnEmptyFolderAMissingOneAndAMissingCode) {
  EXPECT_THAT(Load(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(PolicySet::Load("/nowhere", Content()), StatusIs(absl::StatusCode::kInvalidArgument));
  Write("north.textproto", "version: \"1\"");
  EXPECT_THAT(Load(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PolicyFilesTest, RefusesWhatTheServiceOwnCheckRefuses) {
  Write("north.textproto", "authority: \"north\" version: \"1\"");
  const auto set = Load([](const google::protobuf::Message&) {
    return absl::InvalidArgumentError("hash: required");
  });
  ASSERT_THAT(set, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_NE(std::string(set.status().message()).find("hash: required"), std::string::npos);
}

TEST_F(PolicyFilesTest, FindsEveryPolicyThisDatabaseHasSeen) {
  const auto database = db::Open("sqlite::memory:");
  ASSERT_THAT(database, IsOk());
  Write("north.textproto", "authority: \"north\" version: \"1\"");
  const auto old = Load();
  ASSERT_THAT(old, IsOk());
  ASSERT_THAT((*old)->Archive(**database), IsOk());
  const std::string old_hash = (*(*old)->Find("north"))->version.hash();

  Write("north.textproto", "authority: \"north\" version: \"2\"");
  const auto next = Load();
  ASSERT_THAT(next, IsOk());
  EXPECT_THAT((*next)->Find("north", old_hash), StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_THAT((*next)->Archive(**database), IsOk());
  ASSERT_THAT((*next)->Archive(**database), IsOk());
  const auto found = (*next)->Find("north", old_hash);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ((*found)->version.version(), "1");
  EXPECT_EQ((*(*next)->Find("north"))->version.version(), "2");
}

TEST_F(PolicyFilesTest, HashesContentNotLayout) {
  Write("north.textproto", "authority: \"north\" version: \"1\"");
  const auto plain = Load();
  Write("north.textproto", "# a comment\nversion: \"1\"\nauthority:   \"north\"");
  const auto laid_out = Load();
  ASSERT_THAT(plain, IsOk());
  ASSERT_THAT(laid_out, IsOk());
  EXPECT_EQ((*(*plain)->Find("north"))->version.hash(),
            (*(*laid_out)->Find("north"))->version.hash());
}

}  // namespace
}  // namespace asc::policy
