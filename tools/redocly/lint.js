// Judges one OpenAPI document: node lint.js OPENAPI.JSON. Ends with 1 when there is a finding.
// The linter's library rather than its command, which asks the network for newer versions and
// reports what it is used for.
'use strict';

const { createConfig, formatProblems, lint } = require('@redocly/openapi-core');

// All that the linter recommends, its warnings included, and what makes a description readable.
const config = {
  extends: ['recommended-strict'],
  rules: {
    // The project has not chosen a licence yet.
    'info-license': 'off',
    'no-ambiguous-paths': 'error',
    'operation-description': 'error',
    'operation-operationId': 'error',
    'operation-operationId-unique': 'error',
    'parameter-description': 'error',
    'no-invalid-parameter-examples': 'error',
    'no-invalid-schema-examples': 'error',
    'no-required-schema-properties-undefined': 'error',
    'no-schema-type-mismatch': 'error',
    'operation-singular-tag': 'error',
    'tag-description': 'error',
    'tags-alphabetical': 'error',
    'spec-components-invalid-map-name': 'error',
    'no-unused-components': 'error',
  },
};

async function main(file) {
  const problems = await lint({ ref: file, config: await createConfig(config) });
  formatProblems(problems, { format: 'stylish', maxProblems: 50 });
  if (problems.length === 0) console.log('lint-openapi: no finding');
  return problems.length === 0 ? 0 : 1;
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error) => {
    console.error(`lint-openapi: ${error.message}`);
    process.exit(2);
  },
);
