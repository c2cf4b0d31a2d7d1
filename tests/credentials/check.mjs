// Judges credentials with strangers' code: digitalbazaar's verifier, and 1EdTech's schema where its file is given.
// Reads {cases: [{name, credential}], controller, contexts, schema?} from standard input; writes {name: {verified, errors, schema}}.
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import Ajv from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';

const given = JSON.parse(readFileSync(0, 'utf8'));
const method = given.controller.verificationMethod[0];
const known = {
  ...given.contexts,
  [given.controller.id]: given.controller,
  [method.id]: {'@context': 'https://w3id.org/security/multikey/v1', ...method},
};
const documentLoader = async url => {
  if (!(url in known)) throw new Error(`${url} is not known; nothing is fetched.`);
  return {contextUrl: null, documentUrl: url, document: known[url]};
};

let validate = () => true;
if (given.schema) {
  const ajv = new Ajv.default({strict: false, allErrors: true});
  addFormats.default(ajv);
  validate = ajv.compile(given.schema);
}

const found = {};
for (const {name, credential} of given.cases) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({credential, suite, documentLoader});
  const errors = (result.error?.errors ?? (result.error ? [result.error] : [])).map(one => one.message);
  const fits = validate(credential);
  found[name] = {verified: result.verified, errors, schema: fits ? [] : validate.errors.map(one => `${one.instancePath} ${one.message}`)};
}
process.stdout.write(JSON.stringify(found));
