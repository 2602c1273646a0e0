import { createHash, randomUUID } from 'node:crypto';
import { openWire, type WireAnswer, type WireDouble, type WireRequest } from './wire-double.ts';

type Stored = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface AwsDouble extends WireDouble {
  readonly endpoint: string;
  readonly accessKeyId: string;
  put(name: string, value: string | Buffer): string;
  remove(name: string): void;
}

/**
 * GetSecretValue of AWS Secrets Manager over the AWS JSON 1.1 protocol
 * (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html). It looks at who signed and at the hash
 * of the body, not at the signature itself.
 */
export async function openAws(): Promise<AwsDouble> {
  const accessKeyId = 'AKIDFORTESTS';
  const versions = new Map<
    string,
    { readonly id: string; readonly stages: string[]; readonly stored: Stored }[]
  >();

  const arnOf = (name: string): string =>
    `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;

  function answer(request: WireRequest): WireAnswer {
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue' || request.method !== 'POST') {
      return awsError(400, 'UnknownOperationException', 'no such operation');
    }
    const signed = request.headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`);
    const hash = request.headers['x-amz-content-sha256'];
    if (signed !== true || (hash !== undefined && hash !== sha256(request.body))) {
      return awsError(400, 'UnrecognizedClientException', 'The security token is invalid.');
    }
    const { SecretId, VersionId, VersionStage } = JSON.parse(request.body) as Record<
      string,
      string | undefined
    >;
    const [name, all] = [...versions].find(([name]) => name === SecretId || arnOf(name) === SecretId) ?? [];
    const version = all?.find(({ id, stages }) =>
      VersionId === undefined ? stages.includes(VersionStage ?? 'AWSCURRENT') : id === VersionId,
    );
    if (name === undefined || version === undefined) {
      return awsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
      body: JSON.stringify({
        ARN: arnOf(name),
        CreatedDate: 1_700_000_000.5,
        Name: name,
        VersionId: version.id,
        VersionStages: version.stages,
        ...version.stored,
      }),
    };
  }

  const wire = await openWire(answer);
  return Object.assign(Object.create(wire) as WireDouble, {
    endpoint: `http://127.0.0.1:${wire.port}`,
    accessKeyId,
    put(name: string, value: string | Buffer): string {
      const stored =
        typeof value === 'string' ? { SecretString: value } : { SecretBinary: value.toString('base64') };
      const id = randomUUID();
      const [current] = versions.get(name) ?? [];
      versions.set(name, [
        { id, stages: ['AWSCURRENT'], stored },
        ...(current === undefined ? [] : [{ ...current, stages: ['AWSPREVIOUS'] }]),
      ]);
      return id;
    },
    remove: (name: string) => void versions.delete(name),
  });
}

/** Both the header and the member name the error, as the service does. */
export function awsError(status: number, type: string, message: string, headers = {}): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type, ...headers },
    body: JSON.stringify({ __type: type, Message: message }),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
