import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DETECTOR_IDS } from '@sallyport/anomaly';
import { checkPolicy, type LoadOptions, loadPolicy } from '@sallyport/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../../test/support/policy-file.ts';
import { isUnchanged } from '../src/load-policy.ts';

const RULES = `version: 1
authorization: { rules: 'p, role:user, *, tool:*, call' }
`;
const AUDIT = 'audit: { journal: { folder: ./audit, key: "env:K" } }\n';
const SINKS = '  sinks: { here: { type: stderr } }\n';
const NOW = Date.parse('2026-11-21T12:00:00Z');
const READY_MADE = 'policies';

const RULE = `title: Too many refusals
id: 0f7bb2a4-6a1f-4a55-9f7e-4a1c1a0b8f11
name: too_many
logsource: { product: sallyport, service: audit }
detection:
  selection: { type: outcome, status: refused }
  condition: selection
level: low
`;
const COUNTING = `title: Many servers fail
id: 3f7bb2a4-6a1f-4a55-9f7e-4a1c1a0b8f12
correlation:
  type: event_count
  rules: [too_many]
  group-by: [server]
  timespan: 5m
  condition: { gte: 3 }
level: high
`;

let folder: PolicyFolder;
beforeEach(() => {
  folder = new PolicyFolder();
});
afterEach(() => folder.dispose());

const withAlerts = (alerts: string, before = AUDIT): string => `${RULES}${before}alerts:\n${SINKS}${alerts}`;

async function problems(text: string, options: LoadOptions = {}): Promise<readonly string[]> {
  folder.write('sallyport.yaml', text);
  const { problems: found } = await checkPolicy(folder.path, {
    readyMade: READY_MADE,
    now: () => NOW,
    ...options,
  });
  return found.map(
    ({ file, severity, line, column, message }) =>
      `${severity} ${file.endsWith('sallyport.yaml') ? '' : file}${line}:${column} ${message}`,
  );
}

describe('alerts in a policy', () => {
  it('knows every detector, and no other', () => {
    const schema = JSON.parse(readFileSync('packages/policy/schema.json', 'utf8')) as {
      properties: { alerts: { properties: { detectors: { properties: object } } } };
      $defs: { alertAllowance: { properties: { detector: { enum: string[] } } } };
    };
    expect(Object.keys(schema.properties.alerts.properties.detectors.properties)).toEqual(DETECTOR_IDS);
    expect(schema.$defs.alertAllowance.properties.detector.enum).toEqual(DETECTOR_IDS);
  });

  it.each([
    '',
    '  detectors: { call-rate: { tolerance: 2, severity: high }, first-use: off }',
    "  allow: [{ detector: call-rate, subject: 'backup-*', reason: nightly }]",
    "  tools: { sensitive: ['patient_*'], sending: [mail] }",
    '  rules: [ready-made]',
    '  placeholders: { admins: [alice, bob] }',
    '  severities: { first-use: medium, "One principal sends*": low }',
    "  suppress: [{ rule: unusual-hour, weekly: { days: [sat], from: '22:00', to: '06:00', zone: Europe/Berlin }, reason: batch }]",
    '  suppress: [{ from: 2026-11-21T22:00:00Z, until: 2026-11-22T02:00:00+01:00, reason: migration }]',
    '  runbooks: https://wiki.example/runbooks/',
    '  responses: [{ rule: read-then-send, quarantine: subject, minutes: 60 }, { severity: critical, approval: target }]',
    '  severities: { server-errors: high }\n  responses: [{ rule: server-errors, severity: high, quarantine: server }]',
    '  responses: [{ rule: "*-use", severity: low, alertOnly: true }, { rule: "*", quarantine: subject }]',
    '  responses: [{ rule: denials, quarantine: subject, anonymous: true }]',
    '  responses: [{ rule: read-then-send, alertOnly: true }, { severity: high, quarantine: subject }]',
    '  runbooks: ./docs/runbooks/',
    '  responses: [{ rule: denials, alertOnly: true }, { severity: high, quarantine: subject }]',
    "  never: [monitoring, 'svc-*', files/read_*]",
  ])('is taken as it is: %#', async (alerts) => {
    expect(await problems(withAlerts(alerts))).toEqual([]);
  });

  it('takes every kind of sink', async () => {
    const sinks = `  sinks:
    oncall: { type: alertmanager, url: 'https://am.example:9093/alerts', authorization: 'env:AM', resolveMinutes: 90 }
    chat: { type: slack, url: 'env:SLACK_URL', least: high, ca: ./ca.pem }
    room: { type: mattermost, url: 'env:MATTERMOST_URL' }
    soar: { type: webhook, url: 'https://soar.example/in', secret: 'env:SOAR' }
    siem: { type: syslog, address: 'siem.example:6514', ca: ./ca.pem, format: cef }
    relay: { type: relp, address: 'relay.example:2514' }
    indexer: { type: splunk, url: 'https://hec.example:8088', token: 'env:HEC' }
    search: { type: elasticsearch, url: 'https://es.example:9200', index: alerts, format: ecs }
    collector: { type: otlp, url: 'https://otel.example:4318' }
    bus: { type: nats, url: 'tls://nats.example:4222', subject: alerts.mcp }
    copy: { type: file, file: ./alerts.jsonl }
    here: { type: stderr }`;
    expect(await problems(`${RULES}${AUDIT}alerts:\n${sinks}`)).toEqual([]);
  });

  it.each([
    ['  detectors: { call-rates: off }', /^error 6:\d+ unknown key "call-rates"; did you mean "call-rate"\?/],
    ['  detectors: { call-rate: on }', /must match pattern "\^off\$" \(off, or what is different about it\)/],
    ['  detectors: { call-rate: { tolerance: 0 } }', /must be >= 0.1/],
    ['  learning: { days: 0 }', /must be > 0/],
    ['  learning: { calls: 1.5 }', /must be integer|a integer|an integer/],
    ['  allow: [{ detector: calls }]', /must be one of: argument-shape, /],
    ['  allow: [{ reason: none }]', /^error 6:\d+ names nothing; add a detector/],
    ['  allow: [{ subject: "*" }]', /^warning 6:\d+ allows everything, .* name a detector/],
    ['  allow: [{ detector: denials }]', /^warning .* write "detectors: \{ denials: off \}"/],
    ['  tools: { sending: [] }', /^warning 6:\d+ no tool is sending then/],
    ['  suppress: [{ rule: denials }]', /lacks "reason"; add it/],
    ['  suppress: [{ rule: denials, reason: " " }]', /^error .* says nothing; write why/],
    ['  suppress: [{ reason: quiet }]', /^error .* keeps back every alert for ever; name a rule/],
    ['  suppress: [{ server: "*", reason: quiet }]', /keeps back every alert for ever/],
    [
      '  suppress: [{ from: 2026-12-02T00:00:00Z, until: 2026-12-01T00:00:00Z, reason: a }]',
      /^error .* "until" is before "from"/,
    ],
    ['  suppress: [{ until: 2026-11-20T00:00:00Z, reason: a }]', /^warning .* this is over; remove it/],
    ['  suppress: [{ until: 2026-11-30T00:00, reason: a }]', /with its offset; write 2026-11-21T22:00:00Z/],
    ['  suppress: [{ until: 2026-13-30T00:00:00Z, reason: a }]', /with its offset/],
    ["  suppress: [{ weekly: { from: '25:00', to: '06:00' }, reason: a }]", /is a time of the day/],
    [
      "  suppress: [{ weekly: { from: '22:00', to: '06:00', zone: Europe/Berln }, reason: a }]",
      /"Europe\/Berln" is no time zone; write the name of one/,
    ],
    [
      "  suppress: [{ weekly: { from: '22:00', to: '06:00', days: [saturday] }, reason: a }]",
      /must be one of: mon, tue/,
    ],
    ['  suppress: [{ rule: unusual-hours, reason: a }]', /^warning .* did you mean "unusual-hour"\?/],
    ['  severities: { read-then-sent: low }', /^warning .* did you mean "read-then-send"\?/],
    ['  severities: { denials: severe }', /must be one of: low, medium, high, critical/],
    ['  repeatMinutes: 0', /must be > 0/],
    ['  groupMinutes: 2000', /must be <= 1440/],
    ['  runbooks: https://wiki.example/runbooks', /^warning .* end it with a slash/],
    ['  responses: [{ rule: denials }]', /is one thing; write "quarantine: subject"/],
    ['  responses: [{ rule: denials, quarantine: subject, approval: subject }]', /is one thing/],
    [
      '  responses: [{ severity: critical, quarantine: target, anonymous: true }]',
      /is for responses to a subject; remove it/,
    ],
    ['  responses: [{ quarantine: subject }]', /would answer every alert; add "rule: /],
    ['  responses: [{ rule: denials, quarantine: subject, minutes: 20000 }]', /must be <= 10080/],
    ['  responses: [{ rule: denails, quarantine: subject }]', /^error .* did you mean "denials"\?/],
    [
      '  responses: [{ rule: refused-many, quarantine: subject }]',
      /^error .* although a file does; write its title: "/,
    ],
    [
      '  responses: [{ rule: nothing-known-at-all, quarantine: subject }]',
      /write the id or the title of a rule/,
    ],
    [
      '  responses: [{ rule: authentication-failures, quarantine: subject }]',
      /^error .* never say which subject they are about, .* write server$/,
    ],
    [
      '  responses: [{ rule: call-rate, quarantine: target }]',
      /never say which target .* write subject or server$/,
    ],
    [
      '  responses: [{ rule: first-use, quarantine: server }]',
      /^warning .* have the severity low and are easily caused/,
    ],
    [
      '  responses: [{ severity: medium, approval: server }]',
      /^warning .* severity medium are easily caused/,
    ],
    [
      '  detectors: { denials: off }\n  responses: [{ rule: denials, quarantine: subject }]',
      /^warning 7:\d+ the detector "denials" is off/,
    ],
    [
      '  responses: [{ rule: first-use, severity: high, quarantine: subject }]',
      /^warning 6:\d+ alerts of "first-use" are low, never high, so nothing is done; write low, or leave it out/,
    ],
    [
      '  severities: { denials: low }\n  responses: [{ rule: denials, severity: high, quarantine: subject }]',
      /^warning 7:\d+ alerts of "denials" are low, never high/,
    ],
    [
      '  responses: [{ severity: low, alertOnly: true }, { rule: denials, quarantine: subject }]',
      /^warning 6:\d+ is never reached: entries above it take all of these alerts; put it before them/,
    ],
    [
      '  responses: [{ rule: "den*", alertOnly: true }, { rule: denials, severity: high, quarantine: subject }]',
      /^warning .* is never reached/,
    ],
    [
      '  responses: [{ severity: high, alertOnly: true }, { severity: critical, quarantine: subject }]',
      /^warning .* is never reached/,
    ],
    [
      '  responses: [{ rule: bytes-out, quarantine: server }]',
      /^warning .* alerts of "bytes-out" are about what a single principal does, .* write subject$/,
    ],
    [
      '  responses: [{ severity: high, quarantine: server }]',
      /^warning .* are about what a single principal does, .* write subject$/,
    ],
    [
      '  runbooks: javascript:alert(1)/',
      /^error 6:\d+ is neither a path nor an address of pages; write https:/,
    ],
    ['  responses: [{ rule: denials, alertOnly: true, minutes: 5 }]', /however long; remove it/],
    ['  responses: [{ rule: denials, alertOnly: false }]', /must be true/],
    ['  never: ["*"]', /^warning .* this is everything/],
    ['  rules: [./not-there]', /^error 6:\d+ .*not-there is not there; write the path/],
    ['  folder: ./audit/default', /^error 6:\d+ there journals are; write another path/],
    ['  folder: ./audit', /there journals are/],
  ])('says of %s what to write instead', async (alerts, expected) => {
    expect(await problems(withAlerts(alerts))).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    [
      'type: slack, url: "https://hooks.slack.example/services/T0/B0/x"',
      /^error .* is a secret; .* env:SLACK_URL/,
    ],
    ['type: slack, url: ["env:A", "https://hooks.slack.example/T0"]', /is a secret/],
    ['type: slack, url: "literal:https://hooks.slack.example/T0"', /must not stand in a policy/],
    ['type: mattermost, url: "https://chat.example/hooks/x"', /is a secret/],
    ['type: slack', /a sink of type slack needs "url"; add it/],
    ['type: slack, url: "env:S", format: ecs', /takes no "format"; remove it/],
    ['type: alertmanager', /needs "url"; add it/],
    [
      'type: alertmanager, url: "http://am.example:9093"',
      /unencrypted; write https:\/\/\.\.\., or add "danger/,
    ],
    ['type: alertmanager, url: ["https://am.example"]', /is no address; write https:/],
    ['type: alertmanager, url: "https://a:b@am.example"', /a password does not belong into a policy/],
    [
      'type: alertmanager, url: "https://am.example", resolveMinutes: 30',
      /^warning .* again after 60 minutes/,
    ],
    ['type: alertmanager, url: "https://am.example", resolveMinutes: 0', /must be >= 1/],
    ['type: alertmanager, url: "https://am.example", authorization: "T0K3N"', /reference/],
    ['type: otlp, url: "https://o.example", resolveMinutes: 5', /takes no "resolveMinutes"; remove it/],
    ['type: webhook, url: "https://h.example"', /needs "secret"; add it/],
    ['type: relp, address: "h:1", spoolDays: 2', /unknown key "spoolDays"/],
    ['type: pagerduty, url: "https://h.example"', /must be one of: alertmanager, slack, mattermost, syslog/],
    ['type: file, file: ./audit/alerts.jsonl', /do not belong into the folder of the journal/],
  ])('says of a sink { %s } what to write instead', async (sink, expected) => {
    const found = await problems(`${RULES}${AUDIT}alerts: { sinks: { one: { ${sink} } } }`);
    expect(found).toEqual([expect.stringMatching(expected)]);
    expect(found.join()).not.toContain('hooks.slack');
  });

  it('says which server of the policy may be meant by what is never restricted', async () => {
    const servers = `${RULES}servers: { files: { command: [./files] } }\n${AUDIT}alerts:\n${SINKS}`;
    expect(await problems(`${servers}  never: [files/read, 'FI*/x', '*/read', svc-backup]`)).toEqual([]);
    expect(await problems(`${servers}  never: ['file.s/read']`)).toEqual([
      expect.stringMatching(
        /^warning 7:\d+ no server of this policy is called "file\.s"; write files\/read$/,
      ),
    ]);
  });

  it('takes a name only of small letters', async () => {
    const found = await problems(`${RULES}${AUDIT}alerts: { sinks: { A.b: { type: stderr } } }`);
    expect(found).toEqual([expect.stringMatching(/"A.b" is no name/)]);
  });

  it('says that nobody is told when there is no sink', async () => {
    expect(await problems(`${RULES}${AUDIT}alerts: {}`)).toEqual([
      expect.stringMatching(/^warning 4:\d+ nobody is told: .* "sallyport watch"/),
    ]);
  });

  it('needs a place for what is learned, and says what is lost without a journal', async () => {
    expect(await problems(withAlerts('', ''))).toEqual([
      expect.stringMatching(/^error .* needs a place; add "journal: .\/audit" under audit, .* or "folder:/),
    ]);
    expect(await problems(withAlerts('  folder: ./alerts', ''))).toEqual([
      expect.stringMatching(
        /^warning 5:\d+ without a journal each process watches its own calls alone, .* add "journal: /,
      ),
    ]);
  });
});

describe('alerts of a policy whose records hide people', () => {
  const HIDING = `audit: { personal: { key: 'env:P' }, journal: { folder: ./audit, key: "env:K" } }\n`;

  it.each([
    "  never: ['svc-*']",
    '  allow: [{ detector: call-rate, subject: backup }]',
    '  suppress: [{ subject: backup, reason: nightly }]',
  ])('never show the name in %s, and that is said', async (alerts) => {
    expect(await problems(withAlerts(alerts, HIDING))).toEqual([
      expect.stringMatching(/^warning 6:\d+ records show people under pseudonyms .* write the pseudonym/),
    ]);
  });

  it('take pseudonyms, and tools', async () => {
    const alerts = '  never: ["subject:aaaabbbbccccddddeeeeffffgg", ehr/get_*]';
    expect(await problems(withAlerts(alerts, HIDING))).toEqual([]);
  });
});

describe('the rules of a policy', () => {
  const CALLED = withAlerts('  rules: [./rules]');
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder.directory, 'rules'), { recursive: true });
    folder.write(join('rules', name), text);
  };

  it('are compiled by whoever checks it, and a problem has its place in the file of the rule', async () => {
    write('one.yaml', RULE.replace('level: low', 'level: lowest'));
    expect(await problems(CALLED)).toEqual([
      expect.stringMatching(/^error .*one\.yaml8:1 "level" is none of informational, low/),
    ]);
  });

  it('are only read at a start, which waits for no rule', async () => {
    write('one.yaml', RULE.replace('level: low', 'level: lowest'));
    folder.write('sallyport.yaml', CALLED);
    const { alerts, warnings } = await loadPolicy(folder.path);
    expect(alerts?.ruleFiles).toEqual([join(folder.directory, 'rules', 'one.yaml')]);
    expect(warnings).toEqual([]);
    await expect(loadPolicy(folder.path, { compileRules: true })).rejects.toThrow(/"level" is none of/);
  });

  it('are part of the policy: its digest, and the files that are watched', async () => {
    write('one.yaml', RULE);
    folder.write('sallyport.yaml', CALLED);
    const first = await loadPolicy(folder.path);
    expect(first.files).toEqual([
      folder.path,
      join(folder.directory, 'rules'),
      join(folder.directory, 'rules', 'one.yaml'),
    ]);
    write('one.yaml', RULE.replace('level: low', 'level: high'));
    const second = await loadPolicy(folder.path);
    write('two.yaml', COUNTING);
    const third = await loadPolicy(folder.path);
    expect(new Set([first.digest, second.digest, third.digest]).size).toBe(3);
  });

  it('are another policy as soon as one is written, taken away or added', async () => {
    write('one.yaml', RULE);
    folder.write('sallyport.yaml', CALLED);
    const policy = await loadPolicy(folder.path);
    expect(await isUnchanged(policy)).toBe(true);
    write('.one.yaml.swp', 'of an editor');
    expect(await isUnchanged(policy)).toBe(true);
    write('two.yaml', COUNTING);
    expect(await isUnchanged(policy)).toBe(false);
    rmSync(join(folder.directory, 'rules', 'two.yaml'));
    expect(await isUnchanged(policy)).toBe(true);
    write('one.yaml', `${RULE}# later`);
    expect(await isUnchanged(policy)).toBe(false);
  });

  it('in a folder without any are a slip', async () => {
    mkdirSync(join(folder.directory, 'rules'));
    expect(await problems(CALLED)).toEqual([
      expect.stringMatching(/^error 6:\d+ .*has no \*\.yaml with rules/),
    ]);
  });

  it('that are ready-made have to be there, where the policy says so', async () => {
    const options = { readyMade: undefined };
    expect(await problems(withAlerts('  rules: [ready-made]'), options)).toEqual([
      expect.stringMatching(/^error 6:\d+ the ready-made rules are not here; write the path/),
    ]);
    expect(await problems(withAlerts(''), options)).toEqual([]);
  });

  it('may be named by name, title and id in a response, which has to fit what they count', async () => {
    write('one.yaml', `${RULE}---\n${COUNTING}`);
    const named = (response: string): Promise<readonly string[]> =>
      problems(`${CALLED}\n  responses: [${response}]`);
    expect(await named('{ rule: too_many, quarantine: subject }')).toEqual([]);
    expect(await named('{ rule: Too many refusals, approval: target }')).toEqual([]);
    expect(await named('{ rule: 3f7bb2a4-6a1f-4a55-9f7e-4a1c1a0b8f12, quarantine: server }')).toEqual([]);
    expect(await named('{ rule: Many servers fail, quarantine: subject }')).toEqual([
      expect.stringMatching(/^error 7:\d+ .* never say which subject .* write server$/),
    ]);
    expect(await named('{ rule: too_many, quarantine: server }')).toEqual([
      expect.stringMatching(/^warning 7:\d+ .* severity low and are easily caused/),
    ]);
  });

  it('may be named by a pattern, which means all of them', async () => {
    write('one.yaml', `${RULE}---\n${COUNTING}`);
    const named = (rest: string): Promise<readonly string[]> => problems(`${CALLED}\n  ${rest}`);
    expect(await named("responses: [{ rule: 'too_*', quarantine: subject }]")).toEqual([]);
    expect(await named("suppress: [{ rule: 'too_*', reason: x }]")).toEqual([]);
    expect(await named("responses: [{ rule: 'far_*', quarantine: subject }]")).toEqual([
      expect.stringMatching(/^error 7:\d+ no rule or detector that is on is called "far_\*"/),
    ]);
  });

  it('have a runbook that a browser only opens', async () => {
    write('one.yaml', `${RULE}runbook: " java\\tscript:alert(1)"\n`);
    expect(await problems(CALLED)).toEqual([
      expect.stringMatching(
        /^error .*one\.yaml9:1 "runbook" is neither a path nor an address of a page; write/,
      ),
    ]);
    for (const fine of [
      'docs/runbooks/page.md',
      'https://wiki.example/a:b',
      'HTTP://wiki.example',
      './a.md#x:y',
    ]) {
      write('one.yaml', `${RULE}runbook: '${fine}'\n`);
      expect(await problems(CALLED)).toEqual([]);
    }
  });

  it('that cannot be used make no name unknown', async () => {
    write('one.yaml', RULE.replace('level: low', 'level: lowest'));
    expect(await problems(`${CALLED}\n  severities: { too_many: high }`)).toEqual([
      expect.stringMatching(/is none of informational/),
    ]);
  });
});
