// Contacts of all kinds, opened without end while something is done to the suite; and what has to
// hold of them afterwards.

#ifndef ASC_TESTS_WORKFLOW_CONTACT_TRAFFIC_H_
#define ASC_TESTS_WORKFLOW_CONTACT_TRAFFIC_H_

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/gateway/v1/contact.pb.h"
#include "tests/contacts/contact_case.pb.h"
#include "tests/support/suite.h"

namespace asc::testing {

// The contact files, each as often as it comes round. Facts that arrive later in a file are added
// at once; what a file demands last is what the contact has to come to.
class ContactTraffic {
 public:
  struct Options {
    int callers = 4;
    // From the start of one contact to the start of the caller's next.
    std::chrono::milliseconds pause{0};
  };
  // A contact that was acknowledged, and what its file demands of it in the end.
  struct Taken {
    std::string authority;
    const tests::contacts::Expected* expected = nullptr;
  };

  // Puts into the records what the files want to find there, then starts. Both must outlive it.
  static absl::StatusOr<std::unique_ptr<ContactTraffic>> Start(
      Suite& suite, const std::vector<tests::contacts::ContactCase>& cases, const Options& options);
  ~ContactTraffic() { Stop(); }

  // Each caller ends with the contact it is at.
  void Stop();

  // Contacts begun so far; may be asked at any time.
  int begun() const { return begun_; }

  // After Stop: by contact id.
  const std::map<std::string, Taken>& taken() const { return taken_; }
  // How often a call had to be made again.
  int repeated() const { return repeated_; }
  // Calls refused for good, of which there should be none.
  const std::vector<std::string>& wrong() const { return wrong_; }
  // Answers without the step that must be there even when every service is down.
  int without_safeguarding() const { return without_safeguarding_; }

 private:
  // One caller's way to the gateway.
  struct Connection;

  explicit ContactTraffic(const std::vector<tests::contacts::ContactCase>& cases) : cases_(cases) {}
  void Run(Connection& connection, int caller, const Options& options);
  void PlayOne(Connection& connection, const tests::contacts::ContactCase& played,
               const std::string& person_id, int wait_ms);
  // Makes the call until it is acknowledged or refused for good; whether it was acknowledged.
  template <class Method, class Request, class Response>
  bool Repeat(Connection& connection, Method method, const Request& request, Response& response);

  const std::vector<tests::contacts::ContactCase>& cases_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> begun_{0};
  std::vector<std::thread> callers_;
  std::mutex mutex_;
  std::map<std::string, Taken> taken_;
  std::vector<std::string> wrong_;
  int repeated_ = 0;
  int without_safeguarding_ = 0;
};

// Waits at most `timeout` until the automatic work of all these contacts is over. Then what is
// wrong with them, one line each, at most ten: contacts not kept, kept twice or different from
// what their files demand; records that a service made twice, or for nobody. Empty: nothing is.
std::vector<std::string> FaultsAfter(Suite& suite,
                                     const std::map<std::string, ContactTraffic::Taken>& taken,
                                     std::chrono::seconds timeout);

}  // namespace asc::testing

#endif  // ASC_TESTS_WORKFLOW_CONTACT_TRAFFIC_H_
