import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Arrived } from './receiver-contract.ts';
import { freePort } from './daemon.ts';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The same, as it came. */
  readonly bytes: Buffer;
}

export interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes as they are, everything else as JSON. */
  readonly body?: unknown;
}

/** A fixture: an HTTP server that answers as a stand-in for a real receiver says, and can die, come back and hang. */
export class HttpPlace {
  readonly stored: Arrived[] = [];
  readonly asked: Asked[] = [];
  readonly port: number;
  readonly #answer: (asked: Asked, place: HttpPlace) => Said;
  #server: Server | undefined;
  #held: (() => void)[] | undefined;

  private constructor(port: number, answer: (asked: Asked, place: HttpPlace) => Said) {
    this.port = port;
    this.#answer = answer;
  }

  static async start(answer: (asked: Asked, place: HttpPlace) => Said): Promise<HttpPlace> {
    const place = new HttpPlace(await freePort(), answer);
    await place.comeBack();
    return place;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async comeBack(): Promise<void> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const answer = (): void => {
          const bytes = Buffer.concat(parts);
          const asked = {
            path: request.url ?? '',
            headers: request.headers,
            body: bytes.toString(),
            bytes,
          };
          this.asked.push(asked);
          const { status, headers, body } = this.#answer(asked, this);
          response.writeHead(status, { 'content-type': 'application/json', ...headers });
          if (body instanceof Uint8Array) response.end(body);
          else response.end(body === undefined ? '' : JSON.stringify(body));
        };
        if (this.#held === undefined) answer();
        else this.#held.push(answer);
      });
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  async goAway(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    server?.closeAllConnections();
  }

  hang(): void {
    this.#held = [];
  }

  /** Answers late: what was asked meanwhile is stored although nobody waits for it any more. */
  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  /** What a contract asks of a place. */
  rig(): {
    arrived(): Promise<readonly Arrived[]>;
    goAway(): Promise<void>;
    comeBack(): Promise<void>;
    hang(): void;
    resume(): void;
    dispose(): Promise<void>;
  } {
    return {
      arrived: async () => this.stored,
      goAway: () => this.goAway(),
      comeBack: () => this.comeBack(),
      hang: () => this.hang(),
      resume: () => this.resume(),
      dispose: () => this.goAway(),
    };
  }
}
