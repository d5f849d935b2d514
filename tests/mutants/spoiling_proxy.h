// Stands between the conformance kit and a service, and makes the service look like a wrong one.

#ifndef ASC_TESTS_MUTANTS_SPOILING_PROXY_H_
#define ASC_TESTS_MUTANTS_SPOILING_PROXY_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/mutants/mutant.pb.h"

namespace asc::tests::mutants {

// Passes on calls with one request message and any number of answers, which it collects before it
// passes them on: a stream has to have an end. Metadata of the caller and deadlines go through.
class SpoilingProxy {
 public:
  // What has become of the calls since the last Spoil.
  struct Tally {
    int calls = 0;
    // Calls on which the mutant has changed something.
    int spoiled = 0;
    // Calls that failed on their way, which says nothing of the service: the first of them.
    std::string fault;
  };

  // Listens on a free port of the loopback.
  static absl::StatusOr<std::unique_ptr<SpoilingProxy>> Start(const std::string& target);
  ~SpoilingProxy();

  // "localhost:PORT"
  const std::string& address() const { return address_; }

  // From now on; the default mutant spoils nothing. Not while a call is under way.
  void Spoil(const Mutant& mutant);
  Tally tally() const;

 private:
  struct Exchange;
  explicit SpoilingProxy(const std::string& target);
  void Serve(grpc::ServerCompletionQueue& queue);
  bool ServeOne(grpc::ServerCompletionQueue& queue, grpc::CompletionQueue& onward);
  void Pass(Exchange& exchange, grpc::CompletionQueue& onward);
  void Forward(Exchange& exchange, grpc::CompletionQueue& onward);
  void Ask(const Mutant& mutant, Exchange& exchange, int number, grpc::CompletionQueue& onward);
  void NoteFault(const Exchange& exchange);

  grpc::GenericStub stub_;
  std::string address_;
  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;

  mutable std::mutex mutex_;
  Mutant mutant_;
  Tally tally_;
  // Calls of the mutant's method.
  int matching_ = 0;
  std::vector<std::string> first_answer_;
};

}  // namespace asc::tests::mutants

#endif  // ASC_TESTS_MUTANTS_SPOILING_PROXY_H_
