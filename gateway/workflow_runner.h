// Does what the workflow says: calls services, records what came of it, goes on.
//
// Why nothing is lost or done twice. A contact is worked on under a lease whose token stands in
// every write of the runner, in the same transaction as what it writes; a replica that lost its
// lease writes nothing. Before a service is called, the intention with the exact bytes is on disk;
// what came of it is written with what follows (contact_workflow.h). Whoever takes the contact up
// again, after a crash or a lapsed lease, sends the same bytes under the same request_id. No thread
// waits for a contact: what has to happen later is a moment in the contact's row, and a timer in
// the process that knows of it.
//
// Commits: the contact with its first intentions is one (by whoever opens it); each step adds one,
// with its outcome and the next intentions. Steps that end together share one.

#ifndef ASC_GATEWAY_WORKFLOW_RUNNER_H_
#define ASC_GATEWAY_WORKFLOW_RUNNER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/backends.h"
#include "gateway/journal.h"
#include "gateway/journal_store.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"

namespace asc::gateway {

struct RunnerOptions {
  // Names this replica; a restart under the same name takes up at once what its last run left.
  std::string instance = "gateway";
  // For how long nobody else takes up a contact. Longer than a call and a write together.
  absl::Duration lease = absl::Seconds(20);
  // For how long a service may take over one step.
  std::chrono::milliseconds call_timeout{5000};
  // How often the database is asked for contacts that nobody works on any more.
  std::chrono::milliseconds poll{1000};
  // Threads that read journals and decide; callers and services are never waited for on them.
  int threads = 2;
  std::function<absl::Time()> now = [] { return absl::Now(); };
};

// Thread-safe.
class WorkflowRunner {
 public:
  // All of them outlive the runner.
  WorkflowRunner(db::Database& database, const JournalStore& store,
                 const policy::PolicySet& policies, const Backends& backends,
                 RunnerOptions options = {});
  ~WorkflowRunner();

  // Takes up what was left behind, now and from time to time.
  void Start();

  // Answers everybody who waits with the contact as it stands; later Awaits do not wait.
  void ReleaseWaiters();

  // Begins nothing more, waits for calls and writes under way, ends the threads.
  void Stop();

  // The lease to write with a contact that this runner is to work on from now. `before` is the
  // contact's lease so far, a fresh one for a new contact. No lease is held once nothing automatic
  // is left to do.
  Lease LeaseFor(const Lease& before, bool settled) const;

  // Spares the runner reading a contact that is just being written. May be called in vain.
  void Remember(const Journal& journal);

  // Works on a contact that has been written with LeaseFor.
  void Continue(const std::string& authority, const std::string& contact_id);

  // Gives the contact to `answer` as soon as nothing automatic is left to do, or as it stands at
  // `deadline`. Runs `answer` exactly once, on a thread of the runner's.
  void Await(const std::string& authority, const std::string& contact_id,
             std::chrono::steady_clock::time_point deadline,
             std::function<void(absl::StatusOr<v1::Contact>)> answer);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_WORKFLOW_RUNNER_H_
