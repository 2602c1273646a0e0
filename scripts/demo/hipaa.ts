import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import color from 'picocolors';
import { CLI, print, say, title } from './stage.ts';

// A FHIR record that two people read through one policy, and a token that finds its way back.

const SERVER = resolve('scripts/demo/fhir-server.mjs');
const BUNDLE = resolve('scripts/demo/fhir-bundle.json');

const hospital = (bookings: string): string => `version: 1
extends: sallyport/policies/hipaa.yaml
servers:
  ehr:
    command: [node, ${JSON.stringify(SERVER)}]
    env: { BOOKINGS: ${JSON.stringify(bookings)} }
authorization:
  rules: |
    p, role:researcher, ehr, tool:book_follow_up, call, , allow
    p, role:physician, ehr, tool:book_follow_up, call, , allow
redaction:
  restore:
    - { tools: [ehr/book_follow_up], entities: [MRN, PERSON] }
audit: { file: ./audit.jsonl }
`;

const policyOf = (subject: string, role: string): string =>
  `version: 1
extends: ./hospital.yaml
identity: { stdio: { subject: ${subject}, roles: [${role}] } }
`;

const INDENT = 4;
/** What must reach nobody who may not see it, and no record at all. */
const IDENTIFIERS = [
  'Whitfield',
  'Eleanor',
  'Okafor',
  'MRN-7730412',
  '219-09-9999',
  '555-0132',
  'eleanor.whitfield@mail.example',
  '48 Harbor Street',
  'Gloucester',
  '01930',
  '1931-05-17',
  '2026-03-04',
  '03/18/2026',
];
/** What must come through, for everybody. */
const CLINICAL = [
  'E11.9',
  '44054006',
  'Diabetes mellitus type 2',
  '4548-4',
  'Hemoglobin A1c/Hemoglobin.total in Blood',
  '860975',
  'metformin hydrochloride 500 MG Extended Release Oral Tablet',
  '"value":8.1',
  'HbA1c 8.1 %, metformin 500 mg tolerated',
];

interface Record {
  readonly text: string;
  readonly rows: readonly (readonly [string, string])[];
  readonly patient: Patient;
}

interface Patient {
  readonly identifier: readonly { readonly value: string }[];
  readonly name: readonly { readonly family: string; readonly given: readonly string[] }[];
}

export async function hipaa(directory: string): Promise<void> {
  const bookings = join(directory, 'bookings.jsonl');
  const environment = { ...process.env, SALLYPORT_VAULT_KEY: randomBytes(32).toString('base64url') };
  writeFileSync(bookings, '');
  writeFileSync(join(directory, 'hospital.yaml'), hospital(bookings));
  writeFileSync(join(directory, 'researcher.yaml'), policyOf('rita', 'researcher'));
  writeFileSync(join(directory, 'physician.yaml'), policyOf('phil', 'physician'));
  const connect = async (policy: string): Promise<Client> => {
    const client = new Client({ name: 'demo', version: '1.0.0' });
    const args = [CLI, 'run', '--policy', policy, '--server', 'ehr'];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args,
      cwd: directory,
      env: environment,
      stderr: 'ignore',
    });
    await client.connect(transport);
    return client;
  };
  const follow = async (client: Client, name: string, number: string): Promise<unknown> => {
    const answer = await client.callTool({
      name: 'book_follow_up',
      arguments: { record_number: number, name, reason: 'HbA1c above target' },
    });
    print(`  ${color.cyan('book_follow_up')} { record_number: "${number}", name: "${name}" }`);
    const last = readFileSync(bookings, 'utf8').trimEnd().split('\n').at(-1) ?? '{}';
    say(`${color.dim('the tool received')} ${last.replaceAll(',', ', ')}`);
    say(`${color.dim('the caller sees  ')} ${textOf(answer)}`);
    print();
    if (textOf(answer).includes('Whitfield')) throw new Error('The tool told whom the token stands for.');
    return JSON.parse(last);
  };

  title('1  A record server, and a policy');
  say('The record server answers with a FHIR bundle. Its policy extends policies/hipaa.yaml:');
  print();
  for (const line of hospital('...').trimEnd().split('\n').slice(6)) print(color.dim(`  ${line}`));
  print();
  const asStored = recordFrom(readFileSync(BUNDLE, 'utf8'));
  const researcher = await connect('researcher.yaml');
  const seenByResearcher = await readRecord(researcher);

  title('2  The token finds its way back');
  say('The assistant of the researcher knows only tokens. It sends them to a tool that the policy names:');
  const [number = '', name = ''] = [
    seenByResearcher.patient.identifier[0]?.value,
    seenByResearcher.patient.name[0]?.family,
  ];
  const booked = await follow(researcher, name, number);
  await researcher.close();

  const physician = await connect('physician.yaml');
  const seenByPhysician = await readRecord(physician);
  say('Sent by somebody else, the same tokens mean nothing:');
  const foreign = await follow(physician, name, number);
  await physician.close();

  title('3  What each of them saw');
  for (const [index, [label, stored]] of asStored.rows.entries()) {
    print(`  ${color.bold(label)}`);
    say(`${color.dim('stored    ')} ${stored}`, INDENT);
    say(`${color.dim('physician ')} ${marked(seenByPhysician.rows[index]?.[1], stored)}`, INDENT);
    say(`${color.dim('researcher')} ${marked(seenByResearcher.rows[index]?.[1], stored)}`, INDENT);
  }

  title('4  The audit trail counts, and holds no value');
  const trail = readFileSync(join(directory, 'audit.jsonl'), 'utf8');
  for (const line of trail.trimEnd().split('\n')) {
    const record = JSON.parse(line) as {
      type: string;
      method?: string;
      target?: string;
      principal?: { subject: string };
      redacted?: { direction: string; entity: string; operator: string; count: number }[];
    };
    if (record.type !== 'outcome' || record.redacted === undefined) continue;
    const counts = record.redacted.map(({ entity, operator, count }) => `${entity} ${count} ${operator}`);
    print(`  ${record.principal?.subject} ${color.cyan(String(record.target))}`);
    say(counts.join(', '), INDENT);
  }
  print();
  const places = [
    { where: 'what the researcher saw', text: seenByResearcher.text },
    { where: 'the audit trail', text: trail },
    { where: 'the vault of the tokens', text: readFileSync(join(directory, 'tokens.vault'), 'latin1') },
  ];
  for (const { where, text } of places) {
    const found = IDENTIFIERS.filter((identifier) => text.includes(identifier));
    say(`${IDENTIFIERS.length} identifiers looked for in ${where}: ${color.bold(`${found.length} found`)}`);
    if (found.length > 0) throw new Error(`An identifier is in ${where}.`);
  }
  const lost = CLINICAL.filter((fact) => !seenByResearcher.text.includes(fact));
  say(
    `${CLINICAL.length} codes, values and doses: ${color.bold(`${CLINICAL.length - lost.length} came through`)}`,
  );
  if (lost.length > 0) throw new Error(`The record lost ${lost.join(', ')}.`);
  expectBooking(booked, { record_number: 'MRN-7730412', name: 'Whitfield' });
  expectBooking(foreign, { record_number: number, name });
  if (!seenByPhysician.text.includes('Whitfield')) throw new Error('The physician saw no name.');
  print();
}

async function readRecord(client: Client): Promise<Record> {
  const answer = await client.callTool({ name: 'get_record', arguments: { ward: '4B' } });
  const text = textOf(answer);
  if (JSON.stringify(JSON.parse(text)) !== JSON.stringify(answer.structuredContent))
    throw new Error('The text says something else than structuredContent.');
  return recordFrom(text);
}

function recordFrom(text: string): Record {
  const { entry } = JSON.parse(text) as { entry: { resource: unknown }[] };
  const [patient, encounter, condition, observation, medication] = entry.map(({ resource }) => resource) as [
    Fhir,
    Fhir,
    Fhir,
    Fhir,
    Fhir,
  ];
  const [name, address] = [patient.name?.[0], patient.address?.[0]];
  return {
    text: JSON.stringify({ entry }),
    patient: patient as Patient,
    rows: [
      ['name', `${name?.given.join(' ')} ${name?.family}`],
      ['record, SSN', (patient.identifier ?? []).map(({ value }) => value).join(', ')],
      ['born', String(patient.birthDate)],
      ['address', `${address?.line.join(' ')}, ${address?.city}, ${address?.state} ${address?.postalCode}`],
      ['seen by', `${encounter.participant?.[0]?.individual.display}, ${encounter.period?.start}`],
      [
        'condition',
        `${condition.code?.coding.map(({ code }) => code).join(', ')}, since ${condition.onsetDateTime}`,
      ],
      ['HbA1c', `${observation.valueQuantity?.value} %, ${observation.effectiveDateTime}`],
      ['note', String(medication.note?.[0]?.text)],
    ],
  };
}

interface Fhir extends Partial<Patient> {
  readonly birthDate?: string;
  readonly address?: readonly {
    readonly line: readonly string[];
    readonly city: string;
    readonly state: string;
    readonly postalCode: string;
  }[];
  readonly participant?: readonly { readonly individual: { readonly display: string } }[];
  readonly period?: { readonly start: string };
  readonly code?: { readonly coding: readonly { readonly code: string }[] };
  readonly onsetDateTime?: string;
  readonly valueQuantity?: { readonly value: number };
  readonly effectiveDateTime?: string;
  readonly note?: readonly { readonly text: string }[];
}

function marked(seen: string | undefined, stored: string): string {
  return seen === stored ? color.green(seen) : color.yellow(String(seen));
}

function textOf(answer: Awaited<ReturnType<Client['callTool']>>): string {
  const [block] = answer.content as readonly { readonly text?: string }[];
  return block?.text ?? '';
}

function expectBooking(
  booking: unknown,
  { record_number: number, name }: { record_number: string; name: string },
): void {
  const { record_number, name: booked } = booking as { record_number: string; name: string };
  if (record_number !== number || booked !== name) throw new Error('The tool received something else.');
}
