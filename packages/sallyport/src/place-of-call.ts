import type { Policy } from '@sallyport/policy';

/** On which server, and of which tool, as the policy knows them. */
export interface PlaceOfCall {
  readonly server: string;
  readonly tool?: string;
}

/**
 * What `--server` and `--tool` mean. A tool may be written as in a policy, `server/tool`. Default of the server: the only
 * one that the policy names, or `default`.
 */
export function placeOfCall(
  policy: Pick<Policy, 'servers'> | undefined,
  { server, tool }: { readonly server?: string | undefined; readonly tool?: string | undefined },
): PlaceOfCall {
  const slash = tool?.indexOf('/') ?? -1;
  const named = slash > 0 ? tool?.slice(0, slash) : undefined;
  // Another server than the one that is given: then the slash is a part of the name.
  if (tool !== undefined && named !== undefined && (server === undefined || server === named))
    return { server: named, tool: tool.slice(slash + 1) };
  return { server: server ?? onlyServer(policy) ?? 'default', ...(tool !== undefined && { tool }) };
}

/** The server that a policy names, when it names just one. */
function onlyServer(policy: Pick<Policy, 'servers'> | undefined): string | undefined {
  return policy?.servers.size === 1 ? [...policy.servers.keys()][0] : undefined;
}
