// The contracts as they are in protos/, loaded without generated code.
'use strict';

const path = require('path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const contracts = path.join(__dirname, '..', '..', '..', 'protos');
// google/api and google/rpc, from golang-github-gogo-googleapis-dev.
const googleapis =
  process.env.ASC_GOOGLEAPIS || '/usr/share/gocode/src/github.com/gogo/googleapis';

const services = protoLoader.loadSync(
  ['asc/gateway/v1/contact.proto', 'asc/events/v1/events.proto'],
  // 64-bit numbers as text and enums by their names, as in proto3's JSON.
  { includeDirs: [contracts, googleapis, '/usr/include'], longs: String, enums: String, arrays: true },
);

// The namespaces of the contracts: asc.gateway.v1.ContactService and so on.
exports.asc = grpc.loadPackageDefinition(services).asc;

const details = new protobuf.Root();
details.resolvePath = (_, file) =>
  path.join(file.startsWith('google/protobuf/') ? '/usr/include' : googleapis, file);
details.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);

function decode(type, bytes) {
  const message = details.lookupType(type);
  return message.toObject(message.decode(bytes), { longs: String, arrays: true });
}

// What a failed call says beyond its code, from the google.rpc.Status in its trailing metadata:
// for example {type: 'google.rpc.BadRequest', fieldViolations: [{field, description}]}.
exports.detailsOf = (error) =>
  error.metadata.get('grpc-status-details-bin').flatMap((status) =>
    decode('google.rpc.Status', status).details.map((any) => {
      const type = any.type_url.split('/').pop();
      return { type, ...decode(type, any.value) };
    }),
  );
