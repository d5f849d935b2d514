// A contact from outside C++: node contact.js HOST:PORT [authority]. Ends with 0 when everything
// was answered as the contracts promise.
'use strict';

const assert = require('assert');
const { randomUUID } = require('crypto');
const { promisify } = require('util');
const grpc = require('@grpc/grpc-js');
const { asc, detailsOf } = require('./contracts');

const [address, authority = 'standard'] = process.argv.slice(2);
const plain = grpc.credentials.createInsecure();
const contacts = new asc.gateway.v1.ContactService(address, plain);
const events = new asc.events.v1.EventsService(address, plain);

// A unary method as a promise, with a deadline.
const call = (method, request) =>
  promisify((done) =>
    contacts[method](request, { deadline: Date.now() + 20000 }, done),
  )();

async function openContact() {
  const request = {
    authority,
    requestId: randomUUID(),
    channel: 'CHANNEL_TELEPHONE',
    contacting: { role: 'CONTACTING_ROLE_SELF' },
    subject: 'SUBJECT_PERSON',
    asks: ['ASK_NEW_NEED'],
    summary: 'Smells gas and cannot get out of the chair.',
    facts: { imminentDanger: 'ANSWER_YES' },
  };
  const { contact } = await call('OpenContact', request);
  console.log(`opened ${contact.contactId}, ${contact.status}`);
  for (const { ruleId, text } of contact.advice) console.log(`  at once (${ruleId}): ${text}`);

  // The answer may be lost on its way; the same request again is the same contact.
  const again = await call('OpenContact', request);
  assert.strictEqual(again.contact.contactId, contact.contactId);
  assert.notStrictEqual(contact.advice.length, 0, 'danger without advice');
  return contact.contactId;
}

async function completeAnAction(contactId) {
  const { contact } = await call('GetContact', { authority, contactId });
  console.log(`read version ${contact.version}, ${contact.steps.length} steps:`);
  for (const { kind, state } of contact.steps) console.log(`  ${kind} ${state}`);

  const action = contact.actions.find(({ state }) => state === 'ACTION_STATE_OPEN');
  assert(action, 'nothing to do for anybody');
  console.log(`doing "${action.text}"`);
  const done = await call('CompleteAction', {
    authority,
    requestId: randomUUID(),
    contactId,
    actionId: action.actionId,
    result: 'ACTION_RESULT_DONE',
    note: 'Called, and stayed on the line.',
  });
  assert.strictEqual(done.outcome, 'COMPLETION_OUTCOME_RECORDED');
  const now = done.contact.actions.find(({ actionId }) => actionId === action.actionId);
  assert.strictEqual(now.state, 'ACTION_STATE_DONE');
  console.log(`done, version ${done.contact.version}`);
}

// The events of one contact until the type comes that ends them.
function watch(contactId, last) {
  return new Promise((resolve, reject) => {
    const seen = [];
    const stream = events.Watch(
      { authority, recordTypes: ['contact'] },
      { deadline: Date.now() + 20000 },
    );
    stream.on('data', (answer) => {
      for (const event of answer.events.filter(({ recordId }) => recordId === contactId)) {
        console.log(`  event ${event.recordVersion}: ${event.type}`);
        seen.push(event);
        if (event.type === last) {
          stream.cancel();
          resolve(seen);
        }
      }
    });
    // Also the end of a stream that we have cancelled, when nobody listens any more.
    stream.on('error', reject);
    stream.on('end', () => reject(new Error(`the stream ended before ${last}`)));
  });
}

async function showARefusal() {
  const bad = { authority, person: { postcode: 'nowhere', nhsNumber: '1' } };
  const error = await call('OpenContact', bad).then(
    () => assert.fail('a request without anything was taken'),
    (refused) => refused,
  );
  assert.strictEqual(error.code, grpc.status.INVALID_ARGUMENT);
  console.log(`refused with ${grpc.status[error.code]}: ${error.details}`);
  const violations = detailsOf(error).flatMap(({ fieldViolations = [] }) => fieldViolations);
  for (const { field, description } of violations) console.log(`  ${field}: ${description}`);
  for (const name of ['request_id', 'channel', 'person.postcode', 'person.nhs_number']) {
    assert(violations.some(({ field }) => field === name), `${name} is not named`);
  }
}

async function main() {
  const contactId = await openContact();
  await completeAnAction(contactId);
  const seen = await watch(contactId, 'contact.action_completed');
  assert.deepStrictEqual(
    seen.map(({ recordVersion }) => Number(recordVersion)),
    seen.map((_, before) => before + 1),
    'the events are not in the order of the versions',
  );
  await showARefusal();
}

main().then(
  () => {
    contacts.close();
    events.close();
    console.log('all as the contracts promise');
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
