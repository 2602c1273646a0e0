import { afterEach, describe, expect, it } from 'vitest';
import { checkPolicy } from '@sallyport/policy';
import { PolicyFolder } from '../../../test/support/policy-file.ts';

let folder: PolicyFolder | undefined;
afterEach(() => folder?.dispose());

const RULES = `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
`;

async function problems(audit: string): Promise<readonly string[]> {
  folder = new PolicyFolder(`${RULES}${audit}`);
  const { problems: found } = await checkPolicy(folder.path);
  return found.map(({ severity, line, message }) => `${severity} ${line} ${message}`);
}

describe('audit in a policy', () => {
  it.each([
    'audit: { file: ./audit.jsonl }',
    'audit: { journal: { folder: ./audit, key: "keystore:audit-key" } }',
    `audit:
  arguments: sealed
  personal: { key: 'env:AUDIT_PERSONAL' }
  journal: { folder: ./audit, key: ['env:AUDIT_KEY', 'keystore:audit-key'], keepDays: 400, onFailure: block, blockSeconds: 2 }
  sinks:
    soc: { type: syslog, address: 'siem.example:6514', ca: ./ca.pem, format: cef, only: { types: [outcome, event] } }
    relay: { type: relp, address: '[2001:db8::1]:2514' }
    search: { type: elasticsearch, url: 'https://es.example:9200', index: logs-sallyport-default, authorization: 'env:ES_KEY' }
    indexer: { type: splunk, url: 'https://hec.example:8088', token: 'env:HEC_TOKEN', index: audit }
    hook: { type: webhook, url: 'https://hook.example/audit', secret: 'env:HOOK_SECRET' }
    collector: { type: otlp, url: 'http://127.0.0.1:4318', dangerouslyWithoutTls: true }
    bus: { type: nats, url: 'tls://nats.example:4222', subject: audit.sallyport, credentials: 'file:///run/secrets/nats.creds' }
    copy: { type: file, file: ./audit.ocsf.jsonl }`,
  ])('is taken as it is: %#', async (audit) => {
    expect(await problems(audit)).toEqual([]);
  });

  it.each([
    ['audit: { journal: ./audit }', /^warning 3 without a key .* add "key: keystore:audit-key"/],
    ['audit: { arguments: sealed }', /^error 3 what is sealed needs a key; add "personal:/],
    ['audit: { personal: { key: "env:K" } }', /^error 3 the keys of persons need a place; add "file: /],
    [
      'audit: { sinks: { soc: { type: syslog, address: "h:1" } } }',
      /^error 3 sinks are fed from the journal.*"journal: /,
    ],
    ['audit: { journal: { folder: ./a, key: "env:K", blockSeconds: 2 } }', /belongs to "onFailure: block"/],
    ['audit: { journal: { folder: ./a, key: "env:K", onFailure: drop } }', /^warning 3 calls run unrecorded/],
    ['audit: { journal: { folder: ./a, key: "literal:x" } }', /must not stand in a policy/],
    ['audit: { journal: { folder: ./a, key: "vault://kv/a#key" } }', /secrets.providers has no vault/],
    ['audit: { journal: { folder: ./a, keys: "env:K" } }', /unknown key "keys"; did you mean "key"\?/],
    [
      'audit: { journal: { folder: ./a, key: "env:K" }, sinks: { A.b: { type: stderr } } }',
      /small letters, digits or dashes/,
    ],
    ['audit: { journal: [] }', /must be a text or a mapping/],
    ['audit: { journal: { key: "env:K" } }', /lacks "folder"; add it/],
    ['audit: { journal: { folder: ./a, keepMegabytes: 1 } }', /must be >= 32/],
  ])('says of %s what to write instead', async (audit, expected) => {
    expect(await problems(audit)).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    ['type: syslog', /a sink of type syslog needs "address"; add it/],
    ['type: syslog, address: siem.example', /is a host and a port; write siem.example:6514/],
    ['type: syslog, address: "siem.example:99999"', /is a host and a port/],
    ['type: syslog, address: "h:1", url: "https://h"', /takes no "url"; remove it/],
    ['type: slpunk, url: "https://h"', /must be one of: syslog, relp, splunk/],
    ['type: splunk, url: "http://h:8088", token: "env:T"', /records would go unencrypted; write https:/],
    ['type: splunk, url: "ftp://h", token: "env:T"', /has to begin with https:/],
    ['type: splunk, url: siem, token: "env:T"', /is no address; write https:/],
    ['type: splunk, url: "https://a:b@h", token: "env:T"', /a password does not belong into a policy/],
    ['type: splunk, url: "https://h", token: "T0K3N"', /T0K3N.*is no reference|reference/],
    ['type: elasticsearch, url: "https://h", index: a, format: cef', /takes JSON; write ocsf, ecs or json/],
    ['type: relp, address: "h:1", certificate: ./c.pem', /needs both: "certificate" and "key"/],
    ['type: relp, address: "h:1", only: { types: [] }', /nothing agrees with an empty list/],
    ['type: relp, address: "h:1", dangerouslyWithoutTls: true', /^warning \d+ whoever is on the way/],
    ['type: relp, address: "h:1", dangerouslyAllowUnauthorized: true', /^warning \d+ anybody may answer/],
    ['type: nats, url: "nats://h:4222", subject: a', /unencrypted; write tls:/],
    ['type: nats, url: "tls://h:4222", subject: "a b"', /words with dots/],
    [
      'type: relp, address: "localhost:1", dangerouslyWithoutTls: true, ca: ./ca.pem',
      /no TLS that "ca" could be/,
    ],
    ['type: elasticsearch, url: "https://h", index: UPPER', /a name in small letters/],
    ['type: elasticsearch, url: "https://h/_bulk", index: a', /write it without "\/_bulk"/],
    ['type: syslog, address: "h:1", appName: "a b"', /without a space/],
    ['type: file, file: ./a/copy.jsonl', /does not belong into the folder of the journal/],
  ])('says of a sink { %s } what to write instead', async (sink, expected) => {
    const found = await problems(
      `audit: { journal: { folder: ./a, key: "env:K" }, sinks: { soc: { ${sink} } } }`,
    );
    expect(found).toEqual([expect.stringMatching(expected)]);
  });

  it('takes plain connections to this machine without a word', async () => {
    const journal = 'journal: { folder: ./a, key: "env:K" }';
    const sink = 'soc: { type: relp, address: "localhost:2514", dangerouslyWithoutTls: true }';
    expect(await problems(`audit: { ${journal}, sinks: { ${sink} } }`)).toEqual([]);
  });
});
