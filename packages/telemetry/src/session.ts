import type { Attributes } from '@opentelemetry/api';
import { ATTRIBUTE } from './conventions.ts';
import { versionLabel } from './known-words.ts';
import type { BoundSdk } from './registered-sdk.ts';
import type { Trouble } from './trouble.ts';

export interface SessionAbout {
  /** Which end of the session this process is. */
  readonly role: 'server' | 'client';
  /** `pipe` on stdio, `tcp` over HTTP. */
  readonly transport?: string;
  /** The revision of MCP, such as `2025-11-25`, if it is known at the beginning. */
  readonly protocolVersion?: string;
}

export interface Session {
  /**
   * Ends it; only the first time counts.
   *
   * @param how the revision, if it became known later; `errorType` when it did not end well: few different words
   */
  end(how?: { readonly protocolVersion?: string; readonly errorType?: string }): void;
}

interface SessionParts {
  readonly now: () => number;
  sdk(): BoundSdk | undefined;
  readonly trouble: Trouble;
}

export function startSession(about: SessionAbout, { now, trouble, ...parts }: SessionParts): Session {
  const since = now();
  let isOpen = true;
  return {
    end(how = {}) {
      if (!isOpen) return;
      isOpen = false;
      const seconds = (now() - since) / 1000;
      const version = versionLabel(how.protocolVersion ?? about.protocolVersion);
      const attributes: Attributes = {};
      if (version !== undefined) attributes[ATTRIBUTE.protocolVersion] = version;
      if (about.transport !== undefined) attributes[ATTRIBUTE.transport] = about.transport;
      if (how.errorType !== undefined) attributes[ATTRIBUTE.errorType] = how.errorType;
      trouble.keep(() => {
        const durations = parts.sdk()?.durations;
        const histogram = about.role === 'server' ? durations?.serverSession : durations?.clientSession;
        histogram?.record(seconds, attributes);
      });
    },
  };
}
