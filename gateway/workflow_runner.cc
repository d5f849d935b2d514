#include "gateway/workflow_runner.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/contact_view.h"
#include "gateway/contact_workflow.h"
#include "gateway/step_failures.h"
#include "gateway/timers.h"
#include "platform/log/log.h"
#include "platform/rpc/pool.h"

namespace asc::gateway {
namespace {

using journal::StoredStep;
using std::chrono::steady_clock;

// What is read at once when contacts are taken up; the rest follows as soon as these are on their
// way.
constexpr int kDueMax = 64;
constexpr std::chrono::milliseconds kNextScan{50};
// What a restart takes up at once. More than this is found as its leases run out.
constexpr int kLeftBehindMax = 2000;
// Contacts worked on at a time that were taken up and not just opened.
constexpr std::size_t kRunsMax = 1024;
// Journals kept between being decided on and being worked on: one per write under way is enough.
constexpr std::size_t kRememberedMax = 2048;
// Before a write or read that the database refused is tried again.
constexpr std::chrono::milliseconds kStorageRetry{250};
constexpr std::chrono::seconds kWriteTimeout{5};

// Tasks of the runner are the second half of work already accepted, so its own queue has no bound
// of its own; what comes in is bounded by the adapter and by kRunsMax.
constexpr std::size_t kQueueMax = 1 << 20;

// What the steps of a contact ask of other services.
constexpr char kPermissions[] =
    "referral.check,referral.open,referral.update,contact.route,review.decide,review.write,"
    "advocacy.check,advocacyNeed.open,advocacyNeed.checkHold,funding.check,fundingRequest.open,"
    "directory.search,advice.record";

using StepKey = std::pair<int, int>;
StepKey KeyOf(const StoredStep& step) { return {step.facts_revision(), step.kind()}; }

const StoredStep* Find(const Journal& journal, const StepKey& key) {
  const auto found = std::find_if(journal.steps.begin(), journal.steps.end(),
                                  [&key](const StoredStep& step) { return KeyOf(step) == key; });
  return found == journal.steps.end() ? nullptr : &*found;
}

bool HasRunning(const Journal& journal) {
  return std::any_of(journal.steps.begin(), journal.steps.end(),
                     [](const StoredStep& step) { return step.state() == v1::STEP_STATE_RUNNING; });
}

std::string ContactKey(const std::string& authority, const std::string& contact_id) {
  return authority + " " + contact_id;
}

double Jitter() {
  thread_local std::minstd_rand random{std::random_device()()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

steady_clock::time_point SteadyAt(absl::Time time, absl::Time now) {
  return steady_clock::now() +
         absl::ToChronoMilliseconds(std::max(absl::ZeroDuration(), time - now));
}

// What a service answered to one step.
struct Ended {
  StepKey key;
  absl::StatusOr<std::string> answer;
};

// One contact being worked on. `box` is the mail for it, under the runner's mutex; the rest belongs
// to the one turn that is being taken.
struct Run {
  std::string authority;
  std::string contact_id;

  struct Box {
    std::vector<Ended> ended;
    std::optional<db::WriteResult> written;
    bool reload = false;
    bool nudged = false;
    bool resumed = false;
    bool empty() const {
      return ended.empty() && !written.has_value() && !reload && !nudged && !resumed;
    }
  } box;
  bool scheduled = false;
  bool gone = false;

  std::optional<Journal> journal;
  bool reload = false;
  std::set<StepKey> in_flight;
  std::vector<Ended> ended;
  // The write under way: what it makes of the journal, and how many of `ended` are in it.
  bool writing = false;
  Journal after;
  std::size_t recording = 0;
  // The last write met a conflict, so the next one goes alone.
  bool alone = false;
  // The database refused; nothing is tried until the pause is over.
  bool paused = false;
};

struct Waiter {
  std::int64_t id;
  std::function<void(absl::StatusOr<v1::Contact>)> answer;
};

}  // namespace

class WorkflowRunner::Impl {
 public:
  Impl(db::Database& database, const JournalStore& store, const policy::PolicySet& policies,
       const Backends& backends, RunnerOptions options)
      : database_(database),
        store_(store),
        policies_(policies),
        backends_(backends),
        options_(std::move(options)),
        pool_(options_.threads, kQueueMax) {}

  ~Impl() { Stop(); }

  void Start() {
    Defer([this] { TakeUpLeftBehind(); });
    ScanLater(options_.poll);
  }

  void ReleaseWaiters();
  void Stop();
  Lease LeaseFor(const Lease& before, bool settled) const;
  void Remember(const Journal& journal);
  void Continue(const std::string& authority, const std::string& contact_id);
  void Await(const std::string& authority, const std::string& contact_id,
             steady_clock::time_point deadline,
             std::function<void(absl::StatusOr<v1::Contact>)> answer);

 private:
  using RunPtr = std::shared_ptr<Run>;

  // Mail and turns.
  template <class Change>
  void Post(const RunPtr& run, Change change);
  void Turn(const RunPtr& run);
  void ReadMail(const RunPtr& run, Run::Box box);
  void End(Run& run);

  // One turn of a contact.
  void Advance(const RunPtr& run);
  bool Reload(const RunPtr& run);
  void Pause(const RunPtr& run);
  void RecordEnded(const RunPtr& run, const v1::GatewayPolicy& policy);
  void BeginSteps(const RunPtr& run, const v1::GatewayPolicy& policy);
  void Release(const RunPtr& run);
  void CallService(const RunPtr& run, const StoredStep& step);
  void Write(const RunPtr& run, db::WriteSet writes);
  void AfterWrite(const RunPtr& run, const db::WriteResult& result);
  Lease LeaseAfter(const Run& run, const Journal& after) const;
  std::shared_ptr<const policy::Policy> PolicyOf(const Journal& journal) const;
  void LogFailure(const Run& run, const StoredStep& step) const;

  // Taking up.
  void TakeUpLeftBehind();
  void Scan();
  void ScanLater(std::chrono::milliseconds after);
  void TakeUp(const Work& work);
  void ClaimLater(const Journal& journal);

  // Waiters.
  void Announce(const Journal& journal);
  void TimeOut(const std::string& authority, const std::string& contact_id, std::int64_t id);
  absl::StatusOr<v1::Contact> ReadContact(const std::string& authority,
                                          const std::string& contact_id);

  // Runs `task` on the pool; Stop waits for it.
  void Defer(std::function<void()> task) {
    EnterOutside();
    pool_.Run([this, task = std::move(task)] {
      task();
      LeaveOutside();
    });
  }
  void EnterOutside() {
    const std::lock_guard lock(mutex_);
    ++outside_;
  }
  void LeaveOutside() {
    const std::lock_guard lock(mutex_);
    if (--outside_ == 0) none_outside_.notify_all();
  }
  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  db::Database& database_;
  const JournalStore& store_;
  const policy::PolicySet& policies_;
  const Backends& backends_;
  const RunnerOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable none_outside_;
  // Calls, writes and tasks that will come back to this object.
  int outside_ = 0;
  bool stopping_ = false;
  bool released_ = false;
  std::unordered_map<std::string, RunPtr> runs_;
  std::unordered_map<std::string, Journal> remembered_;
  std::deque<std::string> remembered_order_;
  std::map<std::string, std::vector<Waiter>> waiters_;
  std::int64_t next_waiter_ = 1;

  rpc::Pool pool_;
  Timers timers_;
};

// ---- Mail and turns ----

template <class Change>
void WorkflowRunner::Impl::Post(const RunPtr& run, Change change) {
  {
    const std::lock_guard lock(mutex_);
    if (run->gone) return;
    change(run->box);
    if (run->scheduled) return;
    run->scheduled = true;
  }
  Defer([this, run] { Turn(run); });
}

void WorkflowRunner::Impl::Turn(const RunPtr& run) {
  while (true) {
    Run::Box box;
    {
      const std::lock_guard lock(mutex_);
      if (run->gone || run->box.empty()) {
        run->scheduled = false;
        return;
      }
      std::swap(box, run->box);
    }
    ReadMail(run, std::move(box));
    if (!run->gone) Advance(run);
  }
}

void WorkflowRunner::Impl::ReadMail(const RunPtr& run, Run::Box box) {
  run->reload = run->reload || box.reload;
  if (box.resumed) run->paused = false;
  for (Ended& ended : box.ended) {
    run->in_flight.erase(ended.key);
    run->ended.push_back(std::move(ended));
  }
  if (box.written.has_value()) AfterWrite(run, *box.written);
}

// Nothing is left to do here. Mail that has come meanwhile is for a new run.
void WorkflowRunner::Impl::End(Run& run) {
  bool again = false;
  {
    const std::lock_guard lock(mutex_);
    run.gone = true;
    again = run.box.reload;
    runs_.erase(ContactKey(run.authority, run.contact_id));
  }
  if (again) Continue(run.authority, run.contact_id);
}

// ---- One turn of a contact ----

void WorkflowRunner::Impl::Advance(const RunPtr& run) {
  if (run->writing || run->paused) return;
  if (!run->journal.has_value() || run->reload) {
    if (!Reload(run)) return;
  }
  if (run->journal->lease.run_at_us == 0) {
    Announce(*run->journal);
    return End(*run);
  }
  const auto policy = PolicyOf(*run->journal);
  if (policy == nullptr) {
    log::Line(log::Level::kError, "policy_missing")
        .Add("authority", run->authority)
        .Add("contact_id", run->contact_id);
    return End(*run);
  }
  const auto& content = static_cast<const v1::GatewayPolicy&>(*policy->content);
  if (!run->ended.empty()) RecordEnded(run, content);
  if (!run->gone && !run->writing) BeginSteps(run, content);
}

std::shared_ptr<const policy::Policy> WorkflowRunner::Impl::PolicyOf(const Journal& journal) const {
  auto policy =
      policies_.Find(journal.contact.authority(), journal.contact.policy_version().hash());
  return policy.ok() ? *std::move(policy) : nullptr;
}

// True when there is something to work on.
bool WorkflowRunner::Impl::Reload(const RunPtr& run) {
  absl::StatusOr<Journal> journal;
  if (auto reader = database_.Read(); reader.ok()) {
    journal = store_.Load(**reader, run->authority, run->contact_id);
  } else {
    journal = reader.status();
  }
  if (absl::IsNotFound(journal.status())) {
    End(*run);
    return false;
  }
  if (!journal.ok()) {
    log::Line(log::Level::kWarning, "journal_unread").Add("contact_id", run->contact_id);
    Pause(run);
    return false;
  }
  run->reload = false;
  run->journal = *std::move(journal);
  // Another replica has it: what came back here is answered there as well.
  const Lease& lease = run->journal->lease;
  if (lease.run_at_us != 0 && lease.owner != options_.instance) {
    End(*run);
    return false;
  }
  return true;
}

void WorkflowRunner::Impl::Pause(const RunPtr& run) {
  run->paused = true;
  timers_.At(steady_clock::now() + kStorageRetry,
             [this, run] { Post(run, [](Run::Box& box) { box.resumed = true; }); });
}

void WorkflowRunner::Impl::RecordEnded(const RunPtr& run, const v1::GatewayPolicy& policy) {
  Journal after = *run->journal;
  const absl::Time now = options_.now();
  bool recorded = false;
  bool attempted = false;
  for (const Ended& ended : run->ended) {
    const StoredStep* step = Find(after, ended.key);
    if (step == nullptr || step->state() == v1::STEP_STATE_DONE ||
        step->state() == v1::STEP_STATE_PARKED) {
      continue;  // Recorded already, by whoever had the lease before.
    }
    StoredStep outcome = ended.answer.ok() ? Answered(*step, *ended.answer, policy, now)
                                           : Failed(*step, ended.answer.status(), now, Jitter());
    if (outcome.state() == v1::STEP_STATE_WAITING) {
      attempted = true;
    } else {
      recorded = true;
    }
    if (outcome.state() != v1::STEP_STATE_DONE) LogFailure(*run, outcome);
    Put(after, std::move(outcome));
  }
  run->recording = run->ended.size();
  if (!recorded && !attempted) {
    run->ended.clear();
    return;
  }
  if (recorded) {
    Intend(after, policy, now);
    Settle(after, policy, now);
    after.contact.set_version(after.contact.version() + 1);
  }
  after.lease = LeaseAfter(*run, after);
  auto writes = recorded ? store_.Change(*run->journal, after, "contact.step_recorded", "")
                         : store_.Retry(*run->journal, after);
  run->after = std::move(after);
  Write(run, std::move(writes));
}

void WorkflowRunner::Impl::BeginSteps(const RunPtr& run, const v1::GatewayPolicy& policy) {
  const Journal& journal = *run->journal;
  const absl::Time now = options_.now();
  const auto runnable = RunnableSteps(journal, policy, now);
  const bool fresh = std::any_of(runnable.begin(), runnable.end(), [&](const StoredStep& step) {
    return Find(journal, KeyOf(step)) == nullptr;
  });
  if (fresh) {
    Journal after = journal;
    Intend(after, policy, now);
    Settle(after, policy, now);
    after.contact.set_version(after.contact.version() + 1);
    after.lease = LeaseAfter(*run, after);
    auto writes = store_.Change(journal, after, "contact.step_recorded", "");
    run->after = std::move(after);
    run->recording = 0;
    return Write(run, std::move(writes));
  }
  const bool begin = !stopping();
  for (const StoredStep& step : runnable) {
    if (begin && !run->in_flight.contains(KeyOf(step))) CallService(run, step);
  }
  if (!run->in_flight.empty()) return;
  if (!begin) return End(*run);
  Release(run);
}

// Nothing can be done now: gives the contact back until its next attempt.
void WorkflowRunner::Impl::Release(const RunPtr& run) {
  const Lease lease = LeaseAfter(*run, *run->journal);
  if (lease.run_at_us == run->journal->lease.run_at_us) {
    // Ends first: a claim that is due at once must not find this run still there.
    End(*run);
    return ClaimLater(*run->journal);
  }
  run->after = *run->journal;
  run->after.lease = lease;
  run->recording = 0;
  Write(run, store_.Retry(*run->journal, run->after));
}

// Kept while something is called or about to be, given back until the next attempt otherwise.
Lease WorkflowRunner::Impl::LeaseAfter(const Run& run, const Journal& after) const {
  const std::int64_t token = run.journal->lease.token;
  if (Settled(after)) return Lease{options_.instance, token + 1, 0};
  if (HasRunning(after) || !run.in_flight.empty()) {
    return Lease{options_.instance, token, absl::ToUnixMicros(options_.now() + options_.lease)};
  }
  return Lease{options_.instance, token + 1, absl::ToUnixMicros(NextAttempt(after))};
}

void WorkflowRunner::Impl::CallService(const RunPtr& run, const StoredStep& step) {
  const StepKey key = KeyOf(step);
  run->in_flight.insert(key);
  rpc::Client* client = backends_.Find(run->authority, step.service());
  if (client == nullptr) {
    return Post(run, [&key](Run::Box& box) {
      box.ended.push_back({key, absl::UnavailableError("no endpoint")});
    });
  }
  rpc::Client::CallOptions options;
  options.timeout = options_.call_timeout;
  // In the name of whoever opened the contact: who asked for money may not agree it (FD1).
  const std::string& opened_by = run->journal->contact.opened_by();
  options.metadata = {{"asc-subject", opened_by.empty() ? "gateway" : opened_by},
                      {"asc-authorities", run->authority},
                      {"asc-permissions", kPermissions},
                      {"asc-purpose", "contact"},
                      {"x-correlation-id", run->contact_id}};
  EnterOutside();
  client->Call(step.method(), step.request(), options,
               [this, run, key](absl::StatusOr<std::string> answer) {
                 Post(run, [&](Run::Box& box) { box.ended.push_back({key, std::move(answer)}); });
                 LeaveOutside();
               });
}

void WorkflowRunner::Impl::Write(const RunPtr& run, db::WriteSet writes) {
  run->writing = true;
  const db::WriteOptions options{.deadline = steady_clock::now() + kWriteTimeout,
                                 .alone = run->alone};
  EnterOutside();
  database_.Write(std::move(writes), options, [this, run](const db::WriteResult& result) {
    Post(run, [&result](Run::Box& box) { box.written = result; });
    LeaveOutside();
  });
}

void WorkflowRunner::Impl::AfterWrite(const RunPtr& run, const db::WriteResult& result) {
  run->writing = false;
  switch (result.outcome) {
    case db::WriteOutcome::kCommitted:
      run->alone = false;
      run->journal = std::move(run->after);
      run->ended.erase(run->ended.begin(),
                       run->ended.begin() + static_cast<std::ptrdiff_t>(run->recording));
      return;
    case db::WriteOutcome::kDuplicate:
    case db::WriteOutcome::kStale:
    case db::WriteOutcome::kConflict:
    case db::WriteOutcome::kUnknown:
      // Somebody else wrote, or it is not known whether this was written: look and decide again.
      run->reload = true;
      run->alone = result.outcome == db::WriteOutcome::kConflict ||
                   result.outcome == db::WriteOutcome::kUnknown;
      return;
    case db::WriteOutcome::kUnavailable:
    case db::WriteOutcome::kFull:
      return Pause(run);
    case db::WriteOutcome::kFault:
      // The lease runs out, and whoever takes the contact up sends the same bytes again.
      log::Line(log::Level::kError, "journal_unwritten")
          .Add("contact_id", run->contact_id)
          .Add("cause", result.message);
      return End(*run);
  }
}

void WorkflowRunner::Impl::LogFailure(const Run& run, const StoredStep& step) const {
  log::Line(log::Level::kWarning, "step_failed")
      .Add("contact_id", run.contact_id)
      .Add("method", step.method())
      .Add("attempts", step.attempts())
      .Add("parked", step.state() == v1::STEP_STATE_PARKED)
      .Add("failure", step.failure());
}

// ---- Taking up ----

void WorkflowRunner::Impl::TakeUpLeftBehind() {
  auto reader = database_.Read();
  if (!reader.ok()) return;  // The scan finds them when their leases have run out.
  const auto work = JournalStore::LeftBehind(**reader, options_.instance, kLeftBehindMax);
  if (!work.ok()) return;
  for (const Work& item : *work) TakeUp(item);
}

void WorkflowRunner::Impl::ScanLater(std::chrono::milliseconds after) {
  timers_.At(steady_clock::now() + after, [this] { Defer([this] { Scan(); }); });
}

void WorkflowRunner::Impl::Scan() {
  std::chrono::milliseconds next = options_.poll;
  auto reader = database_.Read();
  if (reader.ok()) {
    const auto work = JournalStore::Due(**reader, options_.now(), kDueMax);
    reader->reset();
    if (work.ok()) {
      for (const Work& item : *work) TakeUp(item);
      if (work->size() == kDueMax) next = kNextScan;
    }
  }
  ScanLater(next);
}

void WorkflowRunner::Impl::TakeUp(const Work& work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || runs_.size() >= kRunsMax) return;
    if (runs_.contains(ContactKey(work.authority, work.contact_id))) return;
    ++outside_;
  }
  database_.Write(JournalStore::Take(work, LeaseFor(work.lease, false)), {},
                  [this, work](const db::WriteResult& result) {
                    if (result.committed()) Continue(work.authority, work.contact_id);
                    LeaveOutside();
                  });
}

void WorkflowRunner::Impl::ClaimLater(const Journal& journal) {
  const absl::Time now = options_.now();
  const Work work{journal.contact.authority(), journal.contact.contact_id(), journal.lease};
  timers_.At(SteadyAt(absl::FromUnixMicros(journal.lease.run_at_us), now),
             [this, work] { Defer([this, work] { TakeUp(work); }); });
}

// ---- Waiters ----

void WorkflowRunner::Impl::Announce(const Journal& journal) {
  std::vector<Waiter> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto found =
        waiters_.find(ContactKey(journal.contact.authority(), journal.contact.contact_id()));
    if (found == waiters_.end()) return;
    waiting = std::move(found->second);
    waiters_.erase(found);
  }
  const v1::Contact contact = Present(journal);
  for (Waiter& waiter : waiting) waiter.answer(contact);
}

absl::StatusOr<v1::Contact> WorkflowRunner::Impl::ReadContact(const std::string& authority,
                                                              const std::string& contact_id) {
  auto reader = database_.Read();
  if (!reader.ok()) return std::move(reader).status();
  const auto journal = store_.Load(**reader, authority, contact_id);
  if (!journal.ok()) return journal.status();
  return Present(*journal);
}

void WorkflowRunner::Impl::TimeOut(const std::string& authority, const std::string& contact_id,
                                   std::int64_t id) {
  std::optional<Waiter> late;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiters_.find(ContactKey(authority, contact_id));
    if (found == waiters_.end()) return;
    auto& waiting = found->second;
    const auto place = std::find_if(waiting.begin(), waiting.end(),
                                    [id](const Waiter& waiter) { return waiter.id == id; });
    if (place == waiting.end()) return;
    late = std::move(*place);
    waiting.erase(place);
    if (waiting.empty()) waiters_.erase(found);
  }
  late->answer(ReadContact(authority, contact_id));
}

void WorkflowRunner::Impl::Await(const std::string& authority, const std::string& contact_id,
                                 steady_clock::time_point deadline,
                                 std::function<void(absl::StatusOr<v1::Contact>)> answer) {
  std::int64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    id = next_waiter_++;
    waiters_[ContactKey(authority, contact_id)].push_back({id, std::move(answer)});
    if (released_) deadline = steady_clock::time_point::min();
  }
  auto time_out = [this, authority, contact_id, id] {
    Defer([this, authority, contact_id, id] { TimeOut(authority, contact_id, id); });
  };
  if (deadline <= steady_clock::now()) return time_out();
  timers_.At(deadline, std::move(time_out));
}

void WorkflowRunner::Impl::ReleaseWaiters() {
  std::vector<std::tuple<std::string, std::string, std::int64_t>> waiting;
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
    for (const auto& [key, waiters] : waiters_) {
      const auto space = key.find(' ');
      for (const Waiter& waiter : waiters) {
        waiting.emplace_back(key.substr(0, space), key.substr(space + 1), waiter.id);
      }
    }
  }
  for (const auto& [authority, contact_id, id] : waiting) TimeOut(authority, contact_id, id);
}

// ---- The rest ----

Lease WorkflowRunner::Impl::LeaseFor(const Lease& before, bool settled) const {
  return Lease{options_.instance, before.token + 1,
               settled ? 0 : absl::ToUnixMicros(options_.now() + options_.lease)};
}

void WorkflowRunner::Impl::Remember(const Journal& journal) {
  const std::string key = ContactKey(journal.contact.authority(), journal.contact.contact_id());
  const std::lock_guard lock(mutex_);
  if (remembered_.insert_or_assign(key, journal).second) remembered_order_.push_back(key);
  while (remembered_order_.size() > kRememberedMax) {
    remembered_.erase(remembered_order_.front());
    remembered_order_.pop_front();
  }
}

void WorkflowRunner::Impl::Continue(const std::string& authority, const std::string& contact_id) {
  const std::string key = ContactKey(authority, contact_id);
  RunPtr run;
  {
    const std::lock_guard lock(mutex_);
    RunPtr& place = runs_[key];
    if (place == nullptr) {
      place = std::make_shared<Run>();
      place->authority = authority;
      place->contact_id = contact_id;
      const auto remembered = remembered_.find(key);
      if (remembered != remembered_.end()) {
        place->journal = std::move(remembered->second);
        remembered_.erase(remembered);
      }
    } else {
      remembered_.erase(key);
      place->box.reload = true;
    }
    run = place;
  }
  Post(run, [](Run::Box& box) { box.nudged = true; });
}

void WorkflowRunner::Impl::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  timers_.Stop();
  ReleaseWaiters();
  std::unique_lock lock(mutex_);
  none_outside_.wait(lock, [this] { return outside_ == 0; });
}

WorkflowRunner::WorkflowRunner(db::Database& database, const JournalStore& store,
                               const policy::PolicySet& policies, const Backends& backends,
                               RunnerOptions options)
    : impl_(std::make_unique<Impl>(database, store, policies, backends, std::move(options))) {}
WorkflowRunner::~WorkflowRunner() = default;
void WorkflowRunner::Start() { impl_->Start(); }
void WorkflowRunner::ReleaseWaiters() { impl_->ReleaseWaiters(); }
void WorkflowRunner::Stop() { impl_->Stop(); }
Lease WorkflowRunner::LeaseFor(const Lease& before, bool settled) const {
  return impl_->LeaseFor(before, settled);
}
void WorkflowRunner::Remember(const Journal& journal) { impl_->Remember(journal); }
void WorkflowRunner::Continue(const std::string& authority, const std::string& contact_id) {
  impl_->Continue(authority, contact_id);
}
void WorkflowRunner::Await(const std::string& authority, const std::string& contact_id,
                           std::chrono::steady_clock::time_point deadline,
                           std::function<void(absl::StatusOr<v1::Contact>)> answer) {
  impl_->Await(authority, contact_id, deadline, std::move(answer));
}

}  // namespace asc::gateway
