// A service over asc.counter.v1, for tests and measurements of the adapter.

#ifndef ASC_PLATFORM_RPC_TESTING_COUNTER_SERVICE_H_
#define ASC_PLATFORM_RPC_TESTING_COUNTER_SERVICE_H_

#include <memory>
#include <vector>

#include "platform/db/migration.h"
#include "platform/rpc/server.h"

namespace asc::rpc {

std::vector<db::Migration> CounterSchema();
std::unique_ptr<grpc::Service> NewCounterService(Adapter& adapter);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_TESTING_COUNTER_SERVICE_H_
