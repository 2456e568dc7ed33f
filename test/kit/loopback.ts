/** A server on the loopback address, for what downloads. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export class Loopback {
  readonly requests: string[] = [];
  private readonly server: Server;

  private constructor(answers: Readonly<Record<string, Answer>>) {
    this.server = createServer((request, response) => {
      this.requests.push(request.url!);
      const answer = answers[request.url!];
      if (answer !== undefined) return answer(response, request);
      response.writeHead(404);
      response.end();
    });
  }

  /** Answers by the path of the URL. */
  static async start(answers: Readonly<Record<string, Answer>>): Promise<Loopback> {
    const loopback = new Loopback(answers);
    await new Promise<void>((resolve) => loopback.server.listen(0, '127.0.0.1', resolve));
    return loopback;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** The whole of something. */
export function whole(body: Buffer): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.end(body);
  };
}

/** Half of something, and then the line is dead. */
export function half(body: Buffer): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2), () => setTimeout(() => response.destroy(), 20));
  };
}

/** Half of something, and then nothing more for ever. */
export function stalled(body: Buffer): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2));
  };
}
