import type { Profile } from './profile.ts';
import type { ToolProfile } from './tool-profile.ts';

/** More tools than any server has; what comes then is one tool to the detectors. */
const MOST_TOOLS = 2000;
const OTHER = 'other tools';

/** What is known of one server and of all its principals together. */
export class Tenant {
  readonly name: string;
  /** When it was seen first, in milliseconds since the epoch. */
  readonly first: number;
  last: number;
  calls = 0;
  readonly principals: Map<string, Profile> = new Map();
  readonly tools: Map<string, ToolProfile> = new Map();
  /** State of the detectors, in their order. */
  readonly states: (number[] | undefined)[] = [];
  /** Stands for all of the server where nobody in particular is meant. */
  readonly everybody: Profile;

  constructor(name: string, first: number) {
    this.name = name;
    this.first = first;
    this.last = first;
    this.everybody = createProfile(this, '', first);
  }

  /** What is known of a tool; nothing yet where it is new. */
  tool(name: string, traitsOf: (name: string) => number): ToolProfile {
    const known = this.tools.get(name);
    if (known !== undefined) return known;
    if (this.tools.size >= MOST_TOOLS && name !== OTHER) return this.tool(OTHER, () => 0);
    const tool = { id: this.tools.size, name, traits: traitsOf(name), users: 0, calls: 0, states: [] };
    this.tools.set(name, tool);
    return tool;
  }
}

export function createProfile(tenant: Tenant, subject: string, first: number): Profile {
  return {
    tenant,
    subject,
    first,
    last: first,
    calls: 0,
    states: [],
    told: [],
    resident: false,
    newer: undefined,
    older: undefined,
  };
}
