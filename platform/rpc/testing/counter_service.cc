#include "platform/rpc/testing/counter_service.h"

#include "asc/counter/v1/counter.grpc.pb.h"
#include "platform/rpc/method.h"
#include "platform/status/macros.h"
#include "schema/counter_service.h"

namespace asc::rpc {
namespace {

namespace v1 = asc::counter::v1;

absl::StatusOr<v1::EchoResponse> Echo(const Call& call, const v1::EchoRequest& request) {
  v1::EchoResponse response;
  response.set_text(request.text());
  response.set_subject(call.caller->subject);
  return response;
}

void CheckEcho(const Call&, const v1::EchoRequest& request, Violations& violations) {
  if (request.text() == "forbidden") violations.Add("text", "must not be that");
}

absl::StatusOr<v1::GetCounterResponse> GetCounter(const Call& call,
                                                  const v1::GetCounterRequest& request,
                                                  db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto row, reader.QueryOne("SELECT value, version FROM counter"
                                                 " WHERE authority = ? AND counter_id = ?",
                                                 {call.authority, request.counter_id()}));
  if (!row.has_value()) return NotFound("counter", request.counter_id());
  v1::GetCounterResponse response;
  response.set_value(row->Whole(0));
  response.set_version(row->Whole(1));
  return response;
}

absl::StatusOr<Result<v1::AddToCounterResponse>> AddToCounter(
    const Call& call, const v1::AddToCounterRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto row, reader.QueryOne("SELECT value, version FROM counter"
                                                 " WHERE authority = ? AND counter_id = ?",
                                                 {call.authority, request.counter_id()}));
  const std::int64_t version = row.has_value() ? row->Whole(1) : 0;
  const std::int64_t value = (row.has_value() ? row->Whole(0) : 0) + request.amount();
  if (!request.etag().empty() && VersionOf(request.etag()) != version) {
    return StaleEtag("counter", request.counter_id(), EtagOf(version));
  }
  Result<v1::AddToCounterResponse> result;
  result.response.set_padding(std::string(static_cast<std::size_t>(request.padding_bytes()), 'x'));
  if (version == 0) {
    result.writes.Insert(
        "INSERT INTO counter (authority, counter_id, version, value) VALUES (?, ?, ?, ?)",
        {call.authority, request.counter_id(), std::int64_t{1}, value});
  } else {
    result.writes.Update(
        "UPDATE counter SET version = ?, value = ?"
        " WHERE authority = ? AND counter_id = ? AND version = ?",
        {version + 1, value, call.authority, request.counter_id(), version});
  }
  result.writes.Append({.record_type = "counter",
                        .record_id = request.counter_id(),
                        .record_version = version + 1,
                        .type = "counter.added"});
  result.response.set_value(value);
  result.response.set_version(version + 1);
  result.response.set_etag(EtagOf(version + 1));
  result.response.set_receipt_id(call.NewId());
  return result;
}

class CounterService final : public v1::CounterService::CallbackService {
 public:
  explicit CounterService(Adapter& adapter)
      : echo_(adapter, "asc.counter.v1.CounterService.Echo", &rpc::Echo, &CheckEcho),
        get_(adapter, "asc.counter.v1.CounterService.GetCounter", &rpc::GetCounter),
        add_(adapter, "asc.counter.v1.CounterService.AddToCounter", &rpc::AddToCounter) {}

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const v1::EchoRequest* request,
                                 v1::EchoResponse* response) override {
    return echo_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* GetCounter(grpc::CallbackServerContext* context,
                                       const v1::GetCounterRequest* request,
                                       v1::GetCounterResponse* response) override {
    return get_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* AddToCounter(grpc::CallbackServerContext* context,
                                         const v1::AddToCounterRequest* request,
                                         v1::AddToCounterResponse* response) override {
    return add_.Serve(context, request, response);
  }

 private:
  PureMethod<v1::EchoRequest, v1::EchoResponse> echo_;
  ReadMethod<v1::GetCounterRequest, v1::GetCounterResponse> get_;
  WriteMethod<v1::AddToCounterRequest, v1::AddToCounterResponse> add_;
};

}  // namespace

std::vector<db::Migration> CounterSchema() { return schema::counter_service(); }

std::unique_ptr<grpc::Service> NewCounterService(Adapter& adapter) {
  return std::make_unique<CounterService>(adapter);
}

}  // namespace asc::rpc
